"""Scribbles are of many kinds, and none is as simple as a digit."""

import numpy as np
import pytest

from model_export.drawing.scribbles import SCRIBBLES, draw_scribble, is_involved, turning


def test_a_circle_turns_once() -> None:
    t = np.linspace(0, 2 * np.pi, 400)
    assert turning(np.stack([np.cos(t), np.sin(t)], axis=1)) == pytest.approx(2 * np.pi, rel=0.01)


def test_an_eight_is_not_involved() -> None:
    t = np.linspace(0, 2 * np.pi, 400)
    assert not is_involved(np.stack([np.sin(2 * t), 2 * np.cos(t)], axis=1))


@pytest.mark.parametrize("kind", SCRIBBLES)
def test_a_scribble_is_no_single_line_ring_or_hook(kind: str) -> None:
    for seed in range(30):
        paths = SCRIBBLES[kind](np.random.default_rng(seed))
        many = len(paths) > 1
        assert many or turning(paths[0]) > 3 * np.pi


@pytest.mark.parametrize("kind", ["tangle", "polygon"])
def test_random_curves_are_more_involved_than_an_eight(kind: str) -> None:
    for seed in range(30):
        (path,) = SCRIBBLES[kind](np.random.default_rng(seed))
        assert is_involved(path)


def test_a_scribble_fills_its_box() -> None:
    generator = np.random.default_rng(2)
    for _ in range(200):
        points = np.concatenate(draw_scribble(generator))
        assert np.isfinite(points).all()
        np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-12)
        assert points.max() == pytest.approx(1)


def test_the_same_seed_draws_the_same() -> None:
    one, other = (draw_scribble(np.random.default_rng(6)) for _ in range(2))
    assert [stroke.tobytes() for stroke in one] == [stroke.tobytes() for stroke in other]
