"""Gates name what is missed; what the shipped file answers is what a client would get."""

from dataclasses import replace

import numpy as np
import pytest

from model_export import evaluate
from model_export.errors import GateError
from model_export.plan import Gates
from model_export.readings import Family, Samples
from recognition.card import load_model
from recognition.classifier import CLASSES, DIGITS
from recognition.image import decode_image
from recognition.preprocessing import normalize_digit
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.conftest import DrawDigit


def one_hot(*classes: int) -> np.ndarray:
    return np.eye(CLASSES, dtype=np.float32)[list(classes)]


@pytest.fixture
def samples(draw_digit: DrawDigit) -> Samples:
    """The ten digits, and a sheet without ink in their midst."""
    pixels = np.zeros((11, 28, 28), np.float32)
    for place, digit in enumerate((0, 1, 2, 3, 4, None, 5, 6, 7, 8, 9)):
        if digit is not None:
            found = normalize_digit(decode_image(draw_digit(digit)))
            assert found is not None
            pixels[place] = found.pixels
    labels = np.array([0, 1, 2, 3, 4, -1, 5, 6, 7, 8, 9], np.int8)
    thumbnails = np.zeros((11, 64, 64), np.uint8)
    return Samples("drawn", Family.PENS, pixels, labels == -1, labels, thumbnails)


def test_comparison_counts_right_answers_and_equal_ones() -> None:
    labels = np.array([1, 2, 3, 4], np.uint8)
    comparison = evaluate.compare_models(one_hot(1, 2, 3, 9), one_hot(1, 2, 8, 9), labels)
    assert comparison.count == 4
    assert comparison.float_accuracy == 0.75
    assert comparison.int8_accuracy == 0.5
    assert comparison.agreement == 0.75


def test_comparison_asks_for_the_digit_whatever_the_strangeness() -> None:
    strange = one_hot(1, 2) + 5 * one_hot(DIGITS, DIGITS)
    comparison = evaluate.compare_models(strange, one_hot(1, 2), np.array([1, 2], np.uint8))
    assert comparison == evaluate.Comparison(2, 1.0, 1.0, 1.0)


def test_every_missed_gate_is_named() -> None:
    poor = evaluate.Comparison(100, 0.9, 0.8, 0.7)
    with pytest.raises(GateError, match=r"accuracy is 80.00%.*99.50%.*agreement.*70.00%"):
        evaluate.check_gates(Gates(0.995, 0.999), poor)


def test_a_gate_is_passed_by_reaching_it() -> None:
    evaluate.check_gates(Gates(0.995, 0.999), evaluate.Comparison(1000, 0.99, 0.995, 0.999))


def test_no_figure_is_no_pass() -> None:
    with pytest.raises(GateError):
        evaluate.check_gates(Gates(0.5, 0.5), evaluate.Comparison(0, np.nan, np.nan, np.nan))


def test_softened_agreement_is_of_whole_distributions() -> None:
    sure, other = 50 * one_hot(1, 2), 50 * one_hot(3, 4)
    assert evaluate.softened_agreement(sure, sure) == pytest.approx(1)
    assert evaluate.softened_agreement(sure, other) == pytest.approx(0, abs=1e-6)
    # The same answer, less surely: half of the probability moved to another class.
    torn = 50 * (one_hot(1, 2) + one_hot(3, 4))
    assert evaluate.softened_agreement(sure, torn) == pytest.approx(0.5)


def test_readings_are_what_the_recogniser_answers(
    samples: Samples, recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    model, card = load_model()
    (readings,) = evaluate.read_sets(model, card, [samples])
    for place, label in enumerate(samples.labels):
        if label >= 0:
            answer = recognizer.recognize(draw_digit(int(label)))
            assert readings.outcomes[place] is answer.outcome
            assert readings.strangeness[place] == pytest.approx(answer.strangeness)
            np.testing.assert_allclose(readings.scores[place], answer.scores, rtol=1e-6)


def test_readings_of_a_blank_are_blank(samples: Samples) -> None:
    (readings,) = evaluate.read_sets(*load_model(), [samples])
    (place,) = np.flatnonzero(samples.blank)
    assert readings.outcomes[place] is Outcome.BLANK
    assert readings.strangeness[place] == 1
    np.testing.assert_allclose(readings.scores[place], 0.1)
    assert readings.share(Outcome.BLANK) == pytest.approx(1 / 11)


def test_readings_go_by_the_cards_thresholds_and_temperature(samples: Samples) -> None:
    model, card = load_model()
    (plain,) = evaluate.read_sets(model, replace(card, temperature=1.0), [samples])
    strict = replace(card, not_a_digit_above=1.0, uncertain_below=1.0, temperature=5.0)
    (doubted,) = evaluate.read_sets(model, strict, [samples])
    assert doubted.share(Outcome.UNCERTAIN) == pytest.approx(10 / 11)
    np.testing.assert_array_equal(plain.answers[:5], doubted.answers[:5])
    inked = ~samples.blank
    assert (doubted.confidence[inked] < plain.confidence[inked]).all()
    (refused,) = evaluate.read_sets(model, replace(card, not_a_digit_above=0.0), [samples])
    assert refused.share(Outcome.NOT_A_DIGIT, Outcome.BLANK) == 1


def test_the_time_of_an_inference_is_in_microseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "_ROUNDS", 3)
    monkeypatch.setattr(evaluate, "_TIMED", 5)
    # A thousandth to a thousand times what it takes here.
    assert 0.05 < evaluate.time_inference(load_model()[0]) < 100_000
