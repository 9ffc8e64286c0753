"""A hand follows its path: smooth, evenly spaced, a little unsteady, one size in the end."""

import numpy as np
import pytest

from model_export.drawing.penmanship import (
    POINT_SPACING,
    draw_by_hand,
    shear_and_turn,
    smooth_path,
    space_points,
)

KNOTS = np.array([(0.1, 0.2), (0.5, 0.9), (0.8, 0.3), (0.81, 0.31), (0.9, 0.9)])


def test_a_smooth_path_passes_through_its_knots() -> None:
    path = smooth_path(KNOTS)
    for knot in KNOTS:
        assert np.linalg.norm(path - knot, axis=1).min() < 1e-9


def test_unevenly_spread_knots_make_no_far_detour() -> None:
    path = smooth_path(KNOTS)
    assert path.min() > 0
    assert path.max() < 1.1


def test_a_knot_twice_is_a_knot_once() -> None:
    twice = np.repeat(KNOTS, 2, axis=0)
    np.testing.assert_array_equal(smooth_path(twice), smooth_path(KNOTS))


def test_two_knots_make_a_straight_line() -> None:
    np.testing.assert_array_equal(smooth_path(KNOTS[:2]), KNOTS[:2])


def test_points_are_evenly_spaced() -> None:
    points = space_points(np.array([(0.0, 0.0), (0.9, 0.0), (1.0, 0.0)]), 0.1)
    np.testing.assert_allclose(points[:, 0], np.linspace(0, 1, 11))


def test_a_dot_has_two_ends() -> None:
    assert space_points(np.zeros((2, 2)), 0.1).shape == (2, 2)


def test_a_drawing_ends_in_a_box_of_one() -> None:
    strokes = draw_by_hand([KNOTS * 40 + 7, KNOTS[:2] * 40], np.random.default_rng(3))
    points = np.concatenate(strokes)
    np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-12)
    assert points.max() == pytest.approx(1)


def test_a_hand_keeps_near_its_path() -> None:
    path = np.array([(0.0, 0.0), (1.0, 0.0)])
    for seed in range(20):
        (stroke,) = draw_by_hand([path], np.random.default_rng(seed))
        assert np.ptp(stroke[:, 1]) < 0.08
        assert len(stroke) == pytest.approx(1 / POINT_SPACING, abs=2)


def test_the_same_seed_draws_the_same() -> None:
    def draw() -> bytes:
        generator = np.random.default_rng(5)
        turned = shear_and_turn([KNOTS], generator, turn=0.1, slant=0.1, stretch=0.1)
        return np.concatenate(draw_by_hand(turned, generator)).tobytes()

    assert draw() == draw()
