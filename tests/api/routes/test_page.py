"""The page, its files and the example digits."""

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE


def test_the_page_is_at_the_root(client: TestClient) -> None:
    response = client.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.content == (PAGE / "index.html").read_bytes()


def test_every_file_of_the_page_is_beside_it(client: TestClient) -> None:
    files = [file for file in PAGE.rglob("*") if file.is_file() and "examples" not in file.parts]
    assert len(files) >= 3
    for file in files:
        response = client.get("/" + file.relative_to(PAGE).as_posix())
        assert response.status_code == 200
        assert response.content == file.read_bytes()


@pytest.mark.parametrize(
    ("suffix", "types"),
    [
        (".js", ("text/javascript", "application/javascript")),
        (".css", ("text/css",)),
        (".svg", ("image/svg+xml",)),
    ],
)
def test_a_file_s_type_is_one_that_browsers_run(
    recognizer: Recognizer, tmp_path: Path, suffix: str, types: tuple[str, ...]
) -> None:
    """They don't guess: the headers forbid it."""
    (tmp_path / "index.html").touch()
    (tmp_path / "examples").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / f"file{suffix}").touch()
    client = TestClient(create_app(recognizer, page=tmp_path))
    response = client.get(f"/js/file{suffix}")
    assert response.headers["content-type"].partition(";")[0] in types


def test_a_file_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_changes_is_served_as_it_is_now(recognizer: Recognizer, tmp_path: Path) -> None:
    page = shutil.copytree(PAGE, tmp_path / "page")
    client = TestClient(create_app(recognizer, page=page))
    (page / "index.html").write_text("<p>Another page")
    assert client.get("/").text == "<p>Another page"


@pytest.mark.parametrize(
    "path",
    ["/js/", "/js", "/js/none.js", "/js/..%2findex.html", "/js/%2e%2e/%2e%2e/pyproject.toml",
     "/.hidden", "/static/test_digits/10.jpg", "/static/test_digits/..%2f..%2fpyproject.toml",
     "/js/%00", "//etc/passwd"],
)  # fmt: skip
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["type"] == "not-found"


def test_hidden_files_stay_hidden(recognizer: Recognizer, tmp_path: Path) -> None:
    page = shutil.copytree(PAGE, tmp_path / "page")
    (page / ".secret").write_text("x")
    assert TestClient(create_app(recognizer, page=page)).get("/.secret").status_code == 404


@pytest.mark.parametrize("url", ["/examples", "/examples/"])
def test_there_is_an_example_of_every_digit(client: TestClient, url: str) -> None:
    response = client.get(url)
    assert response.json() == {
        "examples": [
            {"name": str(digit), "url": f"/static/test_digits/{digit}.jpg", "digit": digit}
            for digit in range(10)
        ]
    }


def test_every_example_is_read_as_its_digit(client: TestClient) -> None:
    for example in client.get("/examples/").json()["examples"]:
        image = client.get(example["url"])
        assert image.headers["content-type"] == "image/jpeg"
        answer = client.post("/api/recognitions", content=image.content).json()
        assert (answer["outcome"], answer["digit"]) == ("digit", example["digit"])
