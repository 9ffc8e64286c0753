"""`POST /api/recognitions/batch`: many images, each with a result of its own."""

import asyncio
import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api import keeping
from api.app import create_app
from api.inputs import MAX_IMAGES
from api.reading import run_reading
from api.routes import batch
from recognition.errors import ModelError
from recognition.limits import MAX_BYTES
from recognition.preprocessing import NormalizedDigit
from recognition.recognizer import Lap, Recognizer
from recognition.result import Outcome
from storage.folder import FolderImages
from storage.ids import is_id
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE, read_lines
from tests.api.forms import data_url
from tests.api.outcomes import RECOGNITIONS, every_outcome
from tests.api.stores import BrokenRecords, PickyImages
from tests.conftest import DrawDigit, encode_image

URL = "/api/recognitions/batch"
ONE_URL = "/api/recognitions"


def as_files(images: list[bytes]) -> dict[str, Any]:
    return {"files": [("file", (f"{i}.png", image)) for i, image in enumerate(images)]}


def as_json(images: list[bytes]) -> dict[str, Any]:
    texts = [
        data_url(image) if i % 2 else base64.b64encode(image).decode()
        for i, image in enumerate(images)
    ]
    return {"json": {"images": texts}}


def post(client: TestClient, images: list[bytes], **options: Any) -> list[dict[str, Any]]:
    response = client.post(URL, **as_files(images), **options)
    assert response.status_code == 200
    return list(response.json()["results"])


@pytest.mark.parametrize("wrap", [as_files, as_json])
def test_every_image_has_the_answer_that_it_has_alone(
    client: TestClient, draw_digit: DrawDigit, wrap: Any
) -> None:
    formats = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
    images = [draw_digit(digit, formats[digit % 5], side=140) for digit in range(10)]
    images.append(encode_image(Image.new("L", (140, 140), 255)))
    response = client.post(URL, **wrap(images))
    assert response.status_code == 200
    assert list(response.json()) == ["results"]
    results = response.json()["results"]
    assert [each["digit"] for each in results] == [*range(10), None]
    for image, result in zip(images, results, strict=True):
        alone = client.post(ONE_URL, content=image).json()
        assert list(result) == list(alone)
        for name in set(alone) - {"id", "processing_time"}:
            assert result[name] == alone[name]
    assert len({each["id"] for each in results}) == len(images)
    assert all(is_id(each["id"]) for each in results)


@pytest.mark.parametrize("wrap", [as_files, as_json])
def test_each_image_fails_alone_and_as_it_would_alone(
    client: TestClient, draw_digit: DrawDigit, wrap: Any
) -> None:
    seven = draw_digit(7)
    images = [b"no image", seven, seven[:-200], encode_image(Image.new("L", (5001, 5000)))]
    response = client.post(URL, **wrap(images))
    results = response.json()["results"]
    assert response.status_code == 200
    assert results[1]["digit"] == 7
    instance = f"urn:uuid:{response.headers['x-request-id']}"
    for i in (0, 2, 3):
        alone = client.post(ONE_URL, content=images[i])
        assert results[i] == {**alone.json(), "instance": instance}
        assert results[i]["status"] == alone.status_code >= 400


def test_wrong_wrapping_costs_one_image_alone(client: TestClient, draw_digit: DrawDigit) -> None:
    seven = data_url(draw_digit(7))
    texts = [seven, "*", "", None, 7, [seven], "data:image/png,x", seven]
    results = client.post(URL, json={"images": texts}).json()["results"]
    assert [each.get("digit") for each in results] == [7, *[None] * 6, 7]
    assert all(400 <= each["status"] < 500 for each in results[1:-1])
    for i in (2, 3):  # as alone: nothing there is nothing sent
        alone = client.post(ONE_URL, json={"image": texts[i]}).json()
        assert results[i]["type"] == alone["type"] == "missing-image"


def test_a_batch_has_at_most_so_many_images(client: TestClient, draw_digit: DrawDigit) -> None:
    image = draw_digit(1, side=56)
    for wrap in (as_files, as_json):
        results = client.post(URL, **wrap([image] * MAX_IMAGES)).json()["results"]
        assert [each["digit"] for each in results] == [1] * MAX_IMAGES
        refused = client.post(URL, **wrap([image] * (MAX_IMAGES + 1)))
        assert (refused.status_code, refused.json()["type"]) == (413, "too-many-images")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"images": []}', b'{"image": "x"}'])
def test_a_batch_of_nothing_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post(URL, content=body)
    assert (response.status_code, response.json()["type"]) == (422, "missing-image")


def test_an_explanation_is_each_image_s_own(client: TestClient, draw_digit: DrawDigit) -> None:
    images = [draw_digit(3), b"no image", draw_digit(4)]
    results = post(client, images, params={"explain": "true"})
    for i in (0, 2):
        alone = client.post(ONE_URL, content=images[i], params={"explain": "true"}).json()
        for name in ("pixels", "box", "strangeness"):
            assert results[i][name] == alone[name]
    assert results[1]["type"] == "unsupported-image"


@every_outcome
def test_every_outcome_is_an_answer(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    results = post(outcome_client, [draw_digit(1)] * 2)
    told = RECOGNITIONS[outcome]
    assert [each["outcome"] for each in results] == [outcome.value] * 2
    assert [each["digit"] for each in results] == [told.digit] * 2


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "OPTIONS"])
def test_the_batch_s_address_is_no_record_s(client: TestClient, method: str) -> None:
    response = client.request(method, URL)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    for path in (f"{URL}/image", f"{URL}/label"):
        assert client.request(method, path).status_code == 404
    assert client.get(f"{URL}2").json()["detail"].startswith("No recognition")


class Faulty(Recognizer):
    """A recogniser with a fault that some images bring out."""

    def __init__(self, recognizer: Recognizer, error: Exception, *images: bytes) -> None:
        self.__dict__ = recognizer.__dict__.copy()
        self._error = error
        self._images = images

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        if data in self._images:
            raise self._error
        return super().normalize(data, lap, max_bytes=max_bytes)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret"), MemoryError(), ModelError("secret")]
)
def test_a_fault_of_our_own_costs_one_image_alone(
    recognizer: Recognizer, draw_digit: DrawDigit, stream: io.StringIO, error: Exception
) -> None:
    sent = [draw_digit(digit) for digit in (1, 2, 3)]
    client = TestClient(create_app(Faulty(recognizer, error, sent[1]), page=PAGE))
    response = client.post(URL, **as_files([*sent, b"no image"]))
    assert response.status_code == 200
    first, second, third, fourth = response.json()["results"]
    assert (first["digit"], third["digit"]) == (1, 3)
    assert second == {
        "type": "internal-error",
        "title": "Something went wrong here",
        "status": 500,
        "detail": "The fault is not in the request. It has been logged.",
        "instance": f"urn:uuid:{response.headers['x-request-id']}",
    }
    assert fourth["type"] == "unsupported-image"
    fault, request = read_lines(stream)
    assert fault["level"] == "error"
    assert type(error).__name__ in fault["error"]
    assert fault["request_id"] == request["request_id"] == response.headers["x-request-id"]
    assert (request["images"], request["read"]) == (4, 2)


def test_a_fault_of_the_inference_is_told_of_each_image_and_logged_once(
    recognizer: Recognizer,
    draw_digit: DrawDigit,
    stream: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(recognizer, "recognize_normalized", fail)
    client = TestClient(create_app(recognizer, page=PAGE))
    results = post(client, [draw_digit(1), b"no image", draw_digit(2)])
    slugs = ["internal-error", "unsupported-image", "internal-error"]
    assert [each["type"] for each in results] == slugs
    assert [line["level"] for line in read_lines(stream)] == ["error", "info"]
    assert "secret" not in json.dumps(results)


# Time


def test_images_whose_turn_comes_too_late_fail_alone(
    client: TestClient, draw_digit: DrawDigit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_BATCH_SECONDS", 0.05)
    slow = encode_image(Image.new("L", (4900, 4900), 255))
    results = post(client, [b"no image", slow, draw_digit(7), draw_digit(8)])
    assert results[0]["type"] == "unsupported-image"
    assert results[1]["outcome"] == "blank"
    assert [each["type"] for each in results[2:]] == ["batch-out-of-time"] * 2
    assert results[2]["status"] == 413


def test_the_time_that_others_take_is_not_the_batch_s(
    client: TestClient, draw_digit: DrawDigit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images of others are read between its own; on a busy day, many."""

    async def run_late(read: Callable[[], object]) -> object:
        await asyncio.sleep(0.1)
        return await run_reading(read)

    monkeypatch.setattr(batch, "run_reading", run_late)
    monkeypatch.setattr(batch, "MAX_BATCH_SECONDS", 0.2)
    results = post(client, [draw_digit(1, side=28)] * 4)
    assert [each.get("digit") for each in results] == [1] * 4


def test_wrong_wrapping_is_told_whatever_the_time(
    client: TestClient, draw_digit: DrawDigit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_BATCH_SECONDS", -1.0)
    texts = [data_url(draw_digit(7)), "*"]
    results = client.post(URL, json={"images": texts}).json()["results"]
    assert [each["type"] for each in results] == ["batch-out-of-time", "invalid-base64"]


# What is kept


def test_every_answer_is_kept_under_its_id(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    sent = [draw_digit(4, "JPEG"), b"no image", draw_digit(5)]
    results = post(keeping_client, sent)
    for i, name in ((0, "jpeg"), (2, "png")):
        assert results[i]["stored"] is True
        kept = keeping_client.get(f"{ONE_URL}/{results[i]['id']}").json()
        assert kept["digit"] == results[i]["digit"]
        assert images.get(f"{results[i]['id']}.{name}") == sent[i]


def test_a_whole_batch_is_kept(
    keeping_client: TestClient, draw_digit: DrawDigit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MAX_STORING_SECONDS", 60)  # a busy disk is no slow store here
    results = post(keeping_client, [draw_digit(1, side=56)] * MAX_IMAGES)
    assert all(each["stored"] for each in results)


def test_what_could_not_be_kept_is_marked_alone(
    recognizer: Recognizer, records: SqliteRecords, tmp_path: Path, draw_digit: DrawDigit
) -> None:
    sent = [draw_digit(digit) for digit in range(5)]
    picky = PickyImages(tmp_path / "picky", refused=sent[3])
    client = TestClient(create_app(recognizer, page=PAGE, records=records, images=picky))
    results = post(client, sent)
    assert [each["digit"] for each in results] == list(range(5))
    assert [each["stored"] for each in results] == [True, True, True, False, True]
    for each in results:
        found = client.get(f"{ONE_URL}/{each['id']}").status_code == 200
        assert found == each["stored"]


def test_a_store_that_fails_does_not_cost_the_answers(
    recognizer: Recognizer, images: FolderImages, draw_digit: DrawDigit
) -> None:
    app = create_app(recognizer, page=PAGE, records=BrokenRecords(), images=images)
    results = post(TestClient(app), [draw_digit(1), draw_digit(2)])
    assert [(each["digit"], each["stored"]) for each in results] == [(1, False), (2, False)]


# The log


def test_a_batch_is_one_line(
    keeping_client: TestClient, draw_digit: DrawDigit, stream: io.StringIO
) -> None:
    blank = encode_image(Image.new("L", (28, 28), 255))
    images = [draw_digit(1), b"no image", draw_digit(2), blank, b"none either", draw_digit(3)[:99]]
    post(keeping_client, images)
    (line,) = read_lines(stream)
    assert (line["images"], line["read"], line["stored"]) == (6, 3, 3)
    assert line["outcomes"] == {"digit": 2, "blank": 1}
    assert line["problems"] == {"unsupported-image": 2, "corrupt-image": 1}
    assert line["bytes"] == sum(map(len, images))
    assert set(line["milliseconds"]) == {"total", "decode", "normalize", "classify", "store"}


def test_no_image_of_a_batch_is_said_back(client: TestClient) -> None:
    response = client.post(URL, json={"images": ["Zebra-4711"], "Zebra-4711": 1})
    assert "Zebra" not in json.dumps(response.json())
