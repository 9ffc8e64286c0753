"""A real HTTP server at this machine that answers as AWS does on its bad days."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Final
from zlib import crc32

SECRETS: Final = (
    "arn:aws:iam::123456789012:role/inkling",
    "IQoJb3JpZ2luX2VjEJr//////////token",
    "AKIAIOSFODNN7EXAMPLE",
)
_DETAIL: Final = f"User {' '.join(SECRETS)} may not, says the canonical string"

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Endpoint:
    """Where it is, and what it does with each request: the first of `script`, then `last`."""

    url: str
    last: Behaviour
    script: list[Behaviour] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    closing: Event = field(default_factory=Event)


def answer(
    status: int, body: str = "", media_type: str = "application/x-amz-json-1.0"
) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", media_type)
        request.send_header("Content-Length", str(len(body)))
        if media_type == "application/x-amz-json-1.0":
            request.send_header("x-amz-crc32", str(crc32(body.encode())))
        request.end_headers()
        request.wfile.write(body.encode())

    return behave


def fail_json(status: int, code: str) -> Behaviour:
    """An error as DynamoDB tells it."""
    name = f"com.amazonaws.dynamodb.v20120810#{code}"
    return answer(status, f'{{"__type":"{name}","message":"{_DETAIL}"}}')


def fail_xml(status: int, code: str) -> Behaviour:
    """An error as S3 tells it."""
    return answer(
        status,
        f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{_DETAIL}</Message></Error>",
        "application/xml",
    )


def reset(request: BaseHTTPRequestHandler) -> None:
    """Break the connection off without a goodbye."""
    linger = struct.pack("ii", 1, 0)
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    request.connection.close()
    request.close_connection = True


def hang(request: BaseHTTPRequestHandler) -> None:
    """Say nothing for as long as anyone waits."""
    assert isinstance(request.server, _Server)
    request.server.endpoint.closing.wait(30)
    request.close_connection = True


def stop_halfway(request: BaseHTTPRequestHandler) -> None:
    """Promise more than comes."""
    request.send_response(200)
    request.send_header("x-amz-crc32", "1234567")  # of the whole
    request.send_header("Content-Length", "100000")
    request.end_headers()
    request.wfile.write(b'{"Item": {')
    request.close_connection = True


def hang_halfway(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    request.wfile.write(b'{"Item": {')
    hang(request)


@contextmanager
def serve_endpoint(last: Behaviour) -> Iterator[Endpoint]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}", last)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.endpoint
    finally:
        server.endpoint.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # or some of many that come at once are not let in
    endpoint: Endpoint


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay, as AWS's do

    def _behave(self) -> None:
        assert isinstance(self.server, _Server)
        endpoint = self.server.endpoint
        endpoint.requests.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        behave = endpoint.script.pop(0) if endpoint.script else endpoint.last
        behave(self)

    do_GET = do_PUT = do_POST = do_DELETE = _behave  # noqa: N815 - as http.server names them

    def log_message(self, format: str, *values: object) -> None:
        """Keep quiet."""
