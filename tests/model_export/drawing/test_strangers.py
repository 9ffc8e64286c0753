"""Digits joined, struck out and turned are no digits, and still whole drawings."""

import itertools

import numpy as np
import pytest

from model_export.drawing.strangers import (
    MIN_GAP,
    TURNABLE_DIGITS,
    cross_out,
    join_digits,
    turn_digit,
)
from model_export.drawing.strokes import Stroke, curve

ONE = [curve((0.5, 0.0), (0.5, 1.0))]
SEVEN = [curve((0.0, 0.0), (0.6, 0.0)), curve((0.6, 0.0), (0.2, 1.0))]
FOUR = [
    curve((0.3, 0.0), (0.0, 0.6)),
    curve((0.0, 0.6), (0.7, 0.6)),
    curve((0.5, 0.3), (0.5, 1.0)),
]


def extent(strokes: list[Stroke]) -> tuple[Stroke, Stroke]:
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def test_joined_digits_stand_side_by_side_in_order() -> None:
    for seed in range(20):
        strokes = join_digits([FOUR, ONE, SEVEN], np.random.default_rng(seed))
        four, one, seven = strokes[:3], strokes[3:4], strokes[4:]
        for left, right in itertools.pairwise((four, one, seven)):
            gap = extent(right)[0][0] - extent(left)[1][0]
            height = max(np.ptp(np.concatenate(digit)[:, 1]) for digit in (four, one, seven))
            assert gap >= 0.8 * MIN_GAP * height


def test_joined_digits_end_in_a_box_of_one() -> None:
    low, high = extent(join_digits([ONE, SEVEN], np.random.default_rng(1)))
    np.testing.assert_allclose(low, 0, atol=1e-12)
    assert high.max() == pytest.approx(1)


def test_a_crossed_out_digit_has_its_strokes_and_more_than_one_line() -> None:
    for seed in range(30):
        strokes = cross_out(SEVEN, np.random.default_rng(seed))
        marks = strokes[len(SEVEN) :]
        assert len(marks) >= 2 or len(marks[0]) > 20


def test_a_narrow_digit_is_crossed_out_widely() -> None:
    for seed in range(30):
        strokes = cross_out(ONE, np.random.default_rng(seed))
        low, high = extent(strokes[1:])
        assert high[0] - low[0] > 0.3


def test_an_eight_is_laid_on_its_side() -> None:
    points = np.concatenate(turn_digit([curve((0, 0), (0.4, 0.5), (0, 1))], 8))
    assert np.ptp(points[:, 0]) == pytest.approx(1)
    assert np.ptp(points[:, 1]) < 0.5


def test_a_three_is_laid_on_its_open_side() -> None:
    three = curve((0, 0), (0.5, 0.25), (0.2, 0.5), (0.5, 0.75), (0, 1))
    (stroke,) = turn_digit([three], 3)
    assert stroke[0, 1] == stroke[:, 1].max() == stroke[-1, 1]


def test_digits_that_stay_digits_are_not_turned() -> None:
    assert not TURNABLE_DIGITS & {0, 1, 2, 4, 5, 6, 7, 9}
    with pytest.raises(KeyError):
        turn_digit(ONE, 1)


def test_the_same_seed_draws_the_same() -> None:
    def draw() -> bytes:
        generator = np.random.default_rng(5)
        joined = join_digits([ONE, FOUR], generator)
        return np.concatenate(joined + cross_out(SEVEN, generator)).tobytes()

    assert draw() == draw()
