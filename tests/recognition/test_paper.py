"""What is ink and what is paper, in even light and in any other."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recognition.paper import PAPER_NOISE, find_median, measure_contrast, ring

SIDE = 200
PAPER, INK = 240, 60
Light = Callable[[], np.ndarray]


def strokes_of(side: int = SIDE) -> np.ndarray:
    """bool (side, side): a bar down and a bar across, away from the rim."""
    mask = np.zeros((side, side), bool)
    mask[side // 5 : side * 4 // 5, side * 2 // 5 : side * 2 // 5 + side // 12] = True
    mask[side // 5 : side // 5 + side // 12, side // 4 : side * 3 // 4] = True
    return mask


def lit(light: np.ndarray) -> np.ndarray:
    """The strokes in a light: float64 (200, 200), 0 none to 1 full."""
    sheet = np.where(strokes_of(), INK, PAPER) * light
    return np.asarray(np.rint(sheet), np.uint8)


def find_ink(image: np.ndarray) -> np.ndarray:
    """Where ink is clear: as far from paper as from full."""
    contrast, full, noise = measure_contrast(image)
    assert full > noise
    return np.asarray(contrast > (full + noise) / 2)


def share_of_difference(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.count_nonzero(found != expected) / np.count_nonzero(expected))


def test_on_even_paper_contrast_is_the_difference() -> None:
    contrast, full, noise = measure_contrast(lit(np.ones((SIDE, SIDE))))
    np.testing.assert_array_equal(contrast, np.where(strokes_of(), PAPER - INK, 0))
    assert full == PAPER - INK
    assert noise == PAPER_NOISE * full


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (200, 150), (0, 255), (90, 120)])
def test_polarity_makes_no_difference_on_even_paper(paper: int, ink: int) -> None:
    image = np.where(strokes_of(), ink, paper).astype(np.uint8)
    contrast, full, noise = measure_contrast(image)
    turned = measure_contrast(255 - image)
    np.testing.assert_array_equal(turned[0], contrast)
    assert turned[1:] == (full, noise)
    assert full == abs(paper - ink)
    np.testing.assert_array_equal(contrast > 0, strokes_of())


def test_what_is_opposite_to_ink_is_paper() -> None:
    image = lit(np.ones((SIDE, SIDE)))
    image[150:170, 150:170] = 255  # a glint
    contrast, full, _ = measure_contrast(image)
    assert not contrast[150:170, 150:170].any()
    assert full == PAPER - INK


def test_one_pixel_does_not_decide_what_full_ink_is() -> None:
    image = np.where(strokes_of(), 150, PAPER).astype(np.uint8)
    image[10, 10] = 0
    assert measure_contrast(image)[1] == PAPER - 150


@pytest.mark.parametrize("level", [0, 7, 128, 255])
def test_flat_grey_has_no_contrast(level: int) -> None:
    contrast, full, noise = measure_contrast(np.full((30, 40), level, np.uint8))
    assert not contrast.any()
    assert full == 0
    assert noise == 0


def positions() -> tuple[np.ndarray, np.ndarray]:
    down, across = np.mgrid[:SIDE, :SIDE] / (SIDE - 1)
    return down, across


def gradient() -> np.ndarray:
    return np.asarray(0.4 + 0.6 * positions()[1])


def vignette() -> np.ndarray:
    down, across = positions()
    return np.asarray(1 - 1.1 * ((down - 0.5) ** 2 + (across - 0.5) ** 2))


def lamp() -> np.ndarray:
    down, across = positions()
    return np.asarray(1 - 0.6 * np.hypot(down - 0.1, across - 0.2) / np.sqrt(2))


def soft_shadow() -> np.ndarray:
    down, across = positions()
    return np.asarray(1 - 0.5 * np.clip((down + across - 0.8) / 0.3, 0, 1))


LIGHTS = (gradient, vignette, lamp, soft_shadow)


@pytest.mark.parametrize("light", LIGHTS)
def test_slow_changes_of_light_leave_ink_ink_and_paper_paper(light: Light) -> None:
    assert share_of_difference(find_ink(lit(light())), strokes_of()) < 0.06


@pytest.mark.parametrize("light", LIGHTS)
def test_light_on_dark_is_found_in_uneven_light_too(light: Light) -> None:
    board = 255 - lit(light())
    assert share_of_difference(find_ink(board), strokes_of()) < 0.06


@pytest.mark.parametrize("edge", [60, 100, 140])
def test_a_hard_shadow_is_no_ink(edge: int) -> None:
    light = np.ones((SIDE, SIDE))
    light[edge:] = 0.5
    assert share_of_difference(find_ink(lit(light)), strokes_of()) < 0.1


def test_in_uneven_light_contrast_is_a_share_of_the_paper() -> None:
    contrast, full, _ = measure_contrast(lit(gradient()))
    expected = 255 * (1 - INK / PAPER)
    inside = strokes_of() & np.roll(strokes_of(), 3, 1) & np.roll(strokes_of(), -3, 1)
    levels = contrast[inside & np.roll(inside, 3, 0) & np.roll(inside, -3, 0)]
    assert len(levels) > 500
    assert abs(full - expected) < 12
    assert np.abs(levels.astype(int) - expected).max() < 16


@pytest.mark.parametrize("deviation", [4, 10])
@pytest.mark.parametrize("light", [gradient, lamp])
def test_grain_is_hardly_ink(light: Light, deviation: float) -> None:
    grain = np.random.default_rng(5).normal(0, deviation, (SIDE, SIDE))
    image = (lit(light()) + grain).clip(0, 255).astype(np.uint8)
    contrast, full, noise = measure_contrast(image)
    far = np.ones((SIDE, SIDE), bool)
    far[30:170, 40:160] = False
    # The darkest edge of a gradient has no paper beyond it: a trace of ink is left there.
    assert np.mean(contrast[far] <= noise + 0.15 * (full - noise)) > 0.999
    assert share_of_difference(contrast > (full + noise) / 2, strokes_of()) < 0.1


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))))
@settings(deadline=None)
def test_any_picture_has_contrast_of_its_own_size(image: np.ndarray) -> None:
    contrast, full, noise = measure_contrast(image)
    assert contrast.shape == image.shape
    assert contrast.dtype == np.uint8
    assert 0 <= full <= contrast.max()
    assert noise >= 0


def test_a_ring_holds_the_pixels_so_far_inside() -> None:
    image = np.arange(30, dtype=np.uint8).reshape(5, 6)
    assert sorted(set(ring(image, 0).tolist())) == sorted(
        {*range(6), *range(24, 30), *range(0, 30, 6), *range(5, 30, 6)}
    )
    assert set(ring(image, 1).tolist()) == {7, 8, 9, 10, 13, 16, 19, 20, 21, 22}


@given(st.lists(st.integers(0, 255), min_size=1, max_size=300))
def test_median_is_numpys_own(levels: list[int]) -> None:
    for kind in (np.uint8, np.int16):
        assert find_median(np.array(levels, kind)) == np.median(np.array(levels, kind))
