"""A shadow in a corner is no ink, and a digit in one is."""

from collections.abc import Callable

import numpy as np
import pytest

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.preprocessing import normalize_digit
from recognition.shade import drop_shade

SIDE = 200
SHADE, INK = 150, 200


def draw_digit(digit: int, side: int, *, margin: float = 0.15) -> np.ndarray:
    """uint8 (side, side): contrast, its strokes so far from the edges."""
    strokes = [margin + (1 - 2 * margin) * stroke for stroke in DIGIT_STROKES[digit]]
    return np.asarray(render_strokes(strokes, side=side, pen=Pen(width=0.05, ink=INK, paper=0)))


def shade_strip(side: int, *, width: float = 0.12, length: float = 1.0) -> np.ndarray:
    """uint8 (side, side): a shadow's strip along the left edge, from the top."""
    strip = np.zeros((side, side), np.uint8)
    strip[: round(length * side), : round(width * side)] = SHADE
    return strip


Turn = Callable[[np.ndarray], np.ndarray]
TURNS: dict[str, Turn] = {
    "as it is": lambda image: image,
    "mirrored": lambda image: image[:, ::-1],
    "upside down": lambda image: image[::-1],
    "on its side": lambda image: image.T,
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
@pytest.mark.parametrize("length", [1.0, 0.6])
@pytest.mark.parametrize("side", [60, SIDE, 399])
def test_a_strip_of_shade_goes_and_the_digit_stays(turn: Turn, length: float, side: int) -> None:
    digit = draw_digit(3, side, margin=0.3)
    left = drop_shade(np.ascontiguousarray(turn(digit | shade_strip(side, length=length))))
    np.testing.assert_array_equal(left, turn(digit))


def test_a_corner_of_shade_goes_along_both_edges() -> None:
    corner = shade_strip(SIDE) | shade_strip(SIDE).T
    assert not drop_shade(corner).any()


def test_where_shade_is_all_that_stands_out_there_is_nothing() -> None:
    faint = draw_digit(3, SIDE, margin=0.3) // 4
    assert not drop_shade(shade_strip(SIDE) | faint).any()


def test_what_is_faint_around_shade_goes_with_it() -> None:
    strip = shade_strip(SIDE)
    strip[:, 24:34] = SHADE // 2
    digit = draw_digit(3, SIDE, margin=0.3)
    np.testing.assert_array_equal(drop_shade(strip | digit), digit)


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("margin", [-0.15, -0.1, 0.0, 0.2])
def test_a_digit_is_left_as_it_is_however_close_it_is_cropped(digit: int, margin: float) -> None:
    contrast = draw_digit(digit, SIDE, margin=margin)
    assert drop_shade(contrast) is contrast


def test_a_digit_that_touches_an_edge_and_no_corner_is_left() -> None:
    digit = draw_digit(1, SIDE, margin=0.3)
    contrast = np.roll(digit, -int(np.flatnonzero(digit.any(axis=0))[0]), axis=1)
    assert contrast[:, 0].any()
    assert drop_shade(contrast) is contrast


@pytest.mark.parametrize("angle", [0.0, 0.15, -0.2])
def test_paper_with_a_shadow_at_its_edge_is_blank(angle: float) -> None:
    down, across = np.mgrid[:SIDE, :SIDE] / SIDE
    shadow = 1 / (1 + np.exp(-40 * (across + angle * down - 0.85)))
    grain = np.random.default_rng(3).normal(0, 2, (SIDE, SIDE))
    sheet = np.clip(200 * (1 - 0.5 * shadow) + grain, 0, 255).astype(np.uint8)
    assert normalize_digit(sheet) is None


@pytest.mark.parametrize("digit", [2, 5, 9])
def test_a_small_digit_is_found_beside_a_shadow_at_the_edge(digit: int) -> None:
    across = np.arange(SIDE) / SIDE
    light = 1 - 0.5 / (1 + np.exp(-40 * (across - 0.88)))
    grain = np.random.default_rng(digit).normal(0, 2, (SIDE, SIDE))
    ink = np.zeros((SIDE, SIDE))
    ink[90:140, 60:110] = draw_digit(digit, 50, margin=0.05) / INK
    sheet = np.clip(210 * light * (1 - 0.6 * ink) + grain, 0, 255).astype(np.uint8)
    found = normalize_digit(sheet)
    assert found is not None
    box = found.box
    assert (box.left, box.top) >= (55, 85)
    assert (box.right, box.bottom) <= (115, 145)
