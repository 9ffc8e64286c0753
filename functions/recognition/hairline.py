"""`find_hairlines`: a drawing in lines so thin that a shadow's edge outweighs them.

An element hardly wider than such lines closes them and nothing else: no edge of a shadow, however
hard, and none of the light's slopes. So where they are found, they tell the ink's polarity too,
which the wide shapes in the picture would tell wrong.
"""

from typing import Final

import numpy as np

from recognition.closing import NOISE_SIGMAS, Contrast, close_paper, full_contrast
from recognition.coarse import coarsen, refine
from recognition.image import GreyImage
from recognition.morphology import spread
from recognition.selection import Mask, Part, label_parts

SMALLEST: Final = 100
"""Pixels of the longer side: in less, a line's element is as narrow as any edge is soft."""
ELEMENT: Final = 0.03
"""Of the longer side: the widest line."""
WIDEST: Final = 0.35
"""Of the longer side: the element that sees any ink."""
LINE_INK: Final = 1 / 3
"""Of the lines' full contrast: what is still a line, where the lens has softened it."""
LENGTH: Final = 0.2
"""Of the longer side: how long a line must be, clear of every edge: ruled lines run across."""
STRENGTH: Final = 0.8
"""Of the contrast of all that could be ink: how much the lines have. Else they are the page's, and
the digit is bolder."""
OTHER_INK: Final = 0.1
"""Of the lines' area: what else may stand clear of the edges. A shadow lies at one."""
LIT_SHARE: Final = 0.9
"""Of the rim: what is no lighter than a light line."""
HALO: Final = 2
"""Pixels around a line that belong to it."""


def find_hairlines(image: GreyImage) -> tuple[Contrast, float] | None:
    """Find a drawing that is all thin lines, dark on light or light on dark.

    Args:
        image: uint8 (height, width), 0 black to 255 white, smoothed a little.

    Returns:
        The contrast of each pixel and the standard deviation of the paper's grain; None where there
        are no such lines, or there is bolder ink.
    """
    if max(image.shape) < SMALLEST:
        return None
    longest, found = LENGTH, None
    for is_light, side in ((False, image), (True, 255 - image)):
        contrast, grain = close_paper(side, ELEMENT)
        full = full_contrast(contrast)
        lines, length = _keep_clear(contrast > max(LINE_INK * full, NOISE_SIGMAS * grain))
        if length < longest or not _is_all(lines, full, side):
            continue
        if not is_light or _outshine_paper(lines, image):
            longest, found = length, (contrast, grain)
    return found


def _is_all(lines: Mask, full: int, image: GreyImage) -> bool:
    """Whether no other ink stands clear of the edges, or outweighs the lines."""
    widest, _ = close_paper(image, WIDEST)
    if full < STRENGTH * full_contrast(widest):
        return False
    other, _ = _keep_clear((widest > full // 2) & ~spread(lines, HALO, np.maximum, False))
    return bool(np.count_nonzero(other) <= OTHER_INK * np.count_nonzero(lines))


def _outshine_paper(lines: Mask, image: GreyImage) -> bool:
    """Whether light lines are lighter than the rim: paper between a stroke and a shadow's edge is a
    light line too."""
    rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return bool(np.median(image[lines]) > np.quantile(rim, LIT_SHARE))


def _keep_clear(mask: Mask) -> tuple[Mask, float]:
    """The parts that touch no edge, and the length of the longest as a share of the longer side."""
    shares, factor = coarsen(np.uint8(255) * mask)
    coarse = shares > 0
    height, width = coarse.shape
    labels, parts = label_parts(coarse)
    clear = np.array([False, *(_is_clear(part, width, height) for part in parts)])
    length = max(
        (part.length for part, kept in zip(parts, clear[1:], strict=True) if kept), default=0
    )
    return mask & refine(clear[labels], factor, mask.shape), length / max(height, width)


def _is_clear(part: Part, width: int, height: int) -> bool:
    return part.left > 0 and part.top > 0 and part.right < width and part.bottom < height
