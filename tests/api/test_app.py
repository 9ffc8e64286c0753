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


def test_no_route_redirects(recognizer: Recognizer) -> None:
    """Behind a stage's prefix a redirect leads nowhere."""
    app: FastAPI = create_app(recognizer, page=PAGE)
    client = TestClient(app, follow_redirects=False)
    for path in ("/docs/", "/api/health/", "/examples", "/js", "/openapi.json/"):
        assert client.get(path).status_code in (200, 404)


@pytest.mark.slow
def test_the_application_needs_neither_mangum_nor_the_documentation_of_fastapi() -> None:
    script = "import sys, api.app; print(*{name.partition('.')[0] for name in sys.modules})"
    modules = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT / "functions",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "fastapi" in modules
    assert not {"mangum", "boto3", "fastapi_offline", "tensorflow", "uvicorn"} & set(modules)
