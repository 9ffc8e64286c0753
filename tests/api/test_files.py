"""A browser that has a file is told so, and one that has last week's gets this week's."""

import os
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.files import StaticFolder, add_file


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    write_as_packaged(file, "<p>one</p>")
    return file


@pytest.fixture
def client(page: Path) -> TestClient:
    app = FastAPI()
    add_file(app, "/", page)
    app.mount("/folder", StaticFolder(page.parent))
    return TestClient(app)


def write_as_packaged(file: Path, text: str) -> None:
    """Packages are stamped: all their files are as old as each other."""
    file.write_text(text)
    os.utime(file, (315_532_800, 315_532_800))


@pytest.mark.parametrize("url", ["/", "/folder/page.html"])
def test_unchanged_file_is_not_sent_again(client: TestClient, url: str) -> None:
    first = client.get(url)
    assert first.text == "<p>one</p>"
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_a_new_release_of_the_same_size_and_time_is_sent(page: Path, client: TestClient) -> None:
    etag = client.get("/").headers["etag"]
    newer = page.parent / "newer"
    newer.mkdir()
    write_as_packaged(newer / "page.html", "<p>two</p>")
    app = FastAPI()
    add_file(app, "/", newer / "page.html")
    answer = TestClient(app).get("/", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.text) == (200, "<p>two</p>")


def test_a_file_edited_while_it_is_served_is_sent(page: Path, client: TestClient) -> None:
    etag = client.get("/").headers["etag"]
    page.write_text("<p>two</p>")
    assert client.get("/", headers={"If-None-Match": etag}).text == "<p>two</p>"


@pytest.mark.parametrize("url", ["/", "/folder/page.html"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1"},
        {"Range": "bytes=0-1", "If-Range": '"x"'},
        {"Range": "bytes=0-1", "If-Range": "Tue, 01 Jan 1980 00:00:00 GMT"},
        {"Range": "bytes=999-"},
        {"Range": "bytes=x"},
    ],
)
def test_who_asks_for_a_part_gets_the_whole(
    client: TestClient, url: str, headers: dict[str, str]
) -> None:
    answer = client.get(url, headers=headers)
    assert (answer.status_code, answer.text) == (200, "<p>one</p>")
    assert answer.headers["content-length"] == "10"


@pytest.mark.parametrize("url", ["/", "/folder/page.html"])
def test_head_is_get_without_the_body(client: TestClient, url: str) -> None:
    answer = client.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers == client.get(url).headers


def test_the_stamped_time_is_not_passed_off_as_the_files(client: TestClient) -> None:
    answer = client.get("/", headers={"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"})
    assert answer.status_code == 200
    assert "last-modified" not in answer.headers
