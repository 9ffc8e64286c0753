"""`RateLimit`: how much one client may ask of a server that others share, or that has one core.

For the laptop's server alone; in the cloud that is the gateway's task. Clients are told apart by
their addresses, which are kept in memory for as long as they count, and are written nowhere.

The libraries for this bring stores for many servers and a thread that cleans up, and their store in
memory has no bound. What is needed of them is one number for each client.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import RateLimited
from api.http_middleware import HttpMiddleware

MAX_CLIENTS: Final = 10_000
"""Of more, those that have not asked for longest start anew: a megabyte or two in all."""

COUNTED_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""What reads an image, or writes to the disk."""

_MINUTE: Final = 60.0


class RateLimit(HttpMiddleware):
    """ASGI middleware: raises RateLimited for a client that sends more than it may.

    A client may bring a minute's requests at once, and then one whenever its time has come again
    (the generic cell rate algorithm, ITU-T I.371).
    """

    def __init__(
        self, app: ASGIApp, *, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """
        Args:
            app: has to be inside of what answers errors.
            per_minute: requests, of each client.
            clock: seconds, that only ever go up.
        """
        super().__init__(app)
        self._interval = _MINUTE / per_minute
        self._clock = clock
        self._used_until: OrderedDict[str, float] = OrderedDict()
        """For each client the time when all that it asked is forgotten; the last to ask last."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in COUNTED_METHODS:
            self._count((scope.get("client") or ("",))[0])
        await self.app(scope, receive, send)

    def _count(self, client: str) -> None:
        now = self._clock()
        used_until = max(self._used_until.get(client, now), now) + self._interval
        if (excess := used_until - now - _MINUTE) > self._interval / 1000:  # and not a rounding
            seconds = math.ceil(excess)
            raise RateLimited(f"Too many requests. Try again in {seconds} s.", seconds)
        self._used_until[client] = used_until
        self._used_until.move_to_end(client)
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop those at the front who count no longer, or are too many."""
        while self._used_until:
            client, used_until = next(iter(self._used_until.items()))
            if used_until > now and len(self._used_until) <= MAX_CLIENTS:
                return
            del self._used_until[client]
