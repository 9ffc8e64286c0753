"""Distortion changes how a digit was drawn, never its form: shape and range."""

import numpy as np
import pytest

from model_export import augmentation
from model_export.augmentation import augment_digits, warp_digits
from tests.model_export.conftest import draw_digits


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return (draw_digits(50, seed=3)[0] / 255).astype(np.float32)


def test_distorted_digits_keep_their_form(digits: np.ndarray) -> None:
    distorted = augment_digits(digits, np.random.default_rng(1))
    assert distorted.shape == digits.shape
    assert distorted.dtype == np.float32
    assert distorted.min() >= 0
    assert distorted.max() <= 1
    assert (distorted.max(axis=(1, 2)) > 0.9).all()


def test_the_same_generator_distorts_the_same_way(digits: np.ndarray) -> None:
    first, again, other = (augment_digits(digits, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 0.01


def test_each_digit_is_distorted_in_its_own_way(digits: np.ndarray) -> None:
    copies = np.repeat(digits[:1], 30, axis=0)
    distorted = augment_digits(copies, np.random.default_rng(1))
    assert len({image.tobytes() for image in distorted}) == 30


def test_no_distortion_leaves_a_digit_as_it_is(
    digits: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MAX_ROTATION", "MAX_SHEAR", "MAX_STRETCH", "MAX_SHIFT", "ELASTIC_PIXELS"):
        monkeypatch.setattr(augmentation, name, 0)
    warped = warp_digits(digits, np.random.default_rng(1))
    np.testing.assert_allclose(warped, digits, atol=1e-6)


def test_a_shift_of_whole_pixels_moves_the_ink(
    digits: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MAX_ROTATION", "MAX_SHEAR", "MAX_STRETCH", "ELASTIC_PIXELS"):
        monkeypatch.setattr(augmentation, name, 0)

    class Always(np.random.Generator):
        def uniform(self, low=0.0, high=1.0, size=None):  # type: ignore[no-untyped-def]
            return np.full(size, 2.0 if high == augmentation.MAX_SHIFT else 0.0)

    moved = warp_digits(digits, Always(np.random.PCG64(1)))
    np.testing.assert_allclose(moved[:, :-2, :-2], digits[:, 2:, 2:], atol=1e-6)


def test_no_strength_is_no_distortion(digits: np.ndarray) -> None:
    distorted = augment_digits(digits, np.random.default_rng(1), strength=0)
    np.testing.assert_allclose(distorted, digits, atol=1e-6)


def test_more_strength_distorts_more(digits: np.ndarray) -> None:
    changes = [
        float(np.abs(augment_digits(digits, np.random.default_rng(1), s) - digits).mean())
        for s in (0.3, 0.6, 1.0)
    ]
    assert changes[0] < changes[1] < changes[2]
