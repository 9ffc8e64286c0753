"""The greatest and the least level within reach, as a plain loop finds them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recognition.morphology import spread

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 12))


def spread_naively(
    image: np.ndarray, reach: int, extreme: np.ufunc, outside: float
) -> list[list[int]]:
    padded = np.pad(image, reach, constant_values=outside)
    side = 2 * reach + 1
    height, width = image.shape
    return [
        [int(extreme.reduce(padded[y : y + side, x : x + side].ravel())) for x in range(width)]
        for y in range(height)
    ]


@given(
    arrays.arrays(np.uint8, SHAPES),
    st.integers(0, 14),
    st.sampled_from([(np.maximum, 0), (np.minimum, 255), (np.minimum, 7), (np.maximum, 7)]),
)
@settings(deadline=None)
def test_levels_spread_as_a_plain_loop_has_it(
    image: np.ndarray, reach: int, way: tuple[np.ufunc, int]
) -> None:
    spreaded = spread(image, reach, *way)
    assert spreaded.dtype == image.dtype
    assert spreaded.tolist() == spread_naively(image, reach, *way)


@given(arrays.arrays(np.bool_, SHAPES), st.integers(1, 3))
@settings(deadline=None)
def test_masks_spread_too(mask: np.ndarray, reach: int) -> None:
    spreaded = spread(mask, reach, np.maximum, False)
    assert spreaded.dtype == np.bool_
    assert spreaded.tolist() == spread_naively(mask, reach, np.maximum, False)


def test_one_pixel_becomes_a_square() -> None:
    image = np.zeros((7, 9), np.float32)
    image[2, 4] = 0.5
    square = np.zeros((7, 9), np.float32)
    square[0:5, 2:7] = 0.5
    np.testing.assert_array_equal(spread(image, 2, np.maximum, 0), square)


@pytest.mark.parametrize("shape", [(1, 30), (30, 1)])
def test_a_single_row_keeps_its_shape(shape: tuple[int, int]) -> None:
    assert spread(np.ones(shape, np.uint8), 40, np.maximum, 0).shape == shape


def test_what_was_given_is_left_as_it_is() -> None:
    image = np.eye(5, dtype=np.uint8)
    spread(image, 1, np.maximum, 0)
    np.testing.assert_array_equal(image, np.eye(5, dtype=np.uint8))
