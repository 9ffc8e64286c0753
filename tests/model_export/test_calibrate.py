"""Calibration makes scores honest, and costs no more answers than it says."""

import numpy as np
import pytest
from numpy.typing import NDArray

from model_export.calibrate import (
    MOST_UNCERTAIN,
    REJECTED_SHARE,
    WRONG_SHARE,
    Logits,
    calibrate,
    choose_temperature,
    choose_uncertain,
)
from recognition.classifier import softmax

COUNT = 10_000


def overstate(factor: float, strangeness: float = -9.0) -> tuple[Logits, NDArray[np.uint8]]:
    """Logits so many times what they should be, and labels as likely as the true ones say."""
    generator = np.random.default_rng(1)
    logits = generator.normal(0, 2, (COUNT, 10)).astype(np.float32)
    drawn = softmax(logits).cumsum(axis=1) > generator.random((COUNT, 1))
    stranger = np.full((COUNT, 1), strangeness, np.float32)
    return np.hstack([np.float32(factor) * logits, stranger]), drawn.argmax(axis=1).astype(np.uint8)


def rank_answers(wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Confidences from 1 down, and which answers are right; `wrong` are places from the top."""
    right = np.ones(COUNT, bool)
    right[wrong] = False
    return np.linspace(1, 0.1, COUNT, dtype=np.float32), right


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_temperature_undoes_what_overstates_the_logits(factor: float) -> None:
    assert choose_temperature(*overstate(factor)) == pytest.approx(factor, rel=0.03)


def test_strangeness_has_no_part_in_the_temperature() -> None:
    assert choose_temperature(*overstate(2, -9)) == choose_temperature(*overstate(2, 9))


def test_calibrated_confidence_is_the_share_that_is_right() -> None:
    logits, labels = overstate(3)
    scores = softmax(logits[:, :10] / np.float32(choose_temperature(logits, labels)))
    right = (scores.argmax(axis=1) == labels).mean()
    assert scores.max(axis=1).mean() == pytest.approx(right, abs=0.02)


def test_all_right_answers_leave_the_temperature_in_its_bounds() -> None:
    labels = (np.arange(100) % 10).astype(np.uint8)
    logits = np.zeros((100, 11), np.float32)
    logits[np.arange(100), labels] = 20
    assert 0.2 <= choose_temperature(logits, labels) <= 5


def test_wrong_answers_at_the_bottom_are_called_uncertain() -> None:
    confidence, right = rank_answers(np.arange(COUNT - 100, COUNT, 2))
    certain = confidence >= choose_uncertain(confidence, right)
    assert (~right[certain]).mean() <= WRONG_SHARE
    assert certain.mean() > 0.985  # no more than it takes


def test_wrong_answers_everywhere_make_no_more_uncertain_than_allowed() -> None:
    confidence, right = rank_answers(np.arange(0, COUNT, 50))
    uncertain = confidence < choose_uncertain(confidence, right)
    assert uncertain.mean() == pytest.approx(MOST_UNCERTAIN, abs=0.0005)


def test_answers_that_are_all_right_are_all_certain() -> None:
    confidence, right = rank_answers(np.array([], int))
    assert (confidence >= choose_uncertain(confidence, right)).all()


def test_order_of_the_answers_decides_nothing() -> None:
    confidence, right = rank_answers(np.arange(COUNT - 100, COUNT, 2))
    shuffled = np.random.default_rng(1).permutation(COUNT)
    expected = choose_uncertain(confidence, right)
    assert choose_uncertain(confidence[shuffled], right[shuffled]) == expected


@pytest.mark.parametrize("middle", [0.0, -8.0, -14.0])
def test_no_more_legible_digits_are_rejected_than_promised(middle: float) -> None:
    """Also by a network whose digits are hardly strange at all: -14 is a strangeness of 1e-7."""
    logits, labels = overstate(1)
    logits[:, 10] = np.random.default_rng(2).normal(middle, 1, COUNT)
    threshold = calibrate(logits, labels).not_a_digit_above
    legible = logits[:, :10].argmax(axis=1) == labels
    assert (softmax(logits)[legible, 10] > threshold).mean() <= REJECTED_SHARE


def test_strange_digits_are_rejected() -> None:
    logits, labels = overstate(1)
    logits[:, 10] = np.random.default_rng(2).normal(0, 1, COUNT)
    threshold = calibrate(logits, labels).not_a_digit_above
    legible = logits[:, :10].argmax(axis=1) == labels
    rejected = (softmax(logits)[legible, 10] > threshold).mean()
    assert rejected == pytest.approx(REJECTED_SHARE, abs=0.0005)


def test_what_would_be_read_wrong_may_be_rejected() -> None:
    logits, labels = overstate(1)
    wrong = logits[:, :10].argmax(axis=1) != labels
    expected = calibrate(logits, labels).not_a_digit_above
    logits[wrong, 10] = 9
    assert calibrate(logits, labels).not_a_digit_above == expected


def test_rejected_digits_do_not_count_as_uncertain() -> None:
    logits, labels = overstate(1)
    strange = np.arange(COUNT) < COUNT * REJECTED_SHARE
    logits[strange, :10], logits[strange, 10] = 0, 9
    found = calibrate(logits, labels)
    confidence = softmax(logits[:, :10] / np.float32(found.temperature)).max(axis=1)
    uncertain = confidence[~strange] < found.uncertain_below
    assert uncertain.mean() == pytest.approx(MOST_UNCERTAIN, abs=0.0005)


def test_figures_are_round_enough_for_a_card() -> None:
    found = calibrate(*overstate(2))
    assert found.temperature == round(found.temperature, 3)
    assert found.uncertain_below == round(found.uncertain_below, 4)
    assert found.not_a_digit_above == round(found.not_a_digit_above, 4)
