"""`BodyBudget`: how many bytes of requests' bodies may be in hand at once.

Each request's body has a limit of its own, and may be as large as that while it waits for its
turn to be read. Without a limit for all of them, whoever sends enough at once ends the process.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import RateLimited
from api.http_middleware import HttpMiddleware
from api.inputs import MAX_WRAPPING_BYTES
from recognition.limits import MAX_UPLOADED_BYTES

MAX_BYTES_AT_ONCE: Final = 256 * 1024**2
"""Forty of the largest bodies that hold an image, a dozen of the largest uploads, or thousands of
drawings. While it's unwrapped and read, an image takes a few times its size."""

_MAX_BYTES_OF_ONE: Final = MAX_UPLOADED_BYTES + MAX_WRAPPING_BYTES
"""What is more than any body may have is read, and dropped."""

_SECONDS: Final = 2
"""After which to try again: what is in hand has been read by then, or comes too slowly."""


class BodyBudget(HttpMiddleware):
    """ASGI middleware: raises RateLimited for a request whose body there is no room for.

    Has to be inside of what answers errors. Whoever reads the body is told, and nobody else.
    """

    def __init__(self, app: ASGIApp, *, most: int = MAX_BYTES_AT_ONCE) -> None:
        """
        Args:
            most: bytes.
        """
        super().__init__(app)
        self._most = most
        self.held = 0
        """Bytes that are in hand now."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        held = 0

        async def receive_counted() -> Message:
            nonlocal held
            message = await receive()
            size = min(len(message.get("body", b"")), _MAX_BYTES_OF_ONE - held)
            if self.held + size > self._most:
                raise RateLimited(f"Too much at once. Try again in {_SECONDS} s.", _SECONDS)
            held += size
            self.held += size
            return message

        try:
            await self.app(scope, receive_counted, send)
        finally:
            self.held -= held
