"""The network's integers are its own business; callers see probabilities."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model_export.drawing.strokes import render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.card import load_model
from recognition.classifier import DIGITS, DigitClassifier, softmax
from recognition.errors import ModelError
from recognition.preprocessing import normalize_digit


@pytest.fixture(scope="module")
def classifier() -> DigitClassifier:
    model, _ = load_model()
    return DigitClassifier(model)


def example_pixels(digit: int) -> np.ndarray:
    normalized = normalize_digit(np.asarray(render_strokes(DIGIT_STROKES[digit])))
    assert normalized is not None
    return normalized.pixels


def test_scores_are_ten_probabilities(classifier: DigitClassifier) -> None:
    scores = classifier.classify(example_pixels(7)).scores
    assert scores.shape == (DIGITS,)
    assert scores.dtype == np.float32
    assert scores.min() >= 0
    assert scores.sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("digit", range(DIGITS))
def test_a_drawn_digit_scores_highest(classifier: DigitClassifier, digit: int) -> None:
    assert classifier.classify(example_pixels(digit)).scores.argmax() == digit


def test_values_beyond_the_range_are_clipped_not_wrapped(classifier: DigitClassifier) -> None:
    pixels = example_pixels(4)
    np.testing.assert_array_equal(
        classifier.logits(np.where(pixels > 0.999, 50, pixels).astype(np.float32)),
        classifier.logits(pixels),
    )


def test_many_threads_get_the_answers_of_one(classifier: DigitClassifier) -> None:
    pixels = [example_pixels(digit) for digit in range(DIGITS)] * 20
    alone = [classifier.logits(digit) for digit in pixels]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(classifier.logits, pixels))
    np.testing.assert_array_equal(alone, together)


@pytest.mark.parametrize("model", [b"", b"TFL3", b"not a model" * 100])
def test_bytes_that_are_no_model_are_a_model_error(model: bytes) -> None:
    with pytest.raises(ModelError):
        DigitClassifier(model)


def test_a_temperature_makes_answers_less_sure_and_no_other() -> None:
    model, _ = load_model()
    plain, cool = DigitClassifier(model), DigitClassifier(model, temperature=4.0)
    for digit in range(DIGITS):
        sure, unsure = (c.classify(example_pixels(digit)) for c in (plain, cool))
        assert sure.scores.argmax() == unsure.scores.argmax()
        assert sure.scores.max() > unsure.scores.max()
        assert sure.strangeness == unsure.strangeness


def test_a_digit_is_less_strange_than_not(classifier: DigitClassifier) -> None:
    assert all(classifier.classify(example_pixels(digit)).strangeness < 0.5 for digit in range(10))


def test_softmax_does_not_overflow() -> None:
    probabilities = softmax(np.array([1e30, 0, -1e30], np.float32))
    np.testing.assert_array_equal(probabilities, [1, 0, 0])
