"""`serve_relay`: a way to a cloud on which answers change, to what AWS says and moto never does."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs

import urllib3


@dataclass
class Answer:
    """What the cloud says to one request, on its way back."""

    request: str
    """CloudFormation's `Action`, or the method: `HEAD`."""
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


_HOP: Final = {"connection", "transfer-encoding", "content-length", "date", "server"}


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, endpoint: str, change: Callable[[Answer], None], *args: Any) -> None:
        self._endpoint = endpoint
        self._change = change
        super().__init__(*args)

    def _respond(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = urllib3.request(
            self.command,
            self._endpoint + self.path,
            body=body,
            headers=dict(self.headers),
            retries=False,
        )
        (name,) = parse_qs(body.decode(errors="replace")).get("Action", [self.command])
        kept = {name: value for name, value in reply.headers.items() if name.lower() not in _HOP}
        answer = Answer(name, reply.status, kept, reply.data)
        self._change(answer)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815 - the library's names

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serve_relay(endpoint: str, change: Callable[[Answer], None]) -> Iterator[str]:
    """The cloud at an endpoint, by another address, with its answers changed."""
    handler = partial(_Handler, endpoint, change)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
