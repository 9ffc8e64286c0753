"""A page: a picture as reflected light, dark ink on light paper, while it is being photographed."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.image import GreyImage

Page = NDArray[np.float32]
"""float32 (height, width), 0 black to 1 white."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom edge, in pixels."""


def lay_down(picture: GreyImage, longest: int) -> Page:
    """Bring a picture to dark on light, over the whole range from 0 to 1.

    Args:
        picture: of either polarity; its rim is paper.
        longest: side in pixels; a longer picture is averaged down to it.
    """
    side = max(picture.shape)
    if side > longest:
        height, width = (max(1, round(length * longest / side)) for length in picture.shape)
        image = Image.fromarray(picture).resize((width, height), Image.Resampling.BOX)
        picture = np.asarray(image)
    low, high = float(picture.min()), float(picture.max())
    page = (picture.astype(np.float32) - low) / max(high - low, 1.0)
    if low == high:
        return np.ones_like(page)
    rim = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    return page if np.median(rim) > 0.5 else 1 - page


def take_up(page: Page) -> GreyImage:
    """A page as a picture; light beyond the range is cut off."""
    return (np.clip(page, 0, 1) * 255 + 0.5).astype(np.uint8)


def find_digit(page: Page) -> Box:
    """The bounds of what is darker than half; the whole page where nothing is."""
    ink = page < 0.5
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return 0, 0, page.shape[1], page.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def measure_line(page: Page) -> float:
    """About how wide the lines are, in pixels: twice the ink's area over its outline."""
    ink = page < 0.5
    across = np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    down = np.count_nonzero(ink[1:] != ink[:-1])
    # An outline counted in steps is 4/π of its length, over all directions.
    outline = max(float(across + down) * np.pi / 4, 1.0)
    return max(1.0, 2 * np.count_nonzero(ink) / outline)
