"""`ShortWay`: the request that nearly everyone sends, past FastAPI's routes.

To find a route, and look at each of its parameters with pydantic, takes as long as to decode a
drawing. The rest goes on to the routes, and what is answered here is answered by the very function
that answers there.
"""

from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answering import Answering
from api.http_middleware import HttpMiddleware

RECOGNITIONS: Final = "/api/recognitions"

_FLAGS: Final = {"true": True, "false": False}
"""As the page writes them. There are other ways, which pydantic knows."""


class ShortWay(HttpMiddleware):
    """ASGI middleware: answers requests to read an image, and lets all others pass."""

    def __init__(self, app: ASGIApp, answering: Answering) -> None:
        """
        Args:
            app: has all the routes.
        """
        super().__init__(app)
        self._answering = answering

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        choices = read_choices(scope)
        if choices is None:
            await self.app(scope, receive, send)
            return
        await answer_image(self._answering, choices, scope, receive, send)


async def answer_image(
    answering: Answering, choices: dict[str, Any], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request to read an image, with its choices as `read_choices` finds them."""
    scope["endpoint"] = answering.answer  # the log asks whether there is one
    response = await answering.answer(Request(scope, receive), **choices)
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
