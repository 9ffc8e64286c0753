"""Blanks come in many kinds and sizes, always the same from the same seed."""

import numpy as np
import pytest

from model_export.drawing.blanks import BLANKS, MAX_SIDE, MIN_SIDE, draw_blank


@pytest.mark.parametrize("kind", BLANKS)
def test_a_blank_is_a_grey_picture_within_the_sizes(kind: str) -> None:
    for seed in range(5):
        picture = BLANKS[kind](np.random.default_rng(seed))
        assert picture.dtype == np.uint8
        assert picture.ndim == 2
        assert min(picture.shape) >= MIN_SIDE
        assert max(picture.shape) <= MAX_SIDE


@pytest.mark.parametrize("kind", BLANKS)
def test_the_same_seed_draws_the_same(kind: str) -> None:
    one, other = (BLANKS[kind](np.random.default_rng(6)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", sorted(set(BLANKS) - {"empty", "flat"}))
def test_what_is_not_flat_has_more_than_one_grey(kind: str) -> None:
    for seed in range(5):
        assert np.ptp(BLANKS[kind](np.random.default_rng(seed))) > 0


@pytest.mark.parametrize("kind", ["empty", "flat"])
def test_what_is_flat_has_one_grey(kind: str) -> None:
    for seed in range(5):
        assert np.ptp(BLANKS[kind](np.random.default_rng(seed))) == 0


def test_small_and_large_ones_come_up() -> None:
    generator = np.random.default_rng(2)
    sides = [max(draw_blank(generator).shape) for _ in range(100)]
    assert min(sides) < 60
    assert max(sides) > 250
