"""What the bill calls measured is measured here, anew each time."""

import base64
import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from api import logs
from api.handler import handler
from costs.traffic import read_traffic
from deployment.page import INDEX, SHELL_LIST, WORKER, list_page_files
from storage.items import write_item
from tests.storage.conftest import make_record

TRAFFIC: Final = read_traffic()
FRONTEND: Final = Path(__file__).parents[2] / "frontend"
CLOSE: Final = 0.15
"""Bounds on a size: what differs with the digit, the time and the request's id."""
HEADER_BYTES: Final = 600
"""Of a file of the page, from the edge: the security headers are most of it."""


def test_first_visit_is_as_large_and_as_many_requests() -> None:
    """The page and all that it opens with, in whatever language; then its worker, the list of the
    files, the page once more, and the languages that nobody asked for."""
    files = {file.key: file.content for file in list_page_files()}
    keys = [*json.loads(files[SHELL_LIST]), WORKER, SHELL_LIST]
    requests = len([*keys, INDEX])
    assert requests == TRAFFIC.page_files
    compressed = sum(len(gzip.compress(files[key])) for key in keys)
    assert compressed + HEADER_BYTES * requests == pytest.approx(TRAFFIC.page_bytes, rel=CLOSE)


def test_images_are_as_large() -> None:
    sizes = [path.stat().st_size for path in (FRONTEND / "examples").glob("*.jpg")]
    assert sum(sizes) / len(sizes) == pytest.approx(TRAFFIC.image_bytes, rel=CLOSE)


@pytest.fixture(scope="module")
def answer() -> tuple[dict[str, Any], str]:
    """API Gateway's answer to a recognition, and the line that it left in the log."""
    stream, handlers = io.StringIO(), logs.log.handlers
    logs.write_log_to(stream)
    body = (FRONTEND / "examples/7.jpg").read_bytes()
    event: dict[str, Any] = {
        "httpMethod": "POST",
        "path": "/api/recognitions",
        "resource": "/{proxy+}",
        "headers": {"Content-Type": "image/jpeg", "Host": "digits.example"},
        "queryStringParameters": {"store": "false"},
        "requestContext": {"requestId": "c0ffee00-1111-2222-3333-444455556666"},
        "isBase64Encoded": True,
        "body": base64.b64encode(body).decode(),
    }
    try:
        response = handler(event, None)
    finally:
        logs.log.handlers = handlers
    assert response["statusCode"] == 200
    return response, stream.getvalue().splitlines()[-1]


def test_an_answer_is_as_large(answer: tuple[dict[str, Any], str]) -> None:
    response, _ = answer
    headers = "".join(f"{name}: {value}\r\n" for name, value in response["headers"].items())
    assert len(response["body"]) + len(headers) == pytest.approx(TRAFFIC.answer_bytes, rel=CLOSE)


def test_a_line_of_the_log_is_as_large(answer: tuple[dict[str, Any], str]) -> None:
    _, line = answer
    assert json.loads(line)["message"] == "request"
    assert len(line) == pytest.approx(TRAFFIC.line_bytes, rel=CLOSE)


def test_a_record_is_as_large(answer: tuple[dict[str, Any], str]) -> None:
    scores = tuple(json.loads(answer[0]["body"])["scores"])
    item = write_item(replace(make_record(), scores=scores))
    assert sum(map(measure, item, item.values())) == pytest.approx(TRAFFIC.record_bytes, rel=CLOSE)


def measure(name: str, attribute: dict[str, Any]) -> float:
    """Bytes of an attribute, as DynamoDB counts them: its developer guide, "item sizes"."""
    ((kind, value),) = attribute.items()
    if kind == "L":
        return len(name) + 3 + sum(1 + measure("", each) for each in value)
    if kind == "N":
        digits = value.lower().partition("e")[0].replace(".", "").replace("-", "").strip("0")
        return len(name) + 1 + -(-len(digits) // 2)
    return len(name) + len(value.encode() if isinstance(value, str) else value)
