"""One JSON line a request, with the id that its response has, and nobody's data."""

import io
import json
import logging

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.logs import log
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE, read_lines
from tests.conftest import DrawDigit


def test_a_request_is_one_line_with_the_response_s_id(
    client: TestClient, stream: io.StringIO, draw_digit: DrawDigit
) -> None:
    response = client.post("/api/recognitions", content=draw_digit(1))
    (line,) = read_lines(stream)
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["message"]) == ("info", "request")
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/recognitions", 200)
    assert line["milliseconds"] > 0


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


def test_a_line_is_one_line_whatever_it_says(stream: io.StringIO) -> None:
    log.warning("two\nlines and a \x1b[31m colour")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["message"] == "two\nlines and a \x1b[31m colour"
    assert "\x1b" not in line


def test_other_loggers_are_left_alone(stream: io.StringIO) -> None:
    logging.getLogger("someone.else").warning("x")
    assert stream.getvalue() == ""
