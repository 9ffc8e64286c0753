"""`find_patch`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recognition.coarse import SIDE, find_factor, reduce
from recognition.patch import Patch, find_patch


def mask_of(height: int, width: int, *places: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    for place in places:
        mask[place] = True
    return mask


def test_a_small_pictures_patch_is_as_large_as_its_ink() -> None:
    rows, columns = find_patch(mask_of(28, 20, (3, 4), (25, 7)))
    assert (rows, columns) == (slice(3, 26), slice(4, 8))


def test_a_large_pictures_patch_ends_with_whole_pixels_of_its_small_copy() -> None:
    rows, columns = find_patch(mask_of(280, 280, (31, 100), (60, 200)))
    assert (rows, columns) == (slice(30, 63), slice(99, 201))


def test_or_with_the_picture() -> None:
    assert find_patch(mask_of(280, 281, (279, 280))) == (slice(279, 280), slice(279, 281))


def test_no_ink_has_no_patch() -> None:
    rows, columns = find_patch(np.zeros((10, 10), bool))
    assert np.ones((10, 10))[rows, columns].size == 0


@given(arrays.arrays(np.float32, (23, 17), elements=st.sampled_from([0, 0, 0, 0.3, 1])))
def test_its_small_copy_is_the_pictures(ink: np.ndarray) -> None:
    ink = ink.repeat(13, axis=0).repeat(13, axis=1)[4:-5, 2:]
    factor = find_factor(ink.shape)
    assert ink.shape[0] > SIDE
    rows, columns = find_patch(ink > 0)
    small = reduce(ink, factor)
    around = np.ones_like(small, bool)
    own = (
        slice(rows.start // factor, -(-rows.stop // factor)),
        slice(columns.start // factor, -(-columns.stop // factor)),
    )
    around[own] = False
    assert not small[around].any()
    if ink.any():
        np.testing.assert_array_equal(reduce(ink[rows, columns], factor), small[own])


@pytest.mark.parametrize(
    ("height", "width", "reaches"), [(280, 3, True), (3, 280, True), (279, 279, False)]
)
def test_it_may_reach_from_edge_to_edge(height: int, width: int, reaches: bool) -> None:
    patch = Patch(np.zeros((height, width), np.float32), 0, 0, (280, 280))
    assert patch.reaches_across is reaches
