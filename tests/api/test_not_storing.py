"""`store=false`: who asks for it is answered, and nothing is kept."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conftest import DrawDigit

ONE_URL = "/api/recognitions"
MANY_URL = "/api/recognitions/batch"

everywhere = pytest.mark.parametrize("url", [ONE_URL, MANY_URL])
"""For one image, and for many of which there is one."""


def list_kept(folder: Path) -> list[Path]:
    return [file for file in (folder / "images").rglob("*") if file.is_file()]


def read_answer(content: Any) -> dict[str, Any]:
    """The answer to one image, whichever of the two was asked."""
    (answer,) = content.get("results", [content])
    found: dict[str, Any] = answer
    return found


@everywhere
def test_nothing_is_kept_of_who_asks_for_that(
    keeping_client: TestClient, tmp_path: Path, draw_digit: DrawDigit, url: str
) -> None:
    response = keeping_client.post(url, files={"file": draw_digit(4)}, params={"store": "false"})
    answer = read_answer(response.json())
    assert (answer["digit"], answer["stored"]) == (4, False)
    assert keeping_client.get(f"{ONE_URL}/{answer['id']}").status_code == 404
    assert list_kept(tmp_path) == []


@everywhere
@pytest.mark.parametrize("words", [("false", "true"), ("true", "false"), ("0", "1")])
def test_who_asks_for_both_is_refused(
    keeping_client: TestClient,
    tmp_path: Path,
    draw_digit: DrawDigit,
    url: str,
    words: tuple[str, str],
) -> None:
    params = {"store": list(words)}
    response = keeping_client.post(url, files={"file": draw_digit(4)}, params=params)
    assert (response.status_code, response.json()["type"]) == (422, "invalid-request")
    assert "query.store" in response.json()["detail"]
    assert list_kept(tmp_path) == []


@everywhere
@pytest.mark.parametrize("name", ["Store", "stored", "store ", "store[]", "keep"])
def test_who_misspells_it_is_refused(
    keeping_client: TestClient, tmp_path: Path, draw_digit: DrawDigit, url: str, name: str
) -> None:
    params = {name: "false"}
    response = keeping_client.post(url, files={"file": draw_digit(4)}, params=params)
    assert (response.status_code, response.json()["type"]) == (422, "invalid-request")
    assert response.json()["detail"].startswith("A parameter has none of the names 'store', ")
    assert list_kept(tmp_path) == []
