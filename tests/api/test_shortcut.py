"""What is answered without FastAPI is answered as with it, and the rest by what has it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from api.answering import Answering
from api.app import create_app
from api.handler import build_app
from api.keeping import Keeping
from api.settings import Settings
from api.shortcut import Shortcut
from recognition.recognizer import Recognizer
from storage.archive import Archive
from storage.folder import FolderImages
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.api.events import EVENTS
from tests.conftest import DrawDigit

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"

SPARED: Final = {
    "fastapi": "a third of a start, and what builds the routes",
    "pydantic": "a model is made of Python's own types each time the function starts",
    "opentelemetry": "comes with FastAPI, and nothing here is told to it",
    "boto3": "as long as all the rest: not before something is to be kept",
    "psutil": "for who asks how busy the machine is",
    "multiprocessing": "nothing forks",
}
"""What no request for an image's digit waits for, and why it needn't."""


class Whole:
    """Builds the whole application, and counts how often."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.built = 0

    def __call__(self) -> Any:
        self.built += 1
        return create_app(self._recognizer, page=PAGE)


@pytest.fixture
def whole(recognizer: Recognizer) -> Whole:
    return Whole(recognizer)


@pytest.fixture
def short(recognizer: Recognizer, whole: Whole) -> TestClient:
    keeping = Keeping(None, model=recognizer.card.version)
    return TestClient(Shortcut(Answering(recognizer, keeping), whole))


@pytest.mark.parametrize("query", ["", "?store=false&explain=true", "?id=7"])
def test_for_an_image_nothing_else_is_built(
    short: TestClient, whole: Whole, draw_digit: DrawDigit, query: str
) -> None:
    for content in (draw_digit(4), b"four", b""):
        assert short.post(f"/api/recognitions{query}", content=content).status_code != 404
    assert whole.built == 0


@pytest.mark.parametrize("query", ["?store=0", "?Store=true", "?more=1"])
def test_for_a_query_that_is_written_in_another_way_it_is(
    short: TestClient, whole: Whole, draw_digit: DrawDigit, query: str
) -> None:
    short.post(f"/api/recognitions{query}", content=draw_digit(4))
    assert whole.built == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/recognitions"),
        ("POST", "/api/recognitions/"),
        ("POST", "/api/recognitions/batch"),
        ("OPTIONS", "/api/recognitions"),
        ("GET", "/"),
        ("GET", "/nowhere"),
    ],
)
def test_all_else_is_the_whole_ones_and_that_is_built_once(
    client: TestClient, short: TestClient, whole: Whole, method: str, path: str
) -> None:
    for _ in range(2):
        answer, expected = short.request(method, path), client.request(method, path)
        assert answer.status_code == expected.status_code
        assert answer.headers.keys() == expected.headers.keys()
    assert whole.built == 1


def test_below_a_root_it_answers_too(
    recognizer: Recognizer, whole: Whole, draw_digit: DrawDigit
) -> None:
    keeping = Keeping(None, model=recognizer.card.version)
    client = TestClient(Shortcut(Answering(recognizer, keeping), whole), root_path="/v1")
    assert client.post("/v1/api/recognitions", content=draw_digit(4)).json()["digit"] == 4
    assert whole.built == 0
    assert client.get("/v1/api/health").status_code == 200


def test_what_one_way_keeps_the_other_finds(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    keeping = Keeping(Archive(records, images), model=recognizer.card.version)
    app = create_app(recognizer, page=PAGE, records=records, images=images)
    client = TestClient(Shortcut(Answering(recognizer, keeping), lambda: app))
    answer = client.post("/api/recognitions", content=draw_digit(4)).json()
    assert answer["stored"] is True
    assert client.get(f"/api/recognitions/{answer['id']}").json()["digit"] == 4


@pytest.mark.parametrize("ahead", [False, True])
def test_a_start_that_nobody_waits_for_builds_it_all(
    monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    opened = []

    def note_opening(app: Shortcut) -> None:
        opened.append(app)

    monkeypatch.setattr(Shortcut, "open", note_opening)
    app = build_app(Settings(page=PAGE, starts_ahead=ahead))
    assert opened == ([app] if ahead else [])


@pytest.mark.slow
@pytest.mark.parametrize("asked", [False, True])
def test_neither_its_start_nor_an_image_needs(asked: bool) -> None:
    program = (
        "import json, sys, threading; from api.handler import handler\n"
        "if len(sys.argv) > 1:\n"
        "    answer = handler(json.load(open(sys.argv[1])), None)\n"
        "    assert answer['statusCode'] == 200, answer\n"
        "assert threading.active_count() == 1\n"  # a request has the function for itself
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    event = [str(EVENTS / "multipart-png.json")] if asked else []
    printed = subprocess.run(
        [sys.executable, "-c", program, *event],
        cwd=FUNCTIONS,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not SPARED.keys() & set(json.loads(printed.splitlines()[-1]))
