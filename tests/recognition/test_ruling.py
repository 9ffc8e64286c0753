"""Printed lines go; a digit's own bars stay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.ruling import SMALLEST, _find_quantile, erase_ruling

SIDE = 100


def empty() -> np.ndarray:
    return np.zeros((SIDE, SIDE), bool)


def draw_mask(digit: int, width: float = 0.07) -> np.ndarray:
    """bool (100, 100): the digit, clear of the edges."""
    pen = Pen(width=width, ink=255, paper=0)
    return np.asarray(render_strokes(DIGIT_STROKES[digit], side=SIDE, pen=pen)) > 100


def line(start: float, end: float, thickness: int = 2) -> np.ndarray:
    """bool (100, 100): from one row at the left edge to another at the right one."""
    mask = empty()
    for column, row in enumerate(np.rint(np.linspace(start, end, SIDE)).astype(int)):
        mask[row : row + thickness, column] = True
    return mask


def assert_erased(mask: np.ndarray, expected: np.ndarray, spare: int = 0) -> None:
    """All that is expected is kept; and of the rest, no more than so many pixels."""
    erased = erase_ruling(mask)
    assert not (expected & ~erased).any()
    assert np.count_nonzero(erased & ~expected) <= spare


@pytest.mark.parametrize("row", [3, 6, 92])
@pytest.mark.parametrize("thickness", [1, 2, 4])
def test_a_line_beside_the_digit_is_erased(row: int, thickness: int) -> None:
    digit = draw_mask(3)
    assert_erased(digit | line(row, row, thickness), digit)


@pytest.mark.parametrize("rise", [-8, 5, 11])
def test_a_sloped_line_is_erased(rise: int) -> None:
    digit = draw_mask(8)
    assert_erased(digit | line(50, 50 + rise), digit, spare=40)


def test_a_steeper_line_is_a_stroke() -> None:
    mask = draw_mask(8) | line(20, 60)
    np.testing.assert_array_equal(erase_ruling(mask), mask)


def test_a_line_down_the_page_is_erased() -> None:
    digit = draw_mask(2)
    assert_erased(digit | line(20, 22).T, digit, spare=10)


def test_lines_both_ways_are_erased() -> None:
    digit = draw_mask(6)
    squared = np.logical_or.reduce([line(r, r, 1) | line(r, r, 1).T for r in (10, 45, 80)])
    assert_erased(digit | squared, digit, spare=30)


@pytest.mark.parametrize("digit", [0, 1, 6, 8, 9])
def test_a_stroke_that_a_line_crosses_is_not_cut(digit: int) -> None:
    mask = draw_mask(digit)
    assert_erased(mask | line(48, 48), mask, spare=40)


def test_a_4_on_a_line_keeps_its_bar() -> None:
    mask = draw_mask(4)
    assert_erased(mask | line(86, 86), mask, spare=20)
    assert_erased(mask | line(40, 42), mask, spare=40)


def test_a_4_keeps_its_bar_though_a_line_runs_along_it() -> None:
    mask = draw_mask(4)
    erased = erase_ruling(mask | line(55, 55))
    assert erased[53:60, 35:65].any(axis=0).mean() > 0.9


@pytest.mark.parametrize("digit", [2, 4, 5, 7])
@pytest.mark.parametrize("width", [0.07, 0.14])
def test_a_digit_cropped_close_keeps_its_bar(digit: int, width: float) -> None:
    mask = draw_mask(digit, width)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    tight = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    np.testing.assert_array_equal(erase_ruling(tight), tight)


def test_a_line_with_gaps_is_a_row_of_dashes() -> None:
    mask = draw_mask(3) | line(92, 92)
    mask[:, 20:30] &= draw_mask(3)[:, 20:30]
    np.testing.assert_array_equal(erase_ruling(mask), mask)


def test_a_thick_bar_is_no_ruling() -> None:
    mask = draw_mask(3) | line(88, 88, thickness=9)
    np.testing.assert_array_equal(erase_ruling(mask), mask)


def test_a_line_alone_is_not_taken_away() -> None:
    mask = line(50, 50)
    np.testing.assert_array_equal(erase_ruling(mask), mask)


def test_a_thumbnail_is_left_alone() -> None:
    mask = np.zeros((SMALLEST - 1, 60), bool)
    mask[3] = True
    mask[8:18, 28:31] = True
    assert erase_ruling(mask) is mask


def test_without_lines_nothing_changes() -> None:
    for digit in range(10):
        mask = draw_mask(digit)
        assert erase_ruling(mask) is mask


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40))))
@settings(deadline=None)
def test_ink_is_only_taken_away_and_what_was_given_stays(mask: np.ndarray) -> None:
    before = mask.copy()
    erased = erase_ruling(mask)
    np.testing.assert_array_equal(mask, before)
    assert not (erased & ~mask).any()


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=300), st.floats(0, 1))
def test_quantile_is_numpys_own_to_the_last_bit(values: list[int], share: float) -> None:
    assert _find_quantile(np.array(values), share) == np.quantile(np.array(values), share)
