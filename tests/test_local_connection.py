"""What a client may do to a connection: each gets an answer like any other, or an end to it."""

import asyncio
import contextlib
import io
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

import local_connection
from api.app import create_app
from local_connection import Connection
from recognition.recognizer import Recognizer
from tests.api import conftest as of_the_api
from tests.api.conftest import PAGE, read_lines
from tests.contract.expectations import EVERYWHERE

PATIENCE: Final = 20.0
IDLE: Final = 0.4
"""Seconds, instead of half a minute."""
LARGE: Final = 30_000_000
"""Bytes of an answer, more than the system keeps for a client that takes none."""

HEALTH: Final = b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"

Address = tuple[str, int]

stream = of_the_api.stream


@pytest.fixture(scope="module")
def app(recognizer: Recognizer) -> FastAPI:
    app = create_app(recognizer, page=PAGE)

    @app.get("/large")
    async def get_large() -> Response:
        return Response(bytes(LARGE))

    @app.post("/halves")
    async def answer_at_once(request: Request) -> Response:
        async def halves() -> Any:
            yield b"first"
            with contextlib.suppress(ClientDisconnect):
                async for _ in request.stream():
                    pass
            yield b"second"

        return StreamingResponse(halves())

    return app


@pytest.fixture
def address(app: FastAPI, stream: io.StringIO) -> Iterator[Address]:
    """Where a server with such connections listens."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a connection holds up its end"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_connection, "IDLE_SECONDS", IDLE)


def connect(address: Address) -> socket.socket:
    return socket.create_connection(address, timeout=PATIENCE)


def read_all(connection: socket.socket) -> bytes:
    """Whatever comes until the server ends it, by what means ever."""
    received = b""
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        while piece := connection.recv(65536):
            received += piece
    return received


def send(address: Address, *pieces: bytes, pause: float = 0.1) -> bytes:
    with connect(address) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        return read_all(connection)


NO_HTTP: Final = {
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "words after the version": b"GET / HTTP/1.1 secret\r\n\r\n",
    "an address of other letters": b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET /api/health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a blank before a colon": b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
    "a zero in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: secret\0\r\n\r\n",
    "two lengths": b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nab",
    "a negative length": b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a long length": b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: "
    + b"9" * 5000
    + b"\r\n\r\n",
    "a chunk without a size": b"POST /predict HTTP/1.1\r\nHost: x\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nsecret\r\n",
}


def check_refusal(answer: bytes, status: int, slug: str) -> dict[str, Any]:
    """That an answer is one problem and no more. Returns its JSON."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first.split()[1] == str(status)
    assert headers.keys() >= EVERYWHERE
    assert headers["content-type"] == "application/problem+json"
    assert headers["content-length"] == str(len(body))
    assert headers["connection"] == "close"
    problem: dict[str, Any] = json.loads(body)
    assert (problem["type"], problem["status"]) == (slug, status)
    assert problem["instance"] == f"urn:uuid:{headers['x-request-id']}"
    return problem


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http_is_a_problem_like_any_other(
    address: Address, stream: io.StringIO, sent: bytes
) -> None:
    problem = check_refusal(send(address, sent), 400, "bad-request")
    line = read_lines(stream)[0]
    assert (line["status"], line["problem"]) == (400, "bad-request")
    assert problem["instance"] == f"urn:uuid:{line['request_id']}"
    assert "secret" not in stream.getvalue() + json.dumps(problem)


def test_a_head_that_is_too_large_is_a_problem(address: Address) -> None:
    """Of headers that go on, and go on."""
    with connect(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            for _ in range(100):
                connection.sendall(b"y" * 1000)
                time.sleep(0.001)
        answer = read_all(connection)
    check_refusal(answer, 431, "request-header-fields-too-large")


def test_an_encoding_that_is_not_known_is_a_problem(address: Address) -> None:
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    check_refusal(send(address, head), 501, "not-implemented")


CHUNKED: Final = b"HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"


@pytest.mark.parametrize("path", [b"/none", b"/halves"])
def test_a_body_that_goes_wrong_after_its_answer_is_no_exception(
    address: Address, caplog: pytest.LogCaptureFixture, path: bytes
) -> None:
    answer = send(address, b"POST " + path + b" " + CHUNKED, b"no size\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert send(address, HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_a_body_that_goes_wrong_before_its_answer_has_one(
    address: Address, stream: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    answer = send(address, b"POST /predict " + CHUNKED, b"no size\r\n")
    check_refusal(answer, 400, "bad-request")
    problems = [line["problem"] for line in wait_for(lambda: read_lines(stream), 2)]
    assert problems == ["bad-request", "request-aborted"]
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def wait_for(read: Callable[[], list[dict[str, Any]]], count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE
    while len(read()) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return read()


def test_requests_may_come_all_at_once(address: Address) -> None:
    last = HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answers = send(address, HEALTH * 50 + last)
    assert answers.count(b"HTTP/1.1 200 OK") == 51


def test_whoever_asks_for_another_protocol_is_answered_in_this_one(address: Address) -> None:
    upgrade = HEALTH[:-2] + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    assert send(address, upgrade).startswith(b"HTTP/1.1 200 OK")


# Time


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("pieces", "answers"),
    [
        ([], 0),
        ([b"GET /api/health HTTP/1.1\r\n"], 0),
        ([HEALTH, b"GET"], 1),
        ([HEALTH + b"GET"], 1),
        ([b"POST /none " + CHUNKED, b"1\r\na\r\n"], 1),
    ],
    ids=["nothing", "half a head", "half of the second", "at once", "a body after its answer"],
)
def test_a_connection_on_which_no_request_comes_is_ended(
    address: Address, pieces: list[bytes], answers: int
) -> None:
    started = time.monotonic()
    received = send(address, *pieces)
    assert received.count(b"HTTP/1.1") == answers
    assert time.monotonic() - started < PATIENCE / 2


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "start",
    [b"GET / HTTP/1.1\r\nX: ", HEALTH + b"GET / HTTP/1.1\r\nX: ", b"POST /none " + CHUNKED],
    ids=["head", "second head", "body after its answer"],
)
def test_what_drips_gains_no_time(address: Address, start: bytes) -> None:
    drop = b"1\r\na\r\n" if b"chunked" in start else b"y"
    started = time.monotonic()
    with connect(address) as connection, contextlib.suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(start)
        while time.monotonic() - started < PATIENCE:
            connection.sendall(drop)
            time.sleep(0.02)
    assert time.monotonic() - started < 10 * IDLE


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
def test_a_request_has_all_the_time_that_its_answer_needs(address: Address) -> None:
    """The limit of a body is not a connection's."""
    head = b"POST /predict HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 40\r\n\r\n"
    answer = send(address, head, *[b"x" * 4] * 10, pause=IDLE / 4)
    assert answer.startswith(b"HTTP/1.1 422")


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
def test_whoever_does_not_take_its_answer_is_cut_off(address: Address) -> None:
    with connect(address) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(5 * IDLE)
        connection.settimeout(PATIENCE)
        assert 0 < len(read_all(connection)) < LARGE


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
def test_whoever_takes_its_answer_slowly_gets_all_of_it(address: Address) -> None:
    with connect(address) as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received, started = 0, time.monotonic()
        while piece := connection.recv(1_000_000):
            received += len(piece)
            time.sleep(IDLE / 8)
    assert received > LARGE
    assert time.monotonic() - started > 2 * IDLE
