"""`close_paper`: how far each pixel stands out from the paper around it.

The paper under a stroke is estimated by a grey closing with an element wider than the stroke, and
what differs from it is measured as a share of it, because light multiplies.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.image import GreyImage
from recognition.morphology import spread

FULL_SHARE: Final = 2e-4
"""Of the pixels: so many have full contrast, lest a single one decide what that is."""
DARKEST_PAPER: Final = 40
"""Grey level under which paper says nothing of its light any more."""

NOISE_SIGMAS: Final = 3.0
"""Standard deviations of the paper's grain that are taken for paper."""

Contrast = NDArray[np.uint8]
"""uint8 (height, width), 0 paper to 255."""
Counts = NDArray[np.int64]
"""int64 (256,): how many pixels have each level."""


def close_paper(image: GreyImage, share: float) -> tuple[Contrast, float]:
    """Measure the contrast of dark ink, as 255ths of the paper around it.

    Args:
        image: uint8 (height, width), dark on light.
        share: the element's width, of the image's longer side: strokes wider than it have none.

    Returns:
        The contrast, and the standard deviation of the paper's grain.
    """
    reach = max(1, round(max(image.shape) * share / 2))
    # The edges mirror what is before them: a shadow goes on there, and is no ink.
    wide = np.pad(image, reach, mode="symmetric")
    paper = spread(spread(wide, reach, np.maximum, 0), reach, np.minimum, 255)
    paper = paper[reach:-reach, reach:-reach]
    difference = (paper - image).astype(np.float32)
    contrast = (255 * difference / np.maximum(paper, DARKEST_PAPER)).astype(np.uint8)
    # The closing rides on the grain's crests. Most of the picture is paper, so the middle of all
    # contrasts is what that adds, and the spread under the middle is the grain's own.
    counts = np.cumsum(count_levels(contrast))
    lower, middle = np.searchsorted(counts, counts[-1] * np.array([0.16, 0.5]))
    return differ(contrast, int(middle), dark=False), float(middle - lower)


def differ(image: GreyImage, paper: int, *, dark: bool) -> Contrast:
    """How far each pixel is from one level of paper, on the ink's side."""
    level = np.uint8(paper)
    # What is on the other side wraps around, and is multiplied by 0.
    return (level - image) * (image < level) if dark else (image - level) * (image > level)


def differ_counts(counts: Counts, paper: int, *, dark: bool) -> Counts:
    """The counts of what `differ` makes of an image, from the image's own: to count takes longer
    than to differ."""
    levels = counts[paper::-1] if dark else counts[paper:]
    differing = np.zeros_like(counts)
    differing[: len(levels)] = levels
    differing[0] += counts.sum() - levels.sum()
    return differing


def full_contrast(contrast: Contrast) -> int:
    """The contrast of full ink, 0 to 255."""
    return find_full(count_levels(contrast))


def find_full(counts: Counts) -> int:
    """The same, of a contrast that has such counts."""
    darkest = np.cumsum(counts[::-1])
    return 255 - int(np.searchsorted(darkest, max(1.0, FULL_SHARE * int(darkest[-1]))))


def count_levels(image: NDArray[np.uint8]) -> Counts:
    """How many pixels have each level."""
    # Four at a time, as if they were a pixel's bands, each of which Pillow counts by itself: to
    # count into one table again and again is to wait for the last one's sum, on a sheet of paper.
    levels = np.ascontiguousarray(image).reshape(-1)
    whole = levels.size // 4
    left = np.bincount(levels[4 * whole :], minlength=256)
    if not whole:
        return left
    pixels = Image.frombuffer("RGBA", (whole, 1), levels[: 4 * whole], "raw", "RGBA", 0, 1)
    counts: Counts = np.fromiter(pixels.histogram(), np.int64).reshape(4, 256).sum(axis=0) + left
    return counts
