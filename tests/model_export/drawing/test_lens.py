"""A lens blurs, turns and roughens a page, and loses none of it."""

import numpy as np
import pytest

from model_export.drawing.lens import add_noise, compress, defocus, smear, tilt_page
from tests.model_export.drawing.pages import draw_page, draw_picture


@pytest.mark.parametrize("seed", range(8))
def test_tilted_page_is_still_whole(seed: int) -> None:
    page = np.ones((120, 160), np.float32)
    for y, x in ((2, 2), (2, -3), (-3, 2), (-3, -3)):
        page[y, x] = page[y - 1, x] = page[y, x - 1] = page[y - 1, x - 1] = 0
    tilted = tilt_page(page, 1.0, np.random.default_rng(seed))
    assert tilted.shape == page.shape
    for rows in (slice(0, 60), slice(60, 120)):
        for columns in (slice(0, 80), slice(80, 160)):
            assert tilted[rows, columns].min() < 0.8
    assert not np.array_equal(tilted, page)


def test_untilted_page_is_the_same() -> None:
    page = draw_page()
    assert np.abs(tilt_page(page, 0.0, np.random.default_rng(1)) - page).max() < 0.01


def test_blur_spreads_ink_and_keeps_its_sum() -> None:
    picture = draw_picture()
    for blurred in (defocus(picture, 2.0), smear(picture, 4, np.random.default_rng(1))):
        assert blurred.dtype == np.uint8
        assert blurred.mean() == pytest.approx(picture.mean(), rel=0.01)
        assert measure_edges(blurred) < measure_edges(picture) * 0.9


def measure_edges(picture: np.ndarray) -> float:
    return float(sum((slope**2).sum() for slope in np.gradient(picture.astype(float))))


def test_noise_is_as_strong_as_asked() -> None:
    grey = np.full((100, 100), 0.5, np.float32)
    noisy = add_noise(grey, 0.5, np.random.default_rng(1))
    assert noisy.dtype == np.float32
    assert noisy.std() == pytest.approx(0.06, rel=0.1)


def test_compression_loses_more_at_a_lower_quality() -> None:
    picture = draw_picture()
    loss = [np.abs(compress(picture, quality).astype(int) - picture).mean() for quality in (95, 10)]
    assert loss[0] < loss[1]
    assert compress(picture, 50).shape == picture.shape
