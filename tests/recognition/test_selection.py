"""Which ink is the digit's: each rule by a mask that breaks it and one that does not."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.selection import Part, label_parts, select_digit

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom; exclusive at the right and the bottom."""

DIGIT: Rectangle = (35, 20, 65, 80)
"""60 long, in the middle of a sheet of 100."""


def ink_of(*rectangles: Rectangle, faint: Iterable[Rectangle] = ()) -> np.ndarray:
    ink = np.zeros((100, 100), np.float32)
    for left, top, right, bottom in rectangles:
        ink[top:bottom, left:right] = 1
    for left, top, right, bottom in faint:
        ink[top:bottom, left:right] = 0.4
    return ink


def select(ink: np.ndarray) -> np.ndarray:
    return select_digit(ink > 0.3, ink)


def assert_kept(*parts: Rectangle, dropped: Iterable[Rectangle] = ()) -> None:
    ink = ink_of(*parts, *dropped)
    np.testing.assert_array_equal(select(ink), ink_of(*parts) > 0)


def label_naively(mask: np.ndarray) -> np.ndarray:
    """By flood, each part numbered at its first pixel in reading order."""
    labels = np.zeros(mask.shape, np.int32)
    number = 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        number += 1
        waiting = [(int(start[0]), int(start[1]))]
        while waiting:
            y, x = waiting.pop()
            inside = 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1]
            if not inside or not mask[y, x] or labels[y, x]:
                continue
            labels[y, x] = number
            waiting += [(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return labels


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 16), st.integers(1, 16))))
@settings(deadline=None, max_examples=300)
def test_parts_are_those_that_a_flood_finds(mask: np.ndarray) -> None:
    labels, parts = label_parts(mask)
    np.testing.assert_array_equal(labels, label_naively(mask))
    assert labels.max() == len(parts)
    for number, part in enumerate(parts, start=1):
        rows, columns = np.nonzero(labels == number)
        assert part == Part(
            left=columns.min(),
            top=rows.min(),
            right=columns.max() + 1,
            bottom=rows.max() + 1,
            area=len(rows),
        )


def test_two_arms_that_meet_below_are_one_part() -> None:
    rows = ("#...#...#", "#...#...#", ".#.#.#.#.", "..#...#..")
    mask = np.array([[character == "#" for character in row] for row in rows])
    assert len(label_parts(mask)[1]) == 1
    assert len(label_parts(mask[:2])[1]) == 3


def test_an_empty_mask_has_no_parts() -> None:
    labels, parts = label_parts(np.zeros((3, 4), bool))
    assert not labels.any()
    assert parts == []


def test_a_part_alone_is_kept_whatever_it_is() -> None:
    for alone in (DIGIT, (0, 40, 100, 44), (98, 98, 100, 100)):
        assert_kept(alone)


def test_nothing_stays_nothing() -> None:
    assert not select(ink_of()).any()


def test_specks_are_dropped_however_near() -> None:
    assert_kept(DIGIT, dropped=[(67, 30, 71, 34), (10, 10, 13, 13), (48, 83, 52, 86)])


def test_a_small_stroke_nearby_is_kept() -> None:
    assert_kept(DIGIT, (67, 20, 80, 25))


def test_a_small_stroke_far_away_is_dropped() -> None:
    assert_kept(DIGIT, dropped=[(82, 20, 95, 25)])


@pytest.mark.parametrize(
    "piece", [(0, 40, 24, 46), (76, 40, 100, 46), (45, 0, 51, 14), (45, 88, 51, 100)]
)
def test_the_next_fields_piece_is_dropped(piece: Rectangle) -> None:
    assert_kept(DIGIT, dropped=[piece])


def test_even_a_long_piece_of_the_next_field_is_dropped() -> None:
    assert_kept(DIGIT, dropped=[(0, 10, 3, 90)])


def test_a_long_stroke_far_away_is_a_character_of_its_own() -> None:
    assert_kept((10, 20, 30, 80), (80, 30, 90, 70))


def test_all_characters_of_a_number_are_kept() -> None:
    assert_kept((5, 30, 20, 75), (30, 28, 45, 75), (55, 30, 70, 72), (82, 30, 95, 70))


def test_a_heavy_stroke_that_reaches_the_edge_is_the_digits() -> None:
    assert_kept(DIGIT, (70, 20, 100, 60))


def test_where_the_digit_itself_is_cut_what_lies_near_is_its_own() -> None:
    assert_kept((30, 0, 60, 60), (62, 0, 80, 6))


@pytest.mark.parametrize("line", [(0, 90, 100, 93), (3, 4, 97, 7), (88, 0, 92, 100)])
def test_a_ruled_line_beside_the_digit_is_dropped(line: Rectangle) -> None:
    assert_kept(DIGIT, dropped=[line])


def test_a_line_beside_hardly_anything_is_kept() -> None:
    """It may be a 1 that fills its sheet, and a speck."""
    ink = ink_of((48, 0, 52, 100), (60, 30, 63, 33))
    assert select(ink)[50, 50]


@pytest.mark.parametrize("margin", [0, 4, 12])
def test_a_box_around_the_digit_is_dropped(margin: int) -> None:
    outline = ink_of((margin, margin, 100 - margin, 100 - margin))
    outline[margin + 3 : 97 - margin, margin + 3 : 97 - margin] = 0
    digit = ink_of(DIGIT)
    np.testing.assert_array_equal(select(outline + digit), digit > 0)


def test_a_box_with_little_inside_is_a_drawing() -> None:
    outline = ink_of((10, 10, 90, 90))
    outline[14:86, 14:86] = 0
    dot = ink_of((46, 45, 56, 57))
    assert select(outline + dot)[10, 10]


def test_what_is_faint_never_outweighs_what_is_full() -> None:
    ink = ink_of((60, 20, 70, 80), faint=[(10, 20, 26, 80)])
    kept = select(ink)
    assert kept[50, 65]
    shade = ink_of((60, 20, 70, 80), faint=[(0, 0, 30, 100)])
    kept = select(shade)
    assert kept[50, 65]
    assert not kept[50, 10]


@pytest.mark.parametrize(
    ("digit", "stroke", "apart"),
    [
        (1, 0, (-0.10, 0.0)),
        (4, 2, (0.25, -0.02)),
        (5, 0, (0.09, -0.03)),
        (7, 1, (0.12, 0.1)),
        (9, 1, (0.08, 0.04)),
    ],
)
def test_a_stroke_set_apart_is_the_digits(
    digit: int, stroke: int, apart: tuple[float, float]
) -> None:
    """As a hasty hand leaves a 5's flag, and a 4's upright."""
    strokes = list(DIGIT_STROKES[digit])
    strokes[stroke] = strokes[stroke] + apart
    sheet = render_strokes(strokes, side=100, pen=Pen(width=0.05, ink=255, paper=0))
    ink = np.asarray(sheet, np.float32) / np.float32(255)
    mask = ink > 0.3
    assert len(label_parts(mask)[1]) == 2
    np.testing.assert_array_equal(select_digit(mask, ink), mask)


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 60), st.integers(1, 60)),
        max_size=8,
    )
)
@settings(deadline=None)
def test_some_part_is_kept_and_each_one_whole(boxes: list[tuple[int, int, int, int]]) -> None:
    ink = ink_of(*((left, top, left + width, top + height) for left, top, width, height in boxes))
    mask = ink > 0
    kept = select(ink)
    assert kept.any() == mask.any()
    assert not (kept & ~mask).any()
    labels, parts = label_parts(mask)
    for number in range(1, len(parts) + 1):
        assert len(np.unique(kept[labels == number])) == 1
