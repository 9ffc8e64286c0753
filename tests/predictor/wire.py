"""`Wire`: a real HTTP proxy between the predictor and its cloud, which can fail at any call.

It takes writes one at a time: S3 and DynamoDB look at a condition and write in one step, and moto's
server does in two.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlsplit

Fault = Callable[[BaseHTTPRequestHandler], None]
"""What happens in the place of an answer."""

_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "date", "server", "content-length"}


@dataclass
class Wire:
    """Where it is, and what it has carried. A call is known by its number, from 1."""

    url: str
    calls: list[str] = field(default_factory=list)
    """Of each, the service and what was asked of it: `s3 GET`, `dynamodb PutItem`."""
    before: Callable[[int], Fault | None] = lambda number: None
    """Asked before a call goes on to the cloud. With a fault, it never gets there."""
    after: Callable[[int], Fault | None] = lambda number: None
    """Asked when the cloud has done it. With a fault, nobody is told."""
    lock: Lock = field(default_factory=Lock)

    def reset(self) -> None:
        """Forget the calls, and carry the next ones faithfully."""
        self.calls = []
        self.before = self.after = lambda number: None


@contextmanager
def stretch_wire(endpoint: str, host: str = "127.0.0.1") -> Iterator[Wire]:
    """A wire to a cloud's address, until the block ends."""
    server = _Server((host, 0), _Handler)
    server.wire = Wire(f"http://{host}:{server.server_port}")
    server.cloud = urlsplit(endpoint).netloc
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    wire: Wire
    cloud: str
    writing: Lock = Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: a predictor that was killed leaves its connections."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _carry(self) -> None:
        wire = self.server.wire
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name = self._name()
        with wire.lock:
            wire.calls.append(name)
            number = len(wire.calls)
        if fault := wire.before(number):
            return fault(self)
        with self.server.writing if name.endswith(("PUT", "PutItem", "DELETE")) else nullcontext():
            status, headers, answer = self._ask(body)
        if fault := wire.after(number):
            return fault(self)
        self.send_response(status)
        for header, value in headers:
            if header.lower() not in _HOP:
                self.send_header(header, value)
        length = dict(headers).get("Content-Length", "0") if self.command == "HEAD" else len(answer)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer)
        return None

    def _name(self) -> str:
        target = self.headers.get("X-Amz-Target")
        if target is None:
            return f"s3 {self.command}"
        service, _, operation = target.partition(".")
        return f"{'dynamodb' if service.startswith('DynamoDB') else 'sqs'} {operation}"

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.server.cloud, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name != "Expect"}
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _carry  # noqa: N815 - as http.server has it

    def log_message(self, format: str, *values: object) -> None:
        """Keep quiet."""
