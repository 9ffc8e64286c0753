"""`CompressFiles`: files smaller on the way, where no edge in front does it.

The files alone, which have an ETag: an answer of the API is a few hundred bytes, and pictures are
small already. Not in the Lambda, where CloudFront does it, and API Gateway would take it for bytes.
"""

import gzip
from functools import lru_cache
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from api.http_middleware import HttpMiddleware

_KINDS: Final = frozenset(
    {
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)
_LEAST_BYTES: Final = 1000
"""What is smaller fits into one packet anyway."""


class CompressFiles(HttpMiddleware):
    """ASGI middleware: sends files by gzip to who takes it."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        if "gzip" not in [each.partition(";")[0].strip() for each in accepted.split(",")]:
            await self.app(scope, receive, send)
            return
        start: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_compressed(message):
                start = message  # its length is known once its body is
            elif start is not None:
                body = _compress(message["body"]) if message["body"] else b""
                _describe(start, body)
                await send(start)
                await send({**message, "body": body})
                start = None
            else:
                await send(message)

        await self.app(scope, receive, send_compressed)


def _is_compressed(start: Message) -> bool:
    """Whether it's a file of a kind and size that is worth it, and sent as a whole."""
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0]
    return (
        start["status"] == 200
        and "etag" in headers
        and kind in _KINDS
        and int(headers.get("content-length", 0)) >= _LEAST_BYTES
    )


def _describe(start: Message, body: bytes) -> None:
    headers = MutableHeaders(scope=start)
    headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f"W/{headers['etag']}"  # the same, but not byte by byte
    headers.add_vary_header("Accept-Encoding")
    if body:
        headers["Content-Length"] = str(len(body))
    else:  # the answer to HEAD
        del headers["Content-Length"]


@lru_cache(maxsize=128)
def _compress(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)
