"""`HttpMiddleware`: what stands between server and application, and may edit what goes out."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HttpMiddleware(ABC):
    """ASGI middleware for HTTP alone; whatever else a server sends goes past it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    @abstractmethod
    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by `self.app` or without it."""


def edit_start(send: Send, edit: Callable[[int, MutableHeaders], None]) -> Send:
    """A `send` that shows a response's status and headers to `edit` before they go."""

    async def send_edited(message: Message) -> None:
        if message["type"] == "http.response.start":
            edit(message["status"], MutableHeaders(scope=message))
        await send(message)

    return send_edited
