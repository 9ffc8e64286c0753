"""`Edge`: a web server that does what CloudFront would, by a `Distribution`.

It keeps nothing between requests: what is kept at the edge, and for how long, is not played.
"""

import gzip
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from deployment.page import PageFile
from tests.contract.messages import Request as Message
from tests.contract.transports import Transport
from tests.edge.distribution import Behaviour, Distribution

EDGE_ADDRESS: Final = "198.51.100.23"

_COMPRESSED: Final = {
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
}
"""Of the types that CloudFront compresses, ours (its guide, "Serve compressed files")."""
_COMPRESSED_BYTES: Final = range(1_000, 10_000_001)

_OF_THE_CONNECTION: Final = {"connection", "host", "keep-alive", "te", "transfer-encoding"}


class Edge:
    """An ASGI application.

    Args:
        distribution: what to do.
        site: the bucket's objects.
        api: API Gateway, at its own address: without the stage in its paths.
        stage: of the API.
    """

    def __init__(
        self, distribution: Distribution, site: Iterable[PageFile], api: Transport, stage: str
    ) -> None:
        assert not distribution.replaced_errors, "not played: pages in the place of errors"
        for behaviour in distribution.behaviours:
            assert not behaviour.function, "not played: functions at the edge"
            assert not behaviour.forwarded, "not played: some headers of a viewer's"
        self._distribution = distribution
        self._site = {file.key: file for file in site}
        self._api = api
        self._stage = stage
        self._lock = threading.Lock()  # the function answers one event at a time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        request = Request(scope, receive)
        body = await request.body()
        response = await run_in_threadpool(self._answer, request, body)
        await response(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        # As it came: what is encoded in it stays so, here and for the origin.
        path = request.scope["raw_path"].decode("ascii")
        behaviour = self._distribution.find(path)
        if request.method not in behaviour.methods:
            return Response("<h1>403 ERROR</h1>", HTTPStatus.FORBIDDEN, media_type="text/html")
        if behaviour.origin.is_bucket:
            key = path.removeprefix("/") or self._distribution.root
            response = self._read_site(key, request.headers)
        else:
            response = self._ask_api(behaviour, path, request, body)
        for header in behaviour.headers:
            if header.override or header.name not in response.headers:
                response.headers[header.name] = header.value
        if behaviour.compresses and behaviour.caching.caches:
            compress(response, request.headers)
        if request.method == "HEAD":
            response.body = b""
        response.headers["Via"] = "1.1 0123456789abcdef.cloudfront.net (CloudFront)"
        return response

    def _read_site(self, key: str, headers: Headers) -> Response:
        file = self._site.get(key)
        if file is None:  # S3's own words, where the distribution may list the bucket
            text = f"<Error><Code>NoSuchKey</Code><Key>{key!r}</Key></Error>"
            return Response(text, HTTPStatus.NOT_FOUND, media_type="application/xml")
        fixed = {"ETag": f'"{file.etag}"', "Cache-Control": file.caching}
        if headers.get("if-none-match", "").removeprefix("W/") == fixed["ETag"]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=fixed)
        return Response(file.content, headers={**fixed, "Content-Type": file.media_type})

    def _ask_api(self, behaviour: Behaviour, path: str, request: Request, body: bytes) -> Response:
        origin = behaviour.origin
        assert origin.path == f"/{self._stage}", "API Gateway has no such stage"
        viewer = request.client.host if request.client else ""
        sent: dict[str, str] = {"User-Agent": "Amazon CloudFront"}
        query = ""
        if behaviour.forwards_all:
            sent = {
                name.title(): ", ".join(request.headers.getlist(name))
                for name in request.headers
                if name not in _OF_THE_CONNECTION
            }
            query = f"?{request.url.query}" if request.url.query else ""
        known = [sent.get("X-Forwarded-For", ""), viewer, EDGE_ADDRESS]
        sent |= {
            "Host": origin.domain,
            "X-Forwarded-For": ", ".join(filter(None, known)),
            "Via": "1.1 0123456789abcdef.cloudfront.net (CloudFront)",
            **origin.headers,
        }
        with self._lock:
            answer = self._api.send(Message(request.method, path + query, sent, body))
        response = Response(answer.body, answer.status)
        for name, value in answer.headers.items():
            if name != "content-length":
                response.headers[name] = value
        return response


def compress(response: Response, wanted: Headers) -> None:
    """Compress a response, if it's of a kind, and wanted so. Only by gzip: brotli isn't played."""
    headers = MutableHeaders(raw=response.raw_headers)
    kind = headers.get("content-type", "").partition(";")[0]
    accepted = "gzip" in wanted.get("accept-encoding", "")
    body = bytes(response.body)
    if kind in _COMPRESSED and accepted and len(body) in _COMPRESSED_BYTES:
        response.body = gzip.compress(body)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
        response.headers["Vary"] = "Accept-Encoding"
        if "etag" in response.headers:  # the same, but not byte by byte
            response.headers["ETag"] = "W/" + response.headers["etag"].removeprefix("W/")
