"""`POST /api/recognitions`: answers, and whether they are kept."""

import json
import logging
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from model_export.drawing.strokes import Pen
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from storage.folder import FolderImages
from storage.ids import is_id, new_id
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.api.outcomes import RECOGNITIONS, every_outcome
from tests.api.stores import BrokenRecords
from tests.conftest import DrawDigit, encode_image

URL = "/api/recognitions"
FIELDS = [
    "id",
    "outcome",
    "digit",
    "confidence",
    "scores",
    "model",
    "processing_time",
    "stored",
]


def blank() -> bytes:
    return encode_image(Image.new("L", (280, 280), 255))


def test_an_answer_has_what_the_contract_says(
    client: TestClient, recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    response = client.post(URL, content=draw_digit(7))
    answer = response.json()
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert list(answer) == FIELDS
    assert is_id(answer["id"])
    assert (answer["outcome"], answer["digit"]) == ("digit", 7)
    assert len(answer["scores"]) == 10
    assert answer["confidence"] == max(answer["scores"]) == answer["scores"][7]
    assert answer["model"] == recognizer.card.version
    assert 0 < answer["processing_time"] < 10
    assert answer["stored"] is False


def test_every_answer_has_an_id_of_its_own(client: TestClient, draw_digit: DrawDigit) -> None:
    image = draw_digit(1)
    assert len({client.post(URL, content=image).json()["id"] for _ in range(5)}) == 5


def test_a_blank_sheet_is_an_answer(client: TestClient) -> None:
    response = client.post(URL, content=blank(), params={"explain": True})
    answer = response.json()
    assert response.status_code == 200
    assert (answer["outcome"], answer["digit"]) == ("blank", None)
    assert (answer["pixels"], answer["box"]) == (None, None)


def test_an_explanation_shows_what_the_model_saw(
    client: TestClient, recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    image = draw_digit(3)
    answer = client.post(URL, content=image, params={"explain": "true"}).json()
    assert list(answer) == [*FIELDS, "pixels", "box", "strangeness"]
    seen = recognizer.recognize(image)
    assert np.shape(answer["pixels"]) == (28, 28)
    assert seen.pixels is not None
    assert seen.box is not None
    np.testing.assert_allclose(answer["pixels"], seen.pixels, atol=5e-5)
    assert answer["strangeness"] == seen.strangeness
    assert answer["box"] == {
        side: getattr(seen.box, side) for side in ("left", "top", "right", "bottom")
    }


# Each outcome, whatever gives it


@every_outcome
def test_every_outcome_is_an_answer(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    response = outcome_client.post(URL, content=draw_digit(1))
    answer = response.json()
    told = RECOGNITIONS[outcome]
    assert response.status_code == 200
    assert list(answer) == FIELDS
    assert (answer["outcome"], answer["digit"]) == (outcome.value, told.digit)
    assert answer["scores"] == list(told.scores)
    assert answer["confidence"] == told.confidence


@every_outcome
def test_every_outcome_is_explained(
    outcome_client: TestClient, outcome: Outcome, draw_digit: DrawDigit
) -> None:
    params = {"explain": "true"}
    answer = outcome_client.post(URL, content=draw_digit(1), params=params).json()
    assert (answer["pixels"] is None) == (outcome is Outcome.BLANK)
    assert (answer["box"] is None) == (outcome is Outcome.BLANK)
    assert answer["strangeness"] == RECOGNITIONS[outcome].strangeness


@every_outcome
def test_every_outcome_is_kept(
    outcome_client: TestClient, outcome: Outcome, images: FolderImages, draw_digit: DrawDigit
) -> None:
    """A letter's image as well: what was refused wrongly is what is most to be learnt from."""
    image = draw_digit(1)
    answer = outcome_client.post(URL, content=image).json()
    assert answer["stored"] is True
    kept = outcome_client.get(f"{URL}/{answer['id']}").json()
    assert (kept["outcome"], kept["digit"]) == (outcome.value, RECOGNITIONS[outcome].digit)
    assert kept["scores"] == answer["scores"]
    assert images.get(f"{answer['id']}.png") == image


@pytest.mark.parametrize("params", [{"explain": "perhaps"}, {"store": "<script>"}])
def test_a_parameter_that_is_not_valid_is_named_and_not_said_back(
    client: TestClient, draw_digit: DrawDigit, params: dict[str, str]
) -> None:
    response = client.post(URL, content=draw_digit(1), params=params)
    ((name, value),) = params.items()
    assert response.status_code == 422
    assert response.json()["type"] == "invalid-request"
    assert f"query.{name}" in response.json()["detail"]
    assert value not in response.text


@pytest.mark.parametrize("side", [280, 1400])
def test_small_and_large_images_are_read_alike(
    client: TestClient, draw_digit: DrawDigit, side: int
) -> None:
    for image_format in ("BMP", "PNG"):
        image = draw_digit(5, image_format, side=side)
        assert client.post(URL, content=image).json()["digit"] == 5


# What is kept


def test_the_image_is_kept_without_its_wrapping(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    image = draw_digit(2)
    answer = keeping_client.post(URL, files={"file": ("../../2.gif", image)}).json()
    assert images.get(f"{answer['id']}.png") == image


def test_nothing_is_kept_of_what_is_no_image(keeping_client: TestClient, tmp_path: Path) -> None:
    assert keeping_client.post(URL, content=b"no image").status_code == 415
    assert [file for file in (tmp_path / "images").rglob("*") if file.is_file()] == []


@pytest.fixture
def broken_client(recognizer: Recognizer, images: FolderImages) -> TestClient:
    return TestClient(create_app(recognizer, page=PAGE, records=BrokenRecords(), images=images))


def test_a_store_that_fails_does_not_cost_the_answer(
    broken_client: TestClient,
    images: FolderImages,
    draw_digit: DrawDigit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "inkling"):
        response = broken_client.post(URL, content=draw_digit(9))
    answer = response.json()
    assert response.status_code == 200
    assert (answer["digit"], answer["stored"]) == (9, False)
    assert images.get(f"{answer['id']}.png") is None
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.exc_info is not None
    assert "disk is full" in str(line.exc_info[1])


def test_a_store_that_raises_what_it_should_not_does_not_either(
    recognizer: Recognizer, records: SqliteRecords, draw_digit: DrawDigit
) -> None:
    class WrongImages(FolderImages):
        def __init__(self) -> None: ...

        def put(self, key: str, image: bytes) -> None:
            raise ZeroDivisionError

    app = create_app(recognizer, page=PAGE, records=records, images=WrongImages())
    answer = TestClient(app).post(URL, content=draw_digit(9)).json()
    assert (answer["digit"], answer["stored"]) == (9, False)


def test_an_answer_is_plain_json(client: TestClient, draw_digit: DrawDigit) -> None:
    """No NaN, which JSON has not, whatever the pen."""
    for pen in (Pen(), Pen(width=0.01), Pen(width=0.3), Pen(ink=255, paper=0), Pen(ink=128)):
        response = client.post(URL, content=draw_digit(8, pen=pen), params={"explain": "true"})

        def refuse(constant: str) -> None:
            raise AssertionError(constant)

        assert sum(json.loads(response.text, parse_constant=refuse)["scores"]) == pytest.approx(1)


# An id of the client's own making


def test_an_answer_has_the_id_that_came_with_the_image(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    record_id = new_id()
    answer = keeping_client.post(
        URL, content=draw_digit(7), params={"id": record_id.upper()}
    ).json()
    assert (answer["id"], answer["stored"]) == (record_id, True)
    assert keeping_client.delete(f"{URL}/{record_id}").status_code == 204


def test_what_is_not_kept_has_that_id_too(client: TestClient, draw_digit: DrawDigit) -> None:
    record_id = new_id()
    answer = client.post(URL, content=draw_digit(7), params={"id": record_id, "store": False})
    assert (answer.json()["id"], answer.json()["stored"]) == (record_id, False)


def test_the_same_image_again_under_its_id_is_kept_once(
    keeping_client: TestClient, records: SqliteRecords, draw_digit: DrawDigit
) -> None:
    params = {"id": new_id()}
    answers = [
        keeping_client.post(URL, content=draw_digit(7), params=params).json() for _ in range(3)
    ]
    assert {answer["id"] for answer in answers} == {params["id"]}
    assert [answer["stored"] for answer in answers] == [True] * 3
    assert len({str(answer["scores"]) for answer in answers}) == 1
    assert len(records.list(10).records) == 1


def test_another_image_takes_no_id(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    params, first = {"id": new_id()}, draw_digit(7)
    keeping_client.post(URL, content=first, params=params)
    response = keeping_client.post(URL, content=draw_digit(3), params=params)
    assert (response.status_code, response.json()["type"]) == (409, "id-taken")
    assert keeping_client.get(f"{URL}/{params['id']}").json()["digit"] == 7
    assert images.get(f"{params['id']}.png") == first


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "0198c0de-7a11-7b0b-9d1c-5a1e0f2c3b4d",  # of another day
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",  # of another version
        "../../../etc/passwd",
    ],
)
def test_what_is_no_id_of_this_time_is_refused(
    keeping_client: TestClient, records: SqliteRecords, draw_digit: DrawDigit, given: str
) -> None:
    response = keeping_client.post(URL, content=draw_digit(7), params={"id": given})
    assert (response.status_code, response.json()["type"]) == (422, "invalid-id")
    assert records.list(10).records == ()


def test_two_ids_are_none(keeping_client: TestClient, draw_digit: DrawDigit) -> None:
    response = keeping_client.post(f"{URL}?id={new_id()}&id={new_id()}", content=draw_digit(7))
    assert (response.status_code, response.json()["type"]) == (422, "invalid-request")
