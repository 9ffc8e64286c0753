"""`PUT /api/recognitions/{id}/label`: the right digit, from whoever knows it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from storage.ids import new_id
from tests.api.conftest import KEY
from tests.conftest import DrawDigit

URL = "/api/recognitions"
WITH_KEY = {"X-API-Key": KEY}


@pytest.fixture
def label_url(keeping_client: TestClient, draw_digit: DrawDigit) -> str:
    record_id = keeping_client.post(URL, content=draw_digit(1)).json()["id"]
    return f"{URL}/{record_id}/label"


def read_label(client: TestClient, label_url: str) -> Any:
    return client.get(label_url.removesuffix("/label")).json()["label"]


@pytest.mark.parametrize("digit", range(10))
def test_a_label_is_kept_with_its_record(
    keeping_client: TestClient, label_url: str, digit: int
) -> None:
    response = keeping_client.put(label_url, json={"digit": digit})
    record = response.json()
    assert response.status_code == 200
    assert list(record["label"]) == ["digit", "trusted", "labelled_at"]
    assert (record["label"]["digit"], record["label"]["trusted"]) == (digit, False)
    age = datetime.now(UTC) - datetime.fromisoformat(record["label"]["labelled_at"])
    assert abs(age.total_seconds()) < 60
    assert record == keeping_client.get(label_url.removesuffix("/label")).json()
    assert (record["outcome"], record["digit"]) == ("digit", 1)  # as it was read


def test_a_label_is_trusted_with_a_key_alone(keeping_client: TestClient, label_url: str) -> None:
    label = keeping_client.put(label_url, json={"digit": 7}, headers=WITH_KEY).json()["label"]
    assert label["trusted"] is True
    for digit, headers in ((1, {}), (2, {"X-API-Key": ""})):
        label = keeping_client.put(label_url, json={"digit": digit}, headers=headers).json()[
            "label"
        ]
        assert label["trusted"] is False


@pytest.mark.parametrize("key", ["another", KEY + " x", KEY.upper(), "ä"])
def test_a_wrong_key_labels_nothing(keeping_client: TestClient, label_url: str, key: str) -> None:
    response = keeping_client.put(
        label_url, json={"digit": 7}, headers={b"X-API-Key": key.encode("latin-1")}
    )
    assert response.status_code == 401
    assert response.json()["type"] == "api-key-required"
    assert read_label(keeping_client, label_url) is None


def test_a_replay_changes_nothing_and_another_digit_wins(
    keeping_client: TestClient, label_url: str
) -> None:
    first = keeping_client.put(label_url, json={"digit": 7}).json()
    assert keeping_client.put(label_url, json={"digit": 7}).json() == first
    assert keeping_client.put(label_url, json={"digit": 2}).json()["label"]["digit"] == 2
    assert read_label(keeping_client, label_url)["digit"] == 2


def test_of_many_at_once_the_last_one_wins(keeping_client: TestClient, label_url: str) -> None:
    def put(digit: int) -> int:
        response = keeping_client.put(label_url, json={"digit": digit})
        assert response.status_code == 200
        return int(response.json()["label"]["digit"])

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(put, [digit % 10 for digit in range(40)]))
    assert all(0 <= digit <= 9 for digit in answered)
    assert read_label(keeping_client, label_url)["digit"] in answered
    keeping_client.put(label_url, json={"digit": 5})
    assert read_label(keeping_client, label_url)["digit"] == 5


@pytest.mark.parametrize(
    "digit", [10, -1, 1e300, 7.5, -0.5, "7", "", None, True, False, [7], {"digit": 7}, "\u0667"]
)
def test_what_is_no_digit_is_no_label(
    keeping_client: TestClient, label_url: str, digit: object
) -> None:
    response = keeping_client.put(label_url, json={"digit": digit})
    assert response.status_code == 422
    assert response.json()["type"] == "invalid-label"
    assert len(response.content) < 1024
    assert read_label(keeping_client, label_url) is None


def test_a_whole_number_may_be_written_with_a_point(
    keeping_client: TestClient, label_url: str
) -> None:
    response = keeping_client.put(label_url, content=b'{"digit": 7.0}')
    assert (response.status_code, response.json()["label"]["digit"]) == (200, 7)


@pytest.mark.parametrize("body", [{}, {"label": 7}, {"digit": 7, "trusted": True}, {"Digit": 7}])
def test_a_label_says_the_digit_and_nothing_else(
    keeping_client: TestClient, label_url: str, body: dict[str, object]
) -> None:
    response = keeping_client.put(label_url, json=body)
    assert (response.status_code, response.json()["type"]) == (422, "invalid-label")
    assert read_label(keeping_client, label_url) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"7",
        b"[7]",
        b"null",
        b"\xff",
        b'{"digit": NaN}',
        b'{"digit": 1e999}',
        b'{"digit": "\\ud800"}',
        b'{"digit": 7, "digit": 8}',
        b'{"digit": ' + b"7" * 1000 + b"}",
        b'{"digit": ' + b"[" * 1000,
        json.dumps({"digit": 7}).encode("utf-16"),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_json_object_is_refused_in_few_words(
    keeping_client: TestClient, label_url: str, body: bytes
) -> None:
    response = keeping_client.put(label_url, content=body)
    assert (response.status_code, response.json()["type"]) == (400, "invalid-body")
    assert len(response.content) < 1024
    assert read_label(keeping_client, label_url) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"digit": 7}' + b" " * 1024,
        b'{"digit": ' + b"7" * 10_000 + b"}",
        b'{"digit": ' + b"[" * 200_000,
        b"7" * (7 * 1024**2),
    ],
    ids=len,
)
@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_far_longer_than_a_label_is_too_large(
    keeping_client: TestClient, label_url: str, body: bytes, chunked: bool
) -> None:
    response = keeping_client.put(label_url, content=iter([body]) if chunked else body)
    assert (response.status_code, response.json()["type"]) == (413, "label-too-large")
    assert "1 KiB" in response.json()["detail"]
    assert read_label(keeping_client, label_url) is None


def test_a_label_may_have_space_around_it(keeping_client: TestClient, label_url: str) -> None:
    body = b'{"digit": 7}'.rjust(1024)
    assert keeping_client.put(label_url, content=body).status_code == 200


def test_the_declared_type_does_not_matter(keeping_client: TestClient, label_url: str) -> None:
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        response = keeping_client.put(
            label_url, content=b'{"digit": 3}', headers={"Content-Type": content_type}
        )
        assert response.status_code == 200


def test_what_was_removed_is_not_brought_back(keeping_client: TestClient, label_url: str) -> None:
    keeping_client.delete(label_url.removesuffix("/label"))
    assert keeping_client.put(label_url, json={"digit": 7}).status_code == 404
    assert keeping_client.get(label_url.removesuffix("/label")).status_code == 404


def test_an_unknown_id_is_told_before_its_label_is_kept_anywhere(
    keeping_client: TestClient,
) -> None:
    response = keeping_client.put(f"{URL}/{new_id()}/label", json={"digit": 7})
    assert response.status_code == 404
    page = keeping_client.get(URL, headers=WITH_KEY).json()
    assert page["recognitions"] == []
