"""What every request goes through: headers for its answer, HEAD, the root, the last resort."""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http_middleware import HttpMiddleware, edit_start
from api.problems import answer_error

CONTENT_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""No inline code and nothing from elsewhere: neither the page nor Swagger UI needs it."""

_EVERYWHERE: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class ResponseHeaders(HttpMiddleware):
    """ASGI middleware: puts security headers on everything, and keeps answers out of caches."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, edit_start(send, lambda _, headers: add_headers(headers)))


def add_headers(headers: MutableHeaders) -> None:
    """Put on a response's headers those that every response has."""
    headers.update(_EVERYWHERE)
    headers.setdefault("Cache-Control", "no-store")


class HeadAsGet(HttpMiddleware):
    """ASGI middleware: answers HEAD as GET, without the body, and with the length that it has.

    Whatever can be got has a HEAD (RFC 9110, section 9.3.2), and FastAPI's routes have none.
    """

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server still has to know that no body comes.
        got = {**scope, "method": "GET"}
        try:
            await self.app(got, receive, send_without_body)
        finally:
            scope.update({**got, "method": "HEAD"})  # the log asks which route it was


class RootSlash(HttpMiddleware):
    """ASGI middleware: sends who asks for the root without its slash to the one that has it.

    The page's relative addresses would start a step too high.
    """

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        if root and scope["path"] == root:
            name = root.rpartition("/")[2]
            response = RedirectResponse(f"{name}/", HTTPStatus.PERMANENT_REDIRECT)
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class LastResort:
    """ASGI middleware: answers what nothing else did, so that no exception reaches the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            response = answer_error(error)
            if started or scope["type"] != "http":
                raise  # half an answer can't be taken back: the server cuts the connection
            await response(scope, receive, send)
