"""The wiring as a whole."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from tests.api.conftest import PAGE
from tests.conftest import DrawDigit

ROOT = Path(__file__).parents[2]


def test_the_version_is_the_project_s(client: TestClient) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert client.get("/openapi.json").json()["info"]["version"] == project["version"]


def test_one_store_without_the_other_keeps_nothing(
    recognizer: Recognizer, images: FolderImages, draw_digit: DrawDigit
) -> None:
    client = TestClient(create_app(recognizer, page=PAGE, images=images))
    assert client.post("/api/recognitions", content=draw_digit(1)).json()["stored"] is False


def test_a_folder_without_examples_is_refused_at_once(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="examples"):
        create_app(recognizer, page=tmp_path)


def test_a_redirect_is_relative(recognizer: Recognizer) -> None:
    """Behind a stage's prefix any other leads nowhere."""
    app: FastAPI = create_app(recognizer, page=PAGE)
    client = TestClient(app, follow_redirects=False)
    for path in ("/api/health/", "/examples", "/js", "/openapi.json/", "/predict"):
        assert client.get(path).status_code in (200, 404, 405)
    assert client.get("/docs/").status_code == 308
    assert client.get("/docs/").headers["location"] == "../docs"


@pytest.mark.parametrize("root", ["", "/v1", "/a/b", "/static", "/docs"])
def test_everything_is_there_below_a_root(recognizer: Recognizer, root: str) -> None:
    """Followed as a client follows it, from the address of the page."""
    with TestClient(create_app(recognizer, page=PAGE), root_path=root) as client:
        page = client.get(root or "/")
        assert page.url.path == f"{root}/"
        assert "<html" in page.text
        for address in ("styles.css", "js/main.js", "api/health", "openapi.json"):
            assert client.get(page.url.join(address)).status_code == 200
        for example in client.get(page.url.join("examples/")).json()["examples"]:
            assert client.get(page.url.join(example["url"])).status_code == 200
        for address in ("docs", "docs/"):
            docs = client.get(page.url.join(address))
            assert docs.url.path == f"{root}/docs"
            assert client.get(docs.url.join("docs/start.js")).status_code == 200
        openapi = client.get(page.url.join("openapi.json")).json()
        assert openapi["servers"] == [{"url": "."}]


def test_the_root_has_its_slash_or_gets_it(recognizer: Recognizer) -> None:
    app = create_app(recognizer, page=PAGE)
    client = TestClient(app, root_path="/a/v1", follow_redirects=False)
    redirect = client.get("/a/v1")
    assert (redirect.status_code, redirect.headers["location"]) == (308, "v1/")
    assert redirect.headers["x-frame-options"] == "DENY"
    assert redirect.headers["x-request-id"]
    assert client.get("/a/v1/").status_code == 200


@pytest.mark.slow
def test_the_application_needs_nothing_before_it_is_asked_for() -> None:
    script = "import sys, api.app; print(*{name.partition('.')[0] for name in sys.modules})"
    modules = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT / "functions",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "fastapi" in modules
    assert not {"mangum", "boto3", "fastapi_offline", "psutil", "tensorflow", "uvicorn"} & set(
        modules
    )
