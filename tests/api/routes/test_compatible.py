"""`/predict` and `/predict/`, to the letter."""

from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from recognition.image import MAX_BYTES
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.api.forms import BOUNDARY, as_json, form, multipart, raw
from tests.api.outcomes import RECOGNITIONS, every_outcome
from tests.conftest import DrawDigit, encode_image

URLS = ["/predict", "/predict/"]


@pytest.mark.parametrize("url", URLS)
def test_a_file_is_answered_with_digit_confidence_and_time(
    client: TestClient, recognizer: Recognizer, draw_digit: DrawDigit, url: str
) -> None:
    for digit in range(10):
        image = draw_digit(digit, "JPEG")
        response = client.post(url, files={"file": ("digit.jpg", image, "image/jpeg")})
        prediction = response.json()
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        assert list(prediction) == ["digit", "confidence", "processing_time"]
        assert prediction["digit"] == digit
        assert type(prediction["digit"]) is int
        assert prediction["confidence"] == recognizer.recognize(image).confidence
        assert 0 < prediction["processing_time"] < 10


@every_outcome
def test_a_digit_that_stands_for_none_is_a_mere_guess(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    told = RECOGNITIONS[outcome]
    response = outcome_client.post("/predict/", files={"file": draw_digit(1)})
    prediction = response.json()
    assert response.status_code == 200
    assert list(prediction) == ["digit", "confidence", "processing_time"]
    assert prediction["digit"] == told.scores.index(max(told.scores))
    assert prediction["confidence"] == (0.1 if told.digit is None else told.confidence)


def test_a_blank_sheet_is_the_nearest_digit(client: TestClient, recognizer: Recognizer) -> None:
    image = encode_image(Image.new("L", (28, 28), 255))
    response = client.post("/predict", files={"file": image})
    assert response.status_code == 200
    assert response.json()["digit"] == recognizer.recognize(image).nearest_digit
    assert response.json()["confidence"] == pytest.approx(0.1)


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "request_",
    [
        form("file", b"GIF89a, but not for long"),
        form("file", b"%PDF-1.7"),
        form("file", b"\x00"),
        form("file", b"data:image/png;base64,!!!!"),
        form("file", bytes(MAX_BYTES + 1)),
        form("file", bytes(2 * MAX_BYTES)),
        raw(multipart("file", b"x")[:-20], f"multipart/form-data; boundary={BOUNDARY}"),
    ],
)
def test_what_is_not_an_image_is_a_bad_request(
    client: TestClient, url: str, request_: dict[str, Any]
) -> None:
    response = client.post(url, **request_)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/json"
    assert list(response.json()) == ["detail"]
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "request_",
    [
        form("picture", b"\x89PNG\r\n\x1a\n"),
        form("file", b""),
        raw(b"", None),
        raw(b"", f"multipart/form-data; boundary={BOUNDARY}"),
        as_json("iVBORw0KGgo="),
        raw(b"file=picture", "application/x-www-form-urlencoded"),
    ],
)
def test_a_request_without_the_field_is_unprocessable(
    client: TestClient, url: str, request_: dict[str, Any]
) -> None:
    response = client.post(url, **request_)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"detail": "The request has no image in a form field 'file'."}


def test_nothing_is_kept_of_those_who_were_never_told(
    keeping_client: TestClient, draw_digit: DrawDigit, tmp_path: Any
) -> None:
    assert keeping_client.post("/predict", files={"file": draw_digit(1)}).status_code == 200
    assert [file for file in (tmp_path / "images").rglob("*") if file.is_file()] == []


def test_other_methods_are_refused_with_a_detail(client: TestClient) -> None:
    response = client.get("/predict")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert isinstance(response.json()["detail"], str)
