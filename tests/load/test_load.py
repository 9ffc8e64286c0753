"""Locust against a server that works, one that answers nonsense, and none at all."""

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from recognition.recognizer import Recognizer
from tests.load.pictures import draw_blank, draw_pad, photograph
from tests.server_process import ROOT, running
from tests.stack.conftest import find_free_port

pytestmark = pytest.mark.slow

LOAD_PYTHON: Final = ROOT / ".venv-load/bin/python"


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    report: dict[str, Any]
    printed: str

    @property
    def total(self) -> dict[str, Any]:
        total: dict[str, Any] = self.report["rows"][-1]
        return total


def send_load(url: str, folder: Path, *, seconds: int) -> Outcome:
    """`make load`, with its results in a folder."""
    if not LOAD_PYTHON.exists():
        pytest.skip("Locust is missing: make test puts it into .venv-load")
    command = ["make", "load", f"HOST={url}", f"SECONDS={seconds}", "USERS=4"]
    done = subprocess.run(
        [*command, f"ARGS=--summary {folder}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout + done.stderr
    assert (folder / "load.json").exists(), printed
    return Outcome(done.returncode, json.loads((folder / "load.json").read_text()), printed)


def test_all_that_is_sent_is_read_as_it_is_meant(recognizer: Recognizer) -> None:
    for picture in (*draw_pad(), draw_blank(), *photograph()):
        found = recognizer.recognize(picture.content)
        assert (found.outcome, found.digit) == (picture.outcome, picture.digit)


def test_real_traffic_is_answered_right_to_the_last_request(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--rate", "0") as server:
        outcome = send_load(server.url, tmp_path / "load", seconds=10)
    assert outcome.report["failures"] == {}
    assert outcome.total["failures"] == 0
    assert outcome.total["requests"] >= 4  # of each user one, on however busy a machine
    assert outcome.status == 0
    assert "| all | " in outcome.printed
    assert (tmp_path / "load/load.md").read_text().count("\n") == len(outcome.report["rows"]) + 2


class Nonsense(BaseHTTPRequestHandler):
    """Quick, and always of the same opinion, which is wrong."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"outcome": "digit", "digit": 10, "scores": [0.1] * 10}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

    def log_message(self, *_: Any) -> None:
        """Nothing: there is much of it."""


@pytest.fixture
def nonsense() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Nonsense) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_that_answers_nonsense_is_seen_as_that(nonsense: str, tmp_path: Path) -> None:
    outcome = send_load(nonsense, tmp_path, seconds=3)
    assert outcome.status != 0
    assert outcome.total["requests"] == outcome.total["failures"] > 0
    assert any("('digit', 10) in place of" in failure for failure in outcome.report["failures"])


def test_a_server_that_is_not_there_is_seen_as_that(tmp_path: Path) -> None:
    outcome = send_load(f"http://127.0.0.1:{find_free_port()}", tmp_path, seconds=2)
    assert outcome.status != 0
    assert outcome.total["requests"] == outcome.total["failures"] > 0
    assert any("no answer" in failure for failure in outcome.report["failures"])


def test_a_server_with_a_rate_limit_is_told_of(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--rate", "1") as server:
        outcome = send_load(server.url, tmp_path / "load", seconds=3)
    assert outcome.status != 0
    assert any("--rate 0" in failure for failure in outcome.report["failures"])
