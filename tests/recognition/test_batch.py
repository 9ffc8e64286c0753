"""Many pictures at once are read as each of them alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from model_export.batch import free_batch
from model_export.drawing.strokes import Pen
from recognition.card import load_model
from recognition.classifier import MAX_BATCH, DigitClassifier
from recognition.errors import CorruptImage, ImageError, UnsupportedImage
from recognition.recognizer import Recognizer
from recognition.result import Outcome, Recognition
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


def test_a_batch_of_images_has_the_answers_of_each_alone(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    pens = (Pen(), Pen(width=0.02), Pen(width=0.12), Pen(ink=255, paper=0), Pen(ink=120))
    formats = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
    images = [draw_digit(d, f, pen=pen) for d in range(10) for f in formats for pen in pens]
    together = recognizer.recognize_many(images)
    for image, recognition in zip(images, together, strict=True):
        alone = recognizer.recognize(image)
        assert isinstance(recognition, Recognition)
        assert recognition == alone
        np.testing.assert_array_equal(recognition.pixels, alone.pixels)


def test_each_image_fails_alone(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    seven = draw_digit(7)
    blank = encode_image(Image.new("L", (280, 280), 255))
    results = recognizer.recognize_many([b"no image", seven, seven[:-200], blank, seven, b""])
    assert [type(result) for result in results] == [
        UnsupportedImage,
        Recognition,
        CorruptImage,
        Recognition,
        Recognition,
        UnsupportedImage,
    ]
    read = [result for result in results if isinstance(result, Recognition)]
    assert [each.outcome for each in read] == [Outcome.DIGIT, Outcome.BLANK, Outcome.DIGIT]
    assert [each.digit for each in read] == [7, None, 7]


@pytest.mark.parametrize("images", [[], [b""], [b"no image", b"nor this"]])
def test_a_batch_without_ink_needs_no_inference(
    recognizer: Recognizer, images: list[bytes]
) -> None:
    results = recognizer.recognize_many(images)
    assert len(results) == len(images)
    assert all(isinstance(result, ImageError) for result in results)


def test_whoever_gives_the_images_can_stop(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    def give() -> Iterator[bytes]:
        yield draw_digit(1)
        yield draw_digit(2)

    results = recognizer.recognize_many(give())
    assert [isinstance(each, Recognition) and each.digit for each in results] == [1, 2]


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
    assert stages == ["decode", "normalize"]


def test_a_batch_tells_of_one_inference(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    stages: list[str] = []
    recognizer.recognize_many([draw_digit(7), b"", draw_digit(8)], stages.append)
    assert stages == ["decode", "normalize"] * 2 + ["classify"]
