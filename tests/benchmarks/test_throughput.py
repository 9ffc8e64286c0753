import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.benchmarks import throughput
from tests.benchmarks.answers import WrongAnswer
from tests.benchmarks.pictures import DIGIT


@contextmanager
def serve(body: bytes) -> Iterator[int]:
    """A server that answers everything alike; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throughput, "SECONDS", 0.2)


def every_core() -> frozenset[int]:
    return frozenset(os.sched_getaffinity(0))


def test_right_answers_are_counted() -> None:
    with serve(b'{"digit": %d}' % DIGIT) as port:
        assert throughput.count_answers("some", port, every_core()) > 20


def test_a_wrong_answer_ends_it() -> None:
    with serve(b'{"digit": null}') as port, pytest.raises(WrongAnswer):
        throughput.count_answers("some", port, every_core())


def test_a_thread_is_held_to_its_cores_for_a_while_only() -> None:
    one = frozenset(list(every_core())[:1])
    before = every_core()
    with throughput.on_cores(one):
        assert every_core() == one
    assert every_core() == before
