"""What counts as right, as refused and as an error."""

import dataclasses

import numpy as np

from model_export.readings import Family
from model_export.report.evaluation import (
    is_error,
    is_right,
    pool_confidence,
    pool_strangeness,
)
from recognition.result import Outcome
from tests.model_export.report.readings import make_evaluation, make_readings


def test_a_misread_digit_is_an_error() -> None:
    readings = make_readings("pens", Family.PENS, count=10, wrong=3)
    assert is_error(readings).tolist() == [True] * 3 + [False] * 7


def test_a_right_digit_that_is_refused_is_an_error_though_right() -> None:
    readings = make_readings("pens", Family.PENS, count=4)
    readings.outcomes[2] = Outcome.NOT_A_DIGIT
    assert is_right(readings).all()
    assert is_error(readings).tolist() == [False, False, True, False]


def test_a_right_digit_that_is_uncertain_is_no_error() -> None:
    readings = make_readings("pens", Family.PENS, count=4)
    readings.outcomes[1] = Outcome.UNCERTAIN
    assert not is_error(readings).any()


def test_a_digit_without_ink_is_never_right() -> None:
    readings = make_readings("pens", Family.PENS, count=4)
    # Even scores have the answer 0, which is the first one's label.
    blank = np.array([True, False, False, False])
    readings = dataclasses.replace(
        readings, samples=dataclasses.replace(readings.samples, blank=blank)
    )
    assert not is_right(readings)[0]
    assert len(pool_confidence([readings])[0]) == 3


def test_what_is_called_a_digit_and_is_none_is_an_error() -> None:
    readings = make_readings("letters", Family.STRANGERS, count=5, wrong=2)
    readings.outcomes[1] = Outcome.UNCERTAIN
    assert is_error(readings).tolist() == [True, True, False, False, False]


def test_strangeness_is_pooled_apart_for_digits_and_others() -> None:
    evaluation = make_evaluation()
    assert len(pool_strangeness(evaluation.of(Family.MNIST, Family.PENS), digits=True)) == 1100
    assert len(pool_strangeness(evaluation.of(Family.STRANGERS), digits=False)) == 50
    assert len(pool_strangeness([], digits=True)) == 0
