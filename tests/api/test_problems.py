"""Every error is a problem+json, from one table, and says back nothing of what was sent."""

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

import api.errors
import recognition.errors
import storage.errors
from api.app import create_app
from api.problems import PROBLEMS, problem_of
from recognition.errors import CorruptImage, ModelError
from recognition.recognizer import Recognizer
from storage.errors import StorageUnavailable
from tests.api.conftest import PAGE

MEMBERS = ["type", "title", "status", "detail", "instance"]


def exception_classes() -> list[type[Exception]]:
    return [
        value
        for module in (recognition.errors, storage.errors, api.errors)
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    ]


@pytest.mark.parametrize("error", exception_classes())
def test_the_table_has_every_exception(error: type[Exception]) -> None:
    assert error in PROBLEMS


@pytest.mark.parametrize("error", [*PROBLEMS, *exception_classes()])
def test_a_problem_is_fit_to_be_relied_on(error: type[Exception]) -> None:
    problem = PROBLEMS[error]
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", problem.type)
    assert 400 <= problem.status < 600
    assert problem.title


def test_one_slug_is_one_status_and_one_title() -> None:
    by_slug: dict[str, set[Any]] = {}
    for problem in PROBLEMS.values():
        by_slug.setdefault(problem.type, set()).add(problem)
    assert all(len(problems) == 1 for problems in by_slug.values())


def test_an_unknown_exception_takes_the_nearest_problem() -> None:
    class TornImage(CorruptImage):
        """Of a version to come."""

    assert problem_of(TornImage()) == PROBLEMS[CorruptImage]
    assert problem_of(ZeroDivisionError()).status == 500


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("unsupported-image", 415),
        ("image-too-large", 413),
        ("corrupt-image", 422),
        ("too-many-pixels", 413),
        ("too-many-scans", 422),
        ("decoding-too-slow", 422),
        ("too-many-images", 413),
        ("too-many-parts", 413),
        ("label-too-large", 413),
        ("request-timeout", 408),
        ("rate-limited", 429),
        ("api-key-required", 401),
        ("invalid-cursor", 422),
        ("invalid-id", 422),
        ("id-taken", 409),
        ("missing-image", 422),
        ("not-found", 404),
    ],
)
def test_the_contract_s_slugs_have_their_status(slug: str, status: int) -> None:
    assert {problem.status for problem in PROBLEMS.values() if problem.type == slug} == {status}


@pytest.fixture
def failing(recognizer: Recognizer) -> FastAPI:
    """The application, with a route for every way to fail."""
    return create_app(recognizer, page=PAGE)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ZeroDivisionError("secret"), 500),
        (ModelError("secret"), 500),
        (StorageUnavailable("secret"), 503),
        (RecursionError("secret"), 500),
    ],
)
def test_a_fault_of_ours_is_logged_and_not_told(
    failing: FastAPI, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    @failing.get("/fail")
    async def fail() -> None:
        raise error

    response = TestClient(failing).get("/fail")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert list(response.json()) == MEMBERS
    assert "secret" not in response.text
    assert [line for line in caplog.records if line.exc_info and line.exc_info[1] is error]


@pytest.mark.parametrize("status", [400, 401, 403, 409, 413, 415, 429, 500, 503])
def test_an_error_of_the_framework_is_a_problem(failing: FastAPI, status: int) -> None:
    @failing.get("/fail")
    async def fail() -> None:
        raise HTTPException(status, "secret")

    response = TestClient(failing).get("/fail")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert list(response.json()) == MEMBERS
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/none", "/api/", "/api/recognitions/", "/api/none/x", "/%ff"])
def test_an_unknown_address_is_not_found(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "not-found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/recognitions", "GET, HEAD, POST"),
        ("PATCH", "/api/recognitions/x", "DELETE, GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/js/main.js", "GET, HEAD"),
        ("POST", "/api/health", "GET, HEAD"),
        ("GREET", "/docs", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_has_not_is_told_which_it_has(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allowed
    assert response.json()["type"] == "method-not-allowed"


MARKER = "Zebra-4711"


@pytest.mark.parametrize(
    "request_",
    [
        {"content": MARKER},
        {"content": json.dumps({"image": MARKER})},
        {"content": json.dumps({"image": [MARKER]})},
        {"content": json.dumps({MARKER: 1})},
        {"content": "{" + MARKER},
        {"content": f"data:image/png;base64,{MARKER}"},
        {"files": {MARKER: (MARKER, MARKER)}},
        {"files": {"file": (MARKER, MARKER)}},
        {"content": b"--x", "headers": {"Content-Type": f"multipart/form-data; boundary={MARKER}"}},
        {"params": {"explain": MARKER}},
        {"params": {"store": MARKER, MARKER: MARKER}},
        {"url": f"/{MARKER}"},
        {"url": f"/api/recognitions/{MARKER}"},
        {"method": "X" + MARKER},
    ],
)
def test_nothing_of_a_request_is_said_back(client: TestClient, request_: dict[str, Any]) -> None:
    response = client.request(**{"method": "POST", "url": "/api/recognitions", **request_})
    assert 400 <= response.status_code < 500
    assert MARKER not in response.text
    assert MARKER not in str(response.headers)


def test_every_exception_stands_in_the_file_of_errors_of_its_room() -> None:
    """Where the table's test finds it. A module's private ones are its own affair."""
    known = {each.__name__ for each in exception_classes()} | {"Exception"}
    strays = []
    for room in (recognition, storage, api):
        folder = Path(room.__path__[0])
        for module in set(folder.rglob("*.py")) - {folder / "errors.py"}:
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                    continue
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                if bases & known or any(base.endswith("Error") for base in bases):
                    strays.append(f"{module.relative_to(folder.parent)}: {node.name}")
    assert strays == []
