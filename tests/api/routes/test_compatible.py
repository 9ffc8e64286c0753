"""What existing clients speak, to the letter: `/predict`, bare or not, `/api/predict`, `/ocr`."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from api.inputs import MAX_BODY_BYTES
from recognition.image import MAX_BYTES
from recognition.recognizer import Recognizer
from recognition.result import Outcome, Recognition
from tests.api.conftest import PAGE
from tests.api.forms import BOUNDARY, Request, as_json, data_url, form, multipart, raw
from tests.api.outcomes import RECOGNITIONS, ToldRecognizer, every_outcome
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
        form("img", b"%PDF-1.7"),
        form("img", b"data:image/png;base64,!!!!"),
        raw(b"data:image/png;base64,!!!!", "application/x-www-form-urlencoded"),
        raw(b"data:image/png;base64,data:image/png;base64,MQ==", "text/plain"),
        raw(b"data:image/png,%89PNG", "text/plain"),
        raw(b"data:image/png;base64,iVBORw0KGgo%3D", "application/x-www-form-urlencoded"),
        raw(b"data:image/png;base64,iVBORw0KGgo=" + b"A" * MAX_BODY_BYTES, "text/plain"),
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
        raw(b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_a_request_without_the_field_is_unprocessable(
    client: TestClient, url: str, request_: dict[str, Any]
) -> None:
    response = client.post(url, **request_)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {
        "detail": "The request has no image in a form field 'file' or 'img'."
    }


def test_a_data_url_without_an_image_is_unprocessable(client: TestClient) -> None:
    response = client.post("/predict", content="data:image/png;base64,")
    assert (response.status_code, response.json()) == (422, {"detail": "The request has no image."})


# The bare digit

BARE: Final = {
    "multipart img": lambda image: form("img", image),
    "multipart img with a data URL": lambda image: form("img", data_url(image).encode()),
    "data URL as a form": lambda image: raw(
        data_url(image).encode(), "application/x-www-form-urlencoded"
    ),
    "data URL as text": lambda image: raw(data_url(image).encode(), "text/plain"),
    "data URL, undeclared": lambda image: raw(data_url(image).encode(), None),
    "data URL of a JPEG": lambda image: raw(data_url(image, "image/jpeg").encode(), "text/plain"),
    "data URL with a line break": lambda image: raw(data_url(image).encode() + b"\n", None),
}


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("name", BARE)
def test_an_img_or_a_data_url_is_answered_with_the_bare_digit(
    client: TestClient, draw_digit: DrawDigit, url: str, name: str
) -> None:
    for digit in range(10):
        response = client.post(url, **BARE[name](draw_digit(digit)))
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.content == str(digit).encode()


@every_outcome
def test_the_bare_digit_is_the_nearest(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    scores = RECOGNITIONS[outcome].scores
    response = outcome_client.post("/predict", content=data_url(draw_digit(1)))
    assert response.text == str(scores.index(max(scores)))


def test_a_file_is_answered_with_json_whatever_else_there_is(
    client: TestClient, draw_digit: DrawDigit
) -> None:
    files = [("img", ("a", draw_digit(1))), ("file", ("b", draw_digit(2)))]
    assert client.post("/predict", files=files).json()["digit"] == 2
    files = [("img", ("a", draw_digit(1))), ("file", ("", b""))]
    assert client.post("/predict", files=files).text == "1"


# /api/predict


def predict(client: TestClient, body: object) -> tuple[int, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body)
    response = client.post("/api/predict", content=content)
    assert response.headers["content-type"] == "application/json"
    return response.status_code, response.json()


@pytest.mark.parametrize("url", ["/api/predict", "/api/predict/"])
def test_json_is_answered_with_prediction_and_certainty(
    client: TestClient, recognizer: Recognizer, draw_digit: DrawDigit, url: str
) -> None:
    for digit in range(10):
        image = draw_digit(digit)
        for text in (data_url(image), base64.b64encode(image).decode()):
            response = client.post(url, json={"model": "cnn", "image": text, "options": {"a": [1]}})
            assert response.status_code == 200
            answer = response.json()
            assert list(answer) == ["prediction", "certainty"]
            assert answer["prediction"] == digit
            assert type(answer["prediction"]) is int
            confidence = recognizer.recognize(image).confidence
            assert answer["certainty"] == round(100 * confidence, 2)


def told_client(recognizer: Recognizer, confidence: float) -> TestClient:
    scores = (confidence, 1 - confidence, *(0.0,) * 8)
    told = Recognition(Outcome.UNCERTAIN, 0, scores=scores)
    return TestClient(create_app(ToldRecognizer(recognizer.card, told), page=PAGE))


@pytest.mark.parametrize(
    ("confidence", "certainty"),
    [(0.6, 60.0), (0.61239, 61.24), (0.98765, 98.77), (0.999999, 100.0), (1.0, 100.0)],
)
def test_from_sixty_percent_on_there_is_an_answer(
    recognizer: Recognizer, confidence: float, certainty: float
) -> None:
    client = told_client(recognizer, confidence)
    assert predict(client, {"image": "MQ=="}) == (200, {"prediction": 0, "certainty": certainty})


@pytest.mark.parametrize("confidence", [0.59999999, 0.5])
def test_under_sixty_percent_there_is_a_refusal(recognizer: Recognizer, confidence: float) -> None:
    status, answer = predict(told_client(recognizer, confidence), {"image": "MQ=="})
    assert (status, answer) == (400, {"error": "No digit is 60% certain."})


@pytest.mark.parametrize(
    ("outcome_client", "error"),
    [
        (Outcome.BLANK, "The image is blank."),
        (Outcome.NOT_A_DIGIT, "The image holds no digit."),
    ],
    indirect=["outcome_client"],
)
def test_where_there_is_no_digit_there_is_a_refusal_however_sure_the_nearest_is(
    outcome_client: TestClient, error: str
) -> None:
    assert predict(outcome_client, {"image": "MQ=="}) == (400, {"error": error})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"image": None},
        {"image": ""},
        {"image": 7},
        {"image": ["MQ=="]},
        {"image": "no base64!"},
        {"image": "data:image/png;base64,data:image/png;base64,MQ=="},
        {"image": "JVBERi0xLjc="},
        {"image": "A" * MAX_BODY_BYTES},
        {"picture": "MQ=="},
        ["MQ=="],
        b"",
        b"{",
        b"\x89PNG\r\n\x1a\n",
        b'{"image": "MQ==", "image": "MQ=="}',
    ],
)
def test_without_an_image_that_can_be_read_there_is_an_error(
    client: TestClient, body: object
) -> None:
    status, answer = predict(client, body)
    assert status == 400
    assert list(answer) == ["error"]
    assert answer["error"].endswith(".")


# /ocr


def ask_ocr(client: TestClient, image: bytes, name: str = "7.png") -> Any:
    response = client.post("/ocr", files={"file": (name, image)})
    assert response.status_code == 200
    assert list(response.json()) == ["filename", "info"]
    return response.json()


@pytest.mark.parametrize("url", ["/ocr", "/ocr/"])
@pytest.mark.parametrize(
    ("image_format", "mode"),
    [("PNG", "L"), ("JPEG", "L"), ("WEBP", "RGB"), ("BMP", "L"), ("GIF", "P")],
)
def test_a_file_is_described(
    client: TestClient, draw_digit: DrawDigit, url: str, image_format: str, mode: str
) -> None:
    image = draw_digit(7, image_format, side=140)
    response = client.post(url, files={"file": ("seven", image, "text/html")})
    assert response.json() == {
        "filename": "seven",
        "info": f"{image_format}, 140x140 pixels, mode {mode}: digit 7",
    }


@every_outcome
def test_a_file_is_described_by_its_outcome(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    words = {
        Outcome.DIGIT: "digit 7",
        Outcome.UNCERTAIN: "probably digit 1",
        Outcome.NOT_A_DIGIT: "no digit",
        Outcome.BLANK: "blank",
    }
    info = ask_ocr(outcome_client, draw_digit(1))["info"]
    assert info.rpartition(": ")[2] == words[outcome]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("my seven (2).png", "my seven (2).png"),
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\emma\\7.png", "7.png"),
        ("<script>alert(1)<\\script>.png", "script_.png"),
        ("<img src=x onerror=alert(1)>.png", "_img src_x onerror_alert(1)_.png"),
        ("..", ""),
    ],
)
def test_a_file_s_name_is_said_back_cleaned(
    client: TestClient, draw_digit: DrawDigit, name: str, cleaned: str
) -> None:
    assert ask_ocr(client, draw_digit(7), name)["filename"] == cleaned


def test_a_field_that_is_no_file_has_no_name(client: TestClient, draw_digit: DrawDigit) -> None:
    response = client.post("/ocr", **form("file", data_url(draw_digit(7)).encode(), file_name=None))
    assert response.json()["filename"] == ""
    assert response.json()["info"].endswith("digit 7")


@pytest.mark.parametrize(
    ("request_", "status", "slug"),
    [
        (form("file", b"%PDF-1.7"), 415, "unsupported-image"),
        (form("file", b"\x89PNG\r\n\x1a\n"), 422, "corrupt-image"),
        (form("file", bytes(MAX_BYTES + 1)), 413, "image-too-large"),
        (form("img", b"x"), 422, "missing-image"),
        (raw(b"", None), 422, "missing-image"),
        (raw(b"--", None), 400, "invalid-body"),
    ],
)
def test_what_is_no_image_is_a_problem(
    client: TestClient, request_: Request, status: int, slug: str
) -> None:
    response = client.post("/ocr", **request_)
    assert (response.status_code, response.json()["type"]) == (status, slug)
    assert isinstance(response.json()["detail"], str)


# All of them


def requests_of(image: bytes) -> Iterator[tuple[str, Request]]:
    yield "/predict", form("file", image)
    yield "/predict/", form("img", image)
    yield "/predict/", raw(data_url(image).encode(), "application/x-www-form-urlencoded")
    yield "/api/predict", as_json(data_url(image))
    yield "/ocr", form("file", image)


def test_nothing_is_kept_of_those_who_were_never_told(
    keeping_client: TestClient, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    for url, request_ in requests_of(draw_digit(1)):
        assert keeping_client.post(url, **request_).status_code == 200
    assert [file for file in (tmp_path / "images").rglob("*") if file.is_file()] == []


def test_other_methods_are_refused_with_a_detail(client: TestClient) -> None:
    for url in ("/predict", "/predict/", "/api/predict", "/ocr"):
        response = client.get(url)
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"
        assert isinstance(response.json()["detail"], str)
