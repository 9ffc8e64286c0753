"""Many pictures at once are read as each of them alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from model_export.batch import free_batch
from model_export.drawing.strokes import Pen
from recognition.card import load_model
from recognition.classifier import MAX_BATCH, DigitClassifier
from recognition.errors import CorruptImage, UnsupportedImage
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.conftest import DrawDigit, encode_image

PICTURES = 300


@pytest.fixture(scope="module", params=["as shipped", "with its batch free"])
def classifier(request: pytest.FixtureRequest) -> DigitClassifier:
    model, card = load_model()
    if request.param == "with its batch free":
        model = free_batch(model)
    return DigitClassifier(model, card.temperature)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """float32 (n, 28, 28): noise and blots, to which the network has all sorts of answers."""
    generator = np.random.default_rng(1)
    blots = generator.random((PICTURES, 7, 7), np.float32) > generator.random((PICTURES, 1, 1))
    noise = generator.random((PICTURES, 28, 28), np.float32)
    return (blots.repeat(4, 1).repeat(4, 2) * noise).astype(np.float32)


@pytest.mark.parametrize("size", [0, 1, 2, 7, MAX_BATCH, MAX_BATCH + 1, PICTURES])
def test_a_batch_has_the_answers_of_each_alone(
    classifier: DigitClassifier, pictures: np.ndarray, size: int
) -> None:
    together = classifier.classify_many(pictures[:size])
    assert len(together) == size
    for picture, classification in zip(pictures, together, strict=False):
        alone = classifier.classify(picture)
        np.testing.assert_array_equal(classification.scores, alone.scores)
        assert classification.scores.dtype == alone.scores.dtype
        assert classification.strangeness == alone.strangeness


def test_the_pictures_have_all_sorts_of_answers(
    classifier: DigitClassifier, pictures: np.ndarray
) -> None:
    answers = {int(each.scores.argmax()) for each in classifier.classify_many(pictures)}
    assert len(answers) > 5


def test_single_pictures_and_batches_of_every_size_may_come_at_once(
    classifier: DigitClassifier, pictures: np.ndarray
) -> None:
    sizes = [1, 5, 64, 2, 5, 17] * 10
    alone = [each.strangeness for each in classifier.classify_many(pictures[:64])]

    def read(size: int) -> list[float]:
        if size == 1:
            return [classifier.classify(pictures[0]).strangeness]
        return [each.strangeness for each in classifier.classify_many(pictures[:size])]

    with ThreadPoolExecutor(8) as pool:
        for size, together in zip(sizes, pool.map(read, sizes), strict=True):
            assert together == alone[:size]


# Images


@pytest.mark.slow
def test_a_batch_of_images_has_the_answers_of_each_alone(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    pens = (Pen(), Pen(width=0.02), Pen(width=0.12), Pen(ink=255, paper=0), Pen(ink=120))
    formats = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
    images = [draw_digit(d, f, pen=pen) for d in range(10) for f in formats for pen in pens]
    images.insert(7, encode_image(Image.new("L", (280, 280), 255)))
    together = recognizer.recognize_normalized([recognizer.normalize(image) for image in images])
    assert [each.outcome for each in together].index(Outcome.BLANK) == 7
    for image, recognition in zip(images, together, strict=True):
        alone = recognizer.recognize(image)
        assert recognition == alone
        np.testing.assert_array_equal(recognition.pixels, alone.pixels)


@pytest.mark.parametrize("blanks", [0, 1, 3])
def test_a_batch_without_ink_needs_no_inference(recognizer: Recognizer, blanks: int) -> None:
    stages: list[str] = []
    results = recognizer.recognize_normalized([None] * blanks, stages.append)
    assert [each.outcome for each in results] == [Outcome.BLANK] * blanks
    assert stages == []


def test_what_can_t_be_normalized_is_said_as_of_one_image(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    with pytest.raises(UnsupportedImage):
        recognizer.normalize(b"no image")
    with pytest.raises(CorruptImage):
        recognizer.normalize(draw_digit(7)[:-200])


# Stages


def test_every_stage_of_one_image_is_told_when_it_is_over(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    stages: list[str] = []
    recognizer.recognize(draw_digit(7), stages.append)
    assert stages == ["decode", "normalize", "classify"]


def test_stages_that_an_image_did_not_reach_are_not_told(recognizer: Recognizer) -> None:
    stages: list[str] = []
    recognizer.recognize(encode_image(Image.new("L", (9, 9), 255)), stages.append)
    assert stages == ["decode", "normalize"]
    with pytest.raises(UnsupportedImage):
        recognizer.recognize(b"", stages.append)
    assert stages == ["decode", "normalize", "decode"]  # which it did reach: it failed there


def test_a_batch_tells_of_one_inference(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    stages: list[str] = []
    digits = [recognizer.normalize(draw_digit(digit), stages.append) for digit in (7, 8)]
    recognizer.recognize_normalized(digits, stages.append)
    assert stages == ["decode", "normalize"] * 2 + ["classify"]
