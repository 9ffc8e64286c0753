"""A nib covers what its width says, without gaps."""

import numpy as np
import pytest

from model_export.drawing.nib import cover_pixels


def cover(stroke: np.ndarray, width: float | np.ndarray, side: int = 120) -> np.ndarray:
    widths = np.broadcast_to(np.asarray(width, float), len(stroke))
    inked: np.ndarray = np.asarray(cover_pixels([stroke], [widths], (side, side))) == 255
    return inked


@pytest.mark.parametrize("width", [1, 2, 3, 8, 15])
def test_a_line_has_its_width(width: int) -> None:
    inked = cover(np.array([[20.0, 60.0], [100.0, 60.0]]), width)
    assert inked[:, 50].sum() == pytest.approx(width, abs=1)


def test_a_ring_has_no_gaps() -> None:
    angles = np.linspace(0, 2 * np.pi, 25)
    ring = 60 + 30 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    inked = cover(ring, 24)
    y, x = np.mgrid[:120, :120]
    radius = np.hypot(x - 60, y - 60)
    assert inked[(radius > 21) & (radius < 39.5)].all()
    assert not inked[(radius < 16) | (radius > 44)].any()


def test_a_line_may_grow_on_its_way() -> None:
    stroke = np.stack([np.linspace(20, 100, 30), np.full(30, 60.0)], axis=1)
    inked = cover(stroke, np.linspace(4, 20, 30))
    assert inked[:, 95].sum() > inked[:, 60].sum() > inked[:, 25].sum()


def test_a_dot_is_round() -> None:
    assert cover(np.array([[60.0, 60.0]]), 20).sum() == pytest.approx(np.pi * 100, rel=0.1)


def test_a_dot_of_one_pixel_is_seen() -> None:
    assert cover(np.array([[60.0, 60.0]]), 1).sum() >= 1
