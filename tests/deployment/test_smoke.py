"""The test of what is live: before the distribution as it's played, and before what falls short."""

import http.server
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from deployment import smoke
from deployment.errors import SmokeTestFailed
from deployment.live import Live
from deployment.page import PageFile, list_page_files
from deployment.smoke import CHECKS, NO_IMAGE, Target, run_smoke_test
from tests.contract.transports import start_function
from tests.edge.distribution import Distribution
from tests.edge.playing import make_edge
from tests.serving import serve_application
from tests.stack.cloud import Cloud
from tests.stack.conftest import PROJECT, find_free_port, serve

pytestmark = pytest.mark.slow

FILES: Final = list_page_files()


@pytest.fixture(scope="module")
def origin(
    distribution: Distribution, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The page and the API behind the distribution, with a slash at the end; records in moto."""
    log = tmp_path_factory.mktemp("function") / "log"
    with (
        start_function({**cloud.account, **cloud.names}, log) as function,
        serve_application(make_edge(distribution, function)) as origin,
    ):
        yield f"{origin}/"


def run(address: str, files: list[PageFile] = FILES, *, edge: bool = True) -> list[str]:
    """Each check's outcome. Raises SmokeTestFailed."""
    told = list[str]()
    try:
        run_smoke_test(Target(Live(address), files, edge), told.append, 2.0)
    except SmokeTestFailed as error:
        return [*told, str(error)]
    return told


def find_failures(told: list[str]) -> dict[str, str]:
    lines = [line.split(maxsplit=1)[1] for line in told if line.strip().startswith("FAILED")]
    return dict(line.split(": ", 1) for line in lines)


def test_what_is_deployed_well_passes_and_nothing_of_the_test_stays(
    origin: str, cloud: Cloud
) -> None:
    told = run(origin)
    assert find_failures(told) == {}
    assert len(told) == len(CHECKS)
    assert cloud.list_images() == {}
    assert cloud.connect("dynamodb").scan(TableName=cloud.table)["Items"] == []


def test_page_that_is_another_is_found(origin: str) -> None:
    files = [replace(f, content=b"newer") if f.key == "index.html" else f for f in FILES]
    assert find_failures(run(origin, files)) == {"page": "the page is not the one that is here"}


def test_script_that_is_of_another_version_is_found(origin: str) -> None:
    files = [replace(f, content=b"newer") if f.key == "js/pad.js" else f for f in FILES]
    told = run(origin, files)
    assert find_failures(told) == {"page's files": "js/pad.js is not the one that is here"}
    assert told[-1] == f"1 of {len(CHECKS)} checks failed at {origin}"


def test_caching_that_is_another_is_found(origin: str) -> None:
    files = [replace(f, caching="no-store") if f.key == "index.html" else f for f in FILES]
    assert "is cached by" in find_failures(run(origin, files))["page"]


def test_model_that_is_another_is_found(
    origin: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "digits.tflite"
    other.write_bytes(b"newer")
    monkeypatch.setattr(smoke, "MODEL", other)
    (failure,) = find_failures(run(origin)).values()
    assert failure.startswith("the model is ")


def test_record_that_could_not_be_kept_is_found(
    distribution: Distribution, cloud: Cloud, tmp_path: Path
) -> None:
    environment = {**cloud.account, **cloud.names, "INKLING_RECORDS_TABLE": "nobody-has-this"}
    with (
        start_function(environment, tmp_path / "log") as function,
        serve_application(make_edge(distribution, function)) as origin,
    ):
        told = find_failures(run(f"{origin}/"))
    assert told == {"a digit": "the digit is read, and its record could not be kept"}


@pytest.fixture(scope="module")
def local_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`make run`'s server, with a slash at the end."""
    folder = tmp_path_factory.mktemp("local")
    port = find_free_port()
    server = str(PROJECT / "functions/local_server.py")
    command = [sys.executable, server, "--port", str(port), "--data", str(folder / "data")]
    with serve(command, port, folder, dict(os.environ)):
        yield f"http://127.0.0.1:{port}/"


def test_server_without_the_distribution_lacks_what_that_adds(local_address: str) -> None:
    """Its records are kept and removed, but no header is CloudFront's."""
    told = run(local_address)
    failures = find_failures(told)
    assert failures.keys() == {"page", "page's files", "security headers"}
    assert failures["security headers"] == "the page has no Strict-Transport-Security"
    # It sends the page as it is written, indented.
    assert failures["page"] == "the page is not the one that is here"
    without_edge = run(local_address, list_page_files(edge=False), edge=False)
    assert find_failures(without_edge) == {}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers everything with one answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes, *args: Any) -> None:
        self._answer = status, headers, body
        super().__init__(*args)

    def _respond(self) -> None:
        status, headers, body = self._answer
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _respond  # noqa: N815 - the standard library's names

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serve_answer(status: int, body: bytes, **headers: str) -> Iterator[str]:
    handler = partial(Handler, status, headers, body)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b""), (200, b"[]"), (200, b"{}"), (200, b"\x1b[2J<html>"), (403, b"x"), (503, NO_IMAGE)],
)
def test_any_other_server_fails_each_check_in_a_line(status: int, body: bytes) -> None:
    with serve_answer(status, body) as address:
        told = run(address)
    failed = find_failures(told)
    assert failed.keys() == CHECKS.keys() - {"transport"}
    assert all(line.isprintable() for line in told)


def test_weak_header_is_found() -> None:
    good = {
        "Content-Security-Policy": "default-src 'self'",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=()",
    }
    weak = {
        "Content-Security-Policy": "default-src 'self' 'unsafe-inline'",
        "Strict-Transport-Security": "max-age=60",
        "X-Content-Type-Options": "sniff",
        "X-Frame-Options": "ALLOW",
    }
    with serve_answer(200, b"x", **good) as address:
        assert smoke.check_security(Target(Live(address), FILES, edge=True)) == "6 headers"
    for name, value in weak.items():
        answer = serve_answer(200, b"x", **{**good, name: value})
        with answer as address, pytest.raises(SmokeTestFailed, match=f"^{name} is "):
            smoke.check_security(Target(Live(address), FILES, edge=True))


def test_address_where_nobody_answers_is_told_in_a_sentence() -> None:
    (sentence,) = run(f"http://127.0.0.1:{find_free_port()}/")
    assert "Connection refused" in sentence
    (sentence,) = run("http://nobody.invalid/")
    assert "no such host" in sentence
