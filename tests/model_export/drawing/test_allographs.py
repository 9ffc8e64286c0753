"""Every digit is drawn, in many ways, and no 1 so that it could be a 7."""

import itertools

import numpy as np
import pytest

from model_export.drawing.allographs import (
    BASE_MARGIN,
    BASE_SHARE,
    DIGIT_WEIGHTS,
    SHORTEST_BAR,
    STEEPEST_BAR,
    WIDEST_FLAG,
    WIDEST_LONG_FLAG,
    draw_allograph,
    write_digit,
)
from model_export.drawing.canvas import draw_on_canvas, random_canvas
from model_export.drawing.strokes import Stroke
from recognition.preprocessing import normalize_digit

TREMOR = 8.0
"""Degrees that a hand may add to a line."""
DRAWINGS = 400


def many(digit: int) -> list[list[Stroke]]:
    generator = np.random.default_rng(digit)
    return [write_digit(digit, generator) for _ in range(DRAWINGS)]


def height(strokes: list[Stroke]) -> float:
    return float(np.ptp(np.concatenate(strokes)[:, 1]))


def flag(strokes: list[Stroke]) -> tuple[float, float] | None:
    """A flag's length, as a share of the height, and its degrees from the stem; None without."""
    line = strokes[0]
    top = int(line[:, 1].argmin())
    lead = line[0] - line[top]
    stem = line[-1] - line[top]
    length, reach = np.hypot(*lead), np.hypot(*stem)
    if top < 2 or length < 0.05:
        return None
    return float(length / height(strokes)), float(
        np.rad2deg(np.arccos(lead @ stem / (length * reach)))
    )


def bar(strokes: list[Stroke]) -> tuple[float, float]:
    """The length of a 7's top bar, as a share of the height, and the degrees that it climbs."""
    line = strokes[0]
    corner = line[: len(line) // 2 + 1] @ [1.0, -1.0]
    end = int(corner.argmax())
    begin = int((line[: end + 1] @ [1.0, 1.0]).argmin())  # past a serif, which hangs from it
    across, up = line[end, 0] - line[begin, 0], line[begin, 1] - line[end, 1]
    return float(across / height(strokes)), float(np.rad2deg(np.arctan2(up, across)))


def test_the_same_seed_draws_the_same() -> None:
    (one, strokes), (other, again) = (draw_allograph(np.random.default_rng(6)) for _ in range(2))
    assert one == other
    assert [stroke.tobytes() for stroke in strokes] == [stroke.tobytes() for stroke in again]


def test_each_digit_is_drawn_as_often_as_its_weight_says() -> None:
    generator = np.random.default_rng(1)
    digits = [draw_allograph(generator)[0] for _ in range(3000)]
    shares = np.bincount(digits, minlength=10) / len(digits)
    assert sum(DIGIT_WEIGHTS) == pytest.approx(1)
    np.testing.assert_allclose(shares, DIGIT_WEIGHTS, atol=0.025)


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_stands_in_its_box(digit: int) -> None:
    for strokes in many(digit)[:50]:
        points = np.concatenate(strokes)
        assert np.isfinite(points).all()
        np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-12)
        assert points.max() == pytest.approx(1)


@pytest.mark.parametrize("digit", range(10))
def test_no_two_drawings_of_a_digit_are_alike(digit: int) -> None:
    drawings = [np.concatenate(strokes)[:8] for strokes in many(digit)[:40]]
    assert all(np.abs(a - b).max() > 1e-3 for a, b in itertools.combinations(drawings, 2))


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_found_on_any_canvas(digit: int) -> None:
    generator = np.random.default_rng(3)
    for strokes in many(digit)[:20]:
        assert normalize_digit(draw_on_canvas(strokes, random_canvas(generator), generator))


def test_flags_are_of_every_length() -> None:
    lengths = [found[0] for strokes in many(1) if (found := flag(strokes))]
    assert min(lengths) < 0.15
    assert max(lengths) > 0.85
    assert 0.55 < len(lengths) / DRAWINGS < 0.85


def test_some_flagged_ones_stand_on_a_base_line() -> None:
    flagged = [strokes for strokes in many(1) if flag(strokes)]
    share = np.mean([len(strokes) == 2 for strokes in flagged])
    assert share == pytest.approx(BASE_SHARE, abs=0.08)


def test_a_flag_never_passes_the_margin_into_a_seven() -> None:
    for strokes in many(1):
        if found := flag(strokes):
            length, angle = found
            more = TREMOR + BASE_MARGIN * (len(strokes) == 2)
            assert angle <= (WIDEST_LONG_FLAG if length > 0.7 else WIDEST_FLAG) + more


def test_a_seven_that_no_bar_crosses_has_a_long_and_level_one_at_its_top() -> None:
    plain = [strokes for strokes in many(7) if len(strokes) == 1]
    assert DRAWINGS / 3 < len(plain) < DRAWINGS * 2 / 3
    for strokes in plain:
        length, climb = bar(strokes)
        assert length >= 0.85 * SHORTEST_BAR
        assert climb <= STEEPEST_BAR + TREMOR


def test_the_margin_between_a_one_and_a_seven_is_wide() -> None:
    steepest_seven = max(bar(strokes)[1] for strokes in many(7) if len(strokes) == 1)
    climbs = []
    for strokes in many(1):
        found = flag(strokes)
        if found and found[0] > SHORTEST_BAR and len(strokes) == 1:
            line = strokes[0]
            across, up = line[line[:, 1].argmin()] - line[0]
            climbs.append(np.rad2deg(np.arctan2(-up, across)))
    assert min(climbs) > steepest_seven + 15
