"""Levels are counted rightly, and a contrast's can be told from its image's."""

import numpy as np
import pytest

from recognition.closing import count_levels, differ, differ_counts, find_full, full_contrast

GENERATOR = np.random.default_rng(1)
IMAGES = (
    GENERATOR.integers(0, 256, (40, 30), np.uint8),
    GENERATOR.integers(90, 110, (7, 50), np.uint8),
    np.full((5, 5), 255, np.uint8),
    np.zeros((1, 1), np.uint8),
)


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: str(image.shape))
@pytest.mark.parametrize("paper", [0, 1, 100, 254, 255])
@pytest.mark.parametrize("dark", [True, False])
def test_counts_differ_as_the_image_does(image: np.ndarray, paper: int, dark: bool) -> None:
    contrast = differ(image, paper, dark=dark)
    counts = differ_counts(count_levels(image), paper, dark=dark)
    np.testing.assert_array_equal(counts, count_levels(contrast))
    assert find_full(counts) == full_contrast(contrast)


@pytest.mark.parametrize("size", [*range(1, 10), 400])
@pytest.mark.parametrize("turned", [False, True])
def test_every_pixel_is_counted(size: int, turned: bool) -> None:
    image = GENERATOR.integers(0, 256, (size, 3), np.uint8)
    expected = np.bincount(image.ravel(), minlength=256)
    np.testing.assert_array_equal(count_levels(image.T if turned else image), expected)
