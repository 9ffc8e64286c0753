"""Each fault has five levels, each further from the clean picture than the one before."""

import numpy as np
import pytest

from model_export.drawing.corruptions import CORRUPTIONS, LEVELS
from tests.model_export.drawing.pages import draw_picture


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_level_is_worse(name: str) -> None:
    def measure(level: int) -> float:
        losses = []
        for seed in range(6):
            picture = draw_picture(seed)
            spoilt = CORRUPTIONS[name](picture, level, np.random.default_rng(seed))
            side = min(picture.shape[0], spoilt.shape[0])
            clean = _centre(picture, side) / 255 * (_centre(spoilt, side).max() / 255)
            losses.append(np.abs(_centre(spoilt, side) / 255 - clean).mean())
        return float(np.mean(losses))

    assert list(LEVELS) == [1, 2, 3, 4, 5]
    losses = [measure(level) for level in LEVELS]
    assert losses == sorted(losses)
    assert losses[0] < losses[-1] / 1.5


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_same_seed_spoils_alike(name: str) -> None:
    once = CORRUPTIONS[name](draw_picture(), 3, np.random.default_rng(1))
    again = CORRUPTIONS[name](draw_picture(), 3, np.random.default_rng(1))
    assert once.dtype == np.uint8
    assert np.array_equal(once, again)


def _centre(picture: np.ndarray, side: int) -> np.ndarray:
    top, left = ((length - side) // 2 for length in picture.shape)
    return picture[top : top + side, left : left + side].astype(float)
