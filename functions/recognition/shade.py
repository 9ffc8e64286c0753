"""`drop_shade`: takes away what a shadow leaves in a corner of a photo.

Where a shadow's edge runs close to the picture's own, the strip between them is darker than the
paper on its one side, and has no other side: it passes for a stroke.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.closing import Contrast, full_contrast
from recognition.coarse import coarsen, find_factor, refine
from recognition.morphology import spread
from recognition.selection import label_parts

PART_SHARE: Final = 0.5
"""Of full contrast: what makes a part."""
FAINT_SHARE: Final = 0.25
"""Of full contrast: what goes with it, …"""
FAINT_REACH: Final = 8
"""…so many coarse pixels around."""
STRIP: Final = 0.3
"""Of the picture's width or height: how far in a strip reaches, at most. A digit that covers a
corner reaches further, or it would be cut off there."""


def drop_shade(contrast: Contrast) -> Contrast:
    """Without the parts that cover a corner of the picture and lie along its edges.

    Of a thousand photographed digits of validation writers five more are read right; and of the
    sheets without ink that were read as a digit half are blank.

    Args:
        contrast: uint8 (height, width), 0 paper to 255.

    Returns:
        What is left; all 0 where nothing else stands out half as much.
    """
    factor = find_factor(contrast.shape)
    edges = slice(None, factor), slice(-factor, None)
    if not any(contrast[rows, columns].any() for rows in edges for columns in edges):
        return contrast  # of most pictures: to number parts takes longer than to look
    coarse, factor = coarsen(contrast)
    full = full_contrast(contrast)
    labels, parts = label_parts(coarse > PART_SHARE * full)
    strips = _find_strips(labels)
    if not strips:
        return contrast
    if len(strips) == len(parts):
        return np.zeros_like(contrast)
    shade = np.isin(labels, list(strips))
    faint = (labels == 0) & (coarse > FAINT_SHARE * full)
    gone = spread(shade, 1, np.maximum, False)
    gone |= faint & spread(shade, FAINT_REACH, np.maximum, False)
    left: Contrast = contrast * ~refine(gone, factor, contrast.shape)
    return left


def _find_strips(labels: NDArray[np.int32]) -> set[int]:
    """The numbers of those parts."""
    height, width = labels.shape
    deep, far = round(STRIP * height), round(STRIP * width)
    strips = set()
    for turned in (labels, labels[:, ::-1], labels[::-1], labels[::-1, ::-1]):
        part = int(turned[0, 0])
        if part and not (turned[deep:, far:] == part).any():
            strips.add(part)
    return strips
