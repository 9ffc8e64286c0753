"""A hand changes how strokes look, and never which digit they are."""

import numpy as np
import pytest

from model_export.drawing.hand import (
    lean_strokes,
    smooth_stroke,
    thin_out,
    wander,
    wobble_strokes,
)

BEND = np.array([[0.0, 0], [0.4, 0.1], [0.7, 0.5], [0.6, 1]])


def test_slant_moves_the_top_to_the_right_of_the_foot() -> None:
    upright = np.array([[0.5, 0.0], [0.5, 1.0]])
    (leant,) = lean_strokes([upright], slant=0.3, rotation=0, stretch=1)
    assert leant[0, 0] - leant[1, 0] == pytest.approx(0.3)
    assert leant[:, 1].tolist() == [0, 1]


def test_rotation_turns_clockwise() -> None:
    (turned,) = lean_strokes([np.array([[1.0, 0.0]])], slant=0, rotation=np.pi / 2, stretch=1)
    assert turned[0] == pytest.approx([0, 1])


def test_stretch_is_width_over_height_and_keeps_the_area() -> None:
    (wide,) = lean_strokes([np.array([[1.0, 1.0]])], slant=0, rotation=0, stretch=1.44)
    assert wide[0, 0] / wide[0, 1] == pytest.approx(1.44)
    assert wide[0, 0] * wide[0, 1] == pytest.approx(1)


def test_a_smooth_line_passes_through_its_points() -> None:
    line = smooth_stroke(BEND, 5)
    assert len(line) == 3 * 5 + 1
    assert np.allclose(line[::5], BEND)


def test_a_smooth_line_bends_less_at_a_point_than_the_straight_ones() -> None:
    def sharpest(line: np.ndarray) -> float:
        steps = np.diff(line, axis=0)
        return float(np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0])))).max())

    assert sharpest(smooth_stroke(BEND, 12)) < sharpest(BEND) / 4


def test_two_points_stay_a_straight_line() -> None:
    line = smooth_stroke(BEND[:2], 8)
    assert np.allclose(line, np.linspace(BEND[0], BEND[1], 9))


def test_a_tremor_is_as_large_as_asked_and_slow() -> None:
    still = np.zeros((4000, 2))
    (moved,) = wobble_strokes([still], 0.01, np.random.default_rng(1))
    assert moved.std() == pytest.approx(0.01, rel=0.25)
    assert np.diff(moved, axis=0).std() < moved.std()


def test_a_course_has_the_size_asked_for() -> None:
    for points in (1, 2, 3, 4, 5, 9):
        assert wander(points, 2, np.random.default_rng(1)).shape == (points, 2)


def test_thinning_keeps_both_ends_and_the_distance() -> None:
    dense = np.stack([np.linspace(0, 10.3, 400), np.zeros(400)], axis=1)
    thin = thin_out(dense, 1.0)
    assert thin[0].tolist() == [0, 0]
    assert thin[-1].tolist() == [10.3, 0]
    assert np.diff(thin[:, 0]).min() > 0.45
    assert len(thin) <= 12


def test_thinning_leaves_what_is_thin_and_dots() -> None:
    assert thin_out(BEND, 0.01).tolist() == BEND.tolist()
    assert thin_out(BEND[:1], 1.0).tolist() == BEND[:1].tolist()
    assert len(thin_out(np.zeros((5, 2)), 1.0)) == 1
