"""`coarsen` and `refine`: parts are told apart on a small copy. Gaps that no eye would see are
closed there, and it is quick."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE: Final = 100
"""Pixels of a copy's longer side, at most."""

Level = TypeVar("Level", bound=np.generic)


def coarsen(image: NDArray[Level]) -> tuple[NDArray[Level], int]:
    """Average an image down to a small copy.

    Args:
        image: uint8 or float32 (height, width).

    Returns:
        The copy, or the image itself where it is as small; and how many pixels are one of it,
        each way.
    """
    factor = find_factor(image.shape)
    return reduce(image, factor), factor


def find_factor(shape: tuple[int, ...]) -> int:
    """How many pixels of an image (height, width) are one of its small copy, each way."""
    return -(-max(shape) // SIDE)


def reduce(image: NDArray[Level], factor: int) -> NDArray[Level]:
    """Average an image, uint8 or float32 (height, width), down by a whole factor; those that are
    left at its end, fewer together. The image itself where there is nothing to do."""
    return np.asarray(Image.fromarray(image).reduce(factor)) if factor > 1 else image


def refine(mask: NDArray[np.bool_], factor: int, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """A small copy's mask, as large as the image (height, width) that it was made from."""
    height, width = shape
    return mask.repeat(factor, axis=0).repeat(factor, axis=1)[:height, :width]
