"""One JSON line a request, with the id that its response has, and nobody's data."""

import io
import json
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.logs import find_request_id, log, note, time_stages
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE, read_lines
from tests.conftest import DrawDigit, encode_image

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"
PNG: Final = b"\x89PNG\r\n\x1a\n"


def test_a_request_is_one_line_with_the_response_s_id(
    client: TestClient, stream: io.StringIO, draw_digit: DrawDigit
) -> None:
    image = draw_digit(1)
    response = client.post("/api/recognitions", content=image)
    (line,) = read_lines(stream)
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["message"]) == ("info", "request")
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/recognitions", 200)
    assert (line["outcome"], line["bytes"]) == ("digit", len(image))
    assert line["confidence"] == round(response.json()["confidence"], 4)
    assert list(line["milliseconds"]) == ["total", "decode", "normalize", "classify"]
    assert all(milliseconds > 0 for milliseconds in line["milliseconds"].values())
    assert sum(line["milliseconds"].values()) < 2 * line["milliseconds"]["total"]


def test_what_is_not_read_has_no_outcome_and_the_stages_that_it_came_to(
    client: TestClient, stream: io.StringIO
) -> None:
    client.get("/api/health")
    client.post("/api/recognitions", content=PNG)
    client.post("/api/recognitions", content=encode_image(Image.new("L", (28, 28), 255)))
    health, damaged, blank = read_lines(stream)
    assert list(health["milliseconds"]) == ["total"]
    assert not {"outcome", "confidence", "bytes"} & set(health)
    assert (damaged["bytes"], list(damaged["milliseconds"])) == (len(PNG), ["total", "decode"])
    assert damaged["problem"] == "corrupt-image"
    assert "outcome" not in damaged
    assert (blank["outcome"], blank["confidence"]) == ("blank", 0.1)
    assert list(blank["milliseconds"]) == ["total", "decode", "normalize"]


def test_who_sends_an_image_is_told_how_long_the_stages_took(
    keeping_client: TestClient, stream: io.StringIO, draw_digit: DrawDigit
) -> None:
    response = keeping_client.post("/api/recognitions", content=draw_digit(1))
    told = {
        stage: float(duration)
        for stage, duration in re.findall(r"(\w+);dur=([\d.]+)", response.headers["server-timing"])
    }
    (line,) = read_lines(stream)
    logged = line["milliseconds"]
    assert list(told) == list(logged) == ["total", "decode", "normalize", "classify", "store"]
    assert told.pop("total") <= logged.pop("total")  # it's told before its end
    assert told == logged


def test_what_reads_no_image_tells_no_times(client: TestClient) -> None:
    for path in ("/", "/api/health", "/api/recognitions/none"):
        assert "server-timing" not in client.get(path).headers


def test_a_line_says_whether_what_was_read_was_kept(
    keeping_client: TestClient, stream: io.StringIO, draw_digit: DrawDigit
) -> None:
    for store in ("true", "false"):
        keeping_client.post(f"/api/recognitions?store={store}", content=draw_digit(1))
    assert [line["stored"] for line in read_lines(stream)] == [True, False]


def test_what_a_thread_notes_is_in_its_request_s_line_and_no_other(
    recognizer: Recognizer, stream: io.StringIO
) -> None:
    app = create_app(recognizer, page=PAGE)

    @app.get("/note/{number}")
    async def take_note(number: int) -> None:
        def work() -> None:
            end_stage = time_stages()
            note(number=number)
            end_stage("work")
            end_stage("work")

        await run_in_threadpool(work)

    with TestClient(app) as client, ThreadPoolExecutor() as pool:
        list(pool.map(lambda number: client.get(f"/note/{number}"), range(20)))
    lines = read_lines(stream)
    assert sorted(line["number"] for line in lines) == list(range(20))
    assert all(list(line["milliseconds"]) == ["total", "work"] for line in lines)


def test_a_note_outside_of_any_request_goes_nowhere(stream: io.StringIO) -> None:
    note(outcome="digit")
    time_stages()("decode")
    assert find_request_id() is None
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("context", "logged"),
    [
        ({"requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}, True),
        ({"requestId": "JKJaXmPLvHcESHA="}, True),
        ({"requestId": "two\nlines"}, False),
        ({"requestId": "9" * 65}, False),
        ({"requestId": 7}, False),
        ({}, False),
    ],
)
def test_a_line_has_the_gateway_s_id_where_there_is_one(
    recognizer: Recognizer, stream: io.StringIO, context: dict[str, Any], logged: bool
) -> None:
    app = create_app(recognizer, page=PAGE)

    async def behind_gateway(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "aws.event": {"requestContext": context}}, receive, send)

    TestClient(behind_gateway).get("/api/health")
    (line,) = read_lines(stream)
    assert line.get("gateway_request_id") == (context["requestId"] if logged else None)


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/", "/", 200),
        ("/styles.css", "/styles.css", 200),
        ("/js/main.js", "/js", 200),
        ("/js/none.js", "/js", 404),
        ("/js/secret/../main.js", "/js", 200),
        ("/static/test_digits/7.jpg", "/static/test_digits", 200),
        ("/none", None, 404),
        ("/predict", "/predict", 405),
        ("/api/recognitions/7", "/api/recognitions/{id}", 404),
    ],
)
def test_every_request_is_logged(
    client: TestClient, stream: io.StringIO, path: str, route: str | None, status: int
) -> None:
    # The client would tidy up an address that it's given as a text.
    client.get(httpx2.URL("http://testserver", raw_path=path.encode()))
    (line,) = read_lines(stream)
    assert (line["route"], line["status"]) == (route, status)
    assert "secret" not in stream.getvalue()


def test_a_route_is_logged_without_the_root_that_it_is_below(
    recognizer: Recognizer, stream: io.StringIO
) -> None:
    client = TestClient(create_app(recognizer, page=PAGE), root_path="/v1")
    for path in ("/v1/", "/v1/js/main.js", "/v1/api/health", "/v1/none"):
        client.get(path)
    assert [line["route"] for line in read_lines(stream)] == ["/", "/js", "/api/health", None]


def test_every_request_has_an_id_of_its_own(client: TestClient) -> None:
    headers = {"X-Request-ID": "of the client's choosing"}
    ids = {client.get("/api/health", headers=headers).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5
    assert "of the client's choosing" not in ids


def test_an_error_is_logged_with_its_request_s_id(
    recognizer: Recognizer, stream: io.StringIO
) -> None:
    app: FastAPI = create_app(recognizer, page=PAGE)

    @app.get("/fail")
    async def fail() -> None:
        raise ZeroDivisionError

    response = TestClient(app).get("/fail")
    error, request = read_lines(stream)
    assert error["level"] == "error"
    assert "ZeroDivisionError" in error["error"]
    assert error["request_id"] == request["request_id"] == response.headers["x-request-id"]
    assert request["status"] == 500


def test_no_line_holds_an_image_a_file_s_name_a_client_or_a_record_s_id(
    recognizer: Recognizer,
    records: SqliteRecords,
    images: FolderImages,
    stream: io.StringIO,
    draw_digit: DrawDigit,
) -> None:
    app = create_app(recognizer, page=PAGE, records=records, images=images)
    client = TestClient(app, client=("203.0.113.7", 4711))
    files = {"file": ("aunt-emma.png", draw_digit(1))}
    headers = {"User-Agent": "Zebra/1", "X-Forwarded-For": "203.0.113.8"}
    answer = client.post("/api/recognitions", files=files, headers=headers).json()
    client.get(f"/api/recognitions/{answer['id']}")
    client.delete(f"/api/recognitions/{answer['id']}")
    client.get(f"/api/recognitions/{answer['id']}")
    client.post("/api/recognitions", files={"file": ("aunt-emma.png", b"\x89PNG\r\n\x1a\n")})
    written = stream.getvalue()
    assert len(read_lines(stream)) == 5
    for secret in ("aunt-emma", "203.0.113", "Zebra", answer["id"], "PNG", "x89"):
        assert secret not in written


@pytest.mark.parametrize(
    ("method", "path", "slug"),
    [
        ("GET", "/none", "not-found"),
        ("PUT", "/api/recognitions", "method-not-allowed"),
        ("POST", "/api/recognitions?explain=perhaps", "invalid-request"),
        ("GET", "/js/none.js", "not-found"),
    ],
)
def test_a_refusal_is_logged_by_its_problem_whoever_refuses(
    client: TestClient, stream: io.StringIO, method: str, path: str, slug: str
) -> None:
    assert client.request(method, path).json()["type"] == slug
    (line,) = read_lines(stream)
    assert line["problem"] == slug


@pytest.mark.parametrize(
    ("method", "logged"),
    [("PATCH", "PATCH"), ("HEAD", "HEAD"), ("GREET", "other"), ("M" * 5000, "other")],
    ids=lambda method: str(method)[:5],
)
def test_a_method_is_logged_if_it_is_one(
    client: TestClient, stream: io.StringIO, method: str, logged: str
) -> None:
    client.request(method, "/api/recognitions")
    (line,) = read_lines(stream)
    assert line["method"] == logged


def test_a_line_is_one_line_whatever_it_says(stream: io.StringIO) -> None:
    log.warning("two\nlines and a \x1b[31m colour")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "two\nlines and a \x1b[31m colour"
    assert "\x1b" not in line


@pytest.mark.slow
def test_a_process_of_our_own_logs_what_others_say_too() -> None:
    script = """
import logging, sys, threading, warnings
from api.logs import write_every_log_to
write_every_log_to(sys.stderr)
logging.getLogger("asyncio").error("a loop's trouble")
logging.getLogger("someone.else").info("chatter")
warnings.warn("a warning")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
"""
    said = run_script(script)
    loop, warning, thread = map(json.loads, said.splitlines())
    assert (loop["level"], loop["message"]) == ("error", "a loop's trouble")
    assert (warning["level"], "a warning" in warning["message"]) == ("warning", True)
    assert thread["level"] == "error"
    assert "ZeroDivisionError" in thread["error"]


@pytest.mark.slow
def test_what_native_code_says_is_logged_unless_it_is_chatter() -> None:
    script = """
import os, sys
from api.logs import write_log_to
from api.native_words import log_native_words
write_log_to(sys.stderr)
with log_native_words():
    os.write(2, b"INFO: I am here.\\n\\nWARNING: no memory \\xff\\n")
os.write(2, b"{}\\n")
try:
    with log_native_words():
        os.write(2, b"ERROR: half a line")
        raise ValueError
except ValueError:
    os.write(2, b"{}\\n")
"""
    said = run_script(script)
    first, blank, second, end = map(json.loads, said.splitlines())
    assert (first["level"], first["words"]) == ("warning", "WARNING: no memory \ufffd")
    assert second["words"] == "ERROR: half a line"
    assert blank == end == {}


def run_script(script: str) -> str:
    """What Python writes to its standard error, where the API can be imported."""
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=FUNCTIONS,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    ).stderr


def test_other_loggers_are_left_alone(stream: io.StringIO) -> None:
    logging.getLogger("someone.else").warning("x")
    assert stream.getvalue() == ""
