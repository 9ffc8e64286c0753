"""A load test is worth what it notices: each thing that an answer can have wrong with it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from tests.load import expectations as expect
from tests.load.pictures import Picture
from tests.load.summary import Row, draw_table

SEVEN: Final = Picture(b"", "digit", 7)
RIGHT: Final = {"outcome": "digit", "digit": 7, "scores": [0.1] * 10}
BLANK: Final = {**RIGHT, "outcome": "blank", "digit": None}
NOT_FOUND: Final = {"type": "not-found", "status": 404}


def answer(status: int, content: object = None, media_type: str = "application/json") -> Any:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleNamespace(status_code=status, content=text, headers={"Content-Type": media_type})


@pytest.mark.parametrize(
    ("check", "response"),
    [
        (expect.recognises(SEVEN), answer(200, RIGHT)),
        (expect.recognises(Picture(b"", "blank")), answer(200, BLANK)),
        (expect.recognises_all([SEVEN, SEVEN]), answer(200, {"results": [RIGHT, RIGHT]})),
        (expect.is_problem("not-found", 404), answer(404, NOT_FOUND, "application/problem+json")),
        (expect.is_object(status="ok"), answer(200, {"status": "ok", "more": 1})),
        (expect.is_file(b"page"), answer(200, b"page", "text/html")),
    ],
)
def test_an_answer_that_is_right_passes(check: expect.Check, response: Any) -> None:
    assert check(response) is None


@pytest.mark.parametrize(
    ("check", "response", "words"),
    [
        (expect.recognises(SEVEN), answer(200, {**RIGHT, "digit": 1}), "('digit', 1) in place"),
        (expect.recognises(SEVEN), answer(200, {**RIGHT, "outcome": "uncertain"}), "uncertain"),
        (expect.recognises(SEVEN), answer(200, {**RIGHT, "scores": [1]}), "no ten scores"),
        (expect.recognises(SEVEN), answer(200, b"<html>"), "(None, None) in place"),
        (expect.recognises(SEVEN), answer(502, b""), "status 502 in place of 200"),
        (expect.recognises(SEVEN), answer(429, {}), "--rate 0"),
        (expect.recognises(SEVEN), answer(0, None), "no answer"),
        (expect.recognises_all([SEVEN]), answer(200, {"results": []}), "not 1 answers"),
        (expect.recognises_all([SEVEN]), answer(200, {"results": [{}]}), "in place"),
        (expect.is_problem("not-found", 404), answer(404, NOT_FOUND), "application/json"),
        (
            expect.is_problem("missing-image", 422),
            answer(422, NOT_FOUND, "application/problem+json"),
            "not-found in place of missing-image",
        ),
        (expect.is_problem("not-found", 404), answer(500), "status 500"),
        (expect.is_object(memory=r"\d+%"), answer(200, {"memory": "much"}), "memory"),
        (expect.is_file(b"page"), answer(200, b"another"), "another file"),
    ],
)
def test_an_answer_that_is_wrong_is_said_to_be(
    check: expect.Check, response: Any, words: str
) -> None:
    wrong = check(response)
    assert wrong is not None
    assert words in wrong


def test_six_of_ten_draw() -> None:
    source = (Path(__file__).parent / "locustfile.py").read_text()
    weights = {name: int(n) for n, name in re.findall(r"@task\((\d+)\)\n    def (\w+)", source)}
    assert sum(weights.values()) == 100
    assert sum(weights[name] for name in ("draw", "draw_and_press", "press_on_nothing")) == 60


def test_the_table_is_one_for_the_readme() -> None:
    row = Row("draw", requests=1234, failures=0, per_second=56.78, median=9.4, p95=20.0, p99=31.2)
    assert draw_table([row]).splitlines() == [
        "| | requests | a second | median | p95 | p99 | failures |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| draw | 1,234 | 56.8 | 9 ms | 20 ms | 31 ms | 0 |",
    ]
