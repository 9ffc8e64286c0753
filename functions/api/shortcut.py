"""`Shortcut`: the request that nearly everyone sends, answered without FastAPI.

Importing FastAPI and building thirty routes takes longer than all the rest of a cold start, and
`POST /api/recognitions` needs none of it: not the routes, nor pydantic's models, nor OpenAPI. So
the whole application is built when something else is asked, and what is asked here is answered by
the very function that answers there.
"""

import gc
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answering import Answering
from api.layers import surround

RECOGNITIONS: Final = "/api/recognitions"

_FLAGS: Final = {"true": True, "false": False}
"""As the page writes them. There are other ways, which pydantic knows."""


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
        scope["endpoint"] = self._answering.answer  # the log asks whether there is one
        choices = read_choices(scope) or {}
        response = await self._answering.answer(Request(scope, receive), **choices)
        await response(scope, receive, send)


def read_choices(scope: Scope) -> dict[str, Any] | None:
    """What a request to read an image asks for, as `Answering.answer` takes it.

    None where it is another request, or has a parameter that is to be looked at more closely:
    repeated, misspelt, or written in another way.
    """
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    if scope["path"] != scope.get("root_path", "") + RECOGNITIONS:
        return None
    choices: dict[str, Any] = {}
    for name, value in QueryParams(scope["query_string"]).multi_items():
        if name in choices:
            return None
        if name == "id":
            choices[name] = value
        elif name in ("store", "explain") and value in _FLAGS:
            choices[name] = _FLAGS[value]
        else:
            return None
    return choices
