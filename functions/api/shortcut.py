"""`Shortcut`: the request that nearly everyone sends, answered without FastAPI.

Importing FastAPI and building thirty routes takes longer than all the rest of a cold start, and
`POST /api/recognitions` needs none of it: not the routes, nor pydantic's models, nor OpenAPI. So
the whole application is built when something else is asked.
"""

import gc
from collections.abc import Callable
from threading import Lock

from starlette.types import ASGIApp, Receive, Scope, Send

from api.answering import Answering
from api.layers import surround
from api.short_way import answer_image, read_choices


class Shortcut:
    """ASGI application: answers what it can by itself, and has the whole one answer the rest."""

    def __init__(self, answering: Answering, build: Callable[[], ASGIApp]) -> None:
        """
        Args:
            build: makes the whole application, once.
        """
        self._answering = answering
        self._build = build
        self._whole: ASGIApp | None = None
        self._building = Lock()
        self._short = surround(self._answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._short if read_choices(scope) is not None else self.open()
        await app(scope, receive, send)

    def open(self) -> ASGIApp:
        """The whole application, which is built if it's not there yet."""
        with self._building:
            if self._whole is None:
                gc.disable()  # as at the start: what this makes, stays
                try:
                    self._whole = self._build()
                finally:
                    gc.enable()
        return self._whole

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer_image(self._answering, read_choices(scope) or {}, scope, receive, send)
