"""`FakeApi`: a service that answers as it's told to, rightly or not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
"""A status, headers and a body."""

LIST = "/api/recognitions"
ID = "019c21b2-8e95-7aaa-8aaa-aaaaaaaaaaaa"


class FakeApi:
    """Answers each path with what it's told, in turn, the last of it again and again."""

    def __init__(self, url: str, answers: dict[str, list[Answer]]) -> None:
        self.url = url
        self.answers = answers
        self.requests: list[tuple[str, str | None]] = []
        """Each path, query included, and the key that came with it."""

    def answer(self, path: str, key: str | None) -> Answer:
        self.requests.append((path, key))
        queue = self.answers[path.partition("?")[0]]
        return queue.pop(0) if len(queue) > 1 else queue[0]


class _Server(ThreadingHTTPServer):
    api: FakeApi


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        status, headers, body = self.server.api.answer(self.path, self.headers["X-API-Key"])
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serve(*answers: Answer, image: bytes = b"") -> Iterator[FakeApi]:
    """A service that answers so when it's asked for the list, and has an image of `ID`."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        server.api = FakeApi(url, {LIST: list(answers), f"{LIST}/{ID}/image": [(200, {}, image)]})
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.api
        server.shutdown()


def record(**changes: Any) -> dict[str, Any]:
    """A record as the API lists it, with these of its fields or its label's changed."""
    label = {"digit": 7, "trusted": True, "labelled_at": "2026-02-03T04:05:06.789Z"}
    content = {"id": ID, "digit": 1, "model": "m", "label": label}
    label.update({key: value for key, value in changes.items() if key in label})
    return {**content, **{key: value for key, value in changes.items() if key == "id"}}


def page(*records: Any, following: object = None) -> Answer:
    """An answer to who asks for the list."""
    return 200, {}, json.dumps({"recognitions": records, "next": following}).encode()
