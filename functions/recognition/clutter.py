"""`drop_clutter`: takes away the ink that is not the digit's."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.morphology import spread
from recognition.ruling import erase_ruling
from recognition.selection import Mask, select_digit

COARSE_SIDE: Final = 100
"""Parts are told apart at this size: gaps that no eye would see are closed, and it is quick."""
INK_EDGES: Final = (0.18, 0.35, 0.55, 0.75)
"""Shares of full ink that make a part: the next one where ink reaches from edge to edge, as faint
ruling does, and its digit does not."""
THIN_LINE: Final = 0.75
"""Of a pixel: how wide the thinnest line is."""
LEAST_DIGIT: Final = 0.06
"""Of the longer side: less is left of a digit only by too high an edge."""

Ink = NDArray[np.float32]
"""float32 (height, width), 0 paper to 1 full ink."""


def drop_clutter(ink: Ink) -> Ink:
    """Keep the digit alone: no ruled lines, specks, boxes, neighbours."""
    factor = -(-max(ink.shape) // COARSE_SIDE)
    coarse = np.asarray(Image.fromarray(ink).reduce(factor)) if factor > 1 else ink
    # A thin line fills but a part of a coarse pixel.
    mask, kept = _separate(coarse, max(1.0, THIN_LINE * factor))
    if kept.sum() == mask.sum():
        return ink
    height, width = ink.shape
    # The digit's faint rim as well, but nothing of its neighbours.
    near = spread(kept, 1, np.maximum, False) & (kept | ~mask)
    return ink * near.repeat(factor, axis=0).repeat(factor, axis=1)[:height, :width]


def _separate(ink: Ink, dilution: float) -> tuple[Mask, Mask]:
    """What is ink, and what of it is the digit, at the first edge that leaves it clear."""
    attempts = []
    for edge in INK_EDGES:
        mask: Mask = ink >= edge / dilution
        attempts.append((mask, select_digit(erase_ruling(mask), ink)))
        if not _is_crowded(attempts[-1][1]):
            return attempts[-1]
    return attempts[0]


def _is_crowded(mask: Mask) -> bool:
    """Whether ink reaches from edge to opposite edge (ruling, or else a digit cropped close), or
    hardly any is left."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if max(len(rows), len(columns)) < LEAST_DIGIT * max(mask.shape):
        return True
    height, width = mask.shape
    return bool(np.ptp(rows) == height - 1 or np.ptp(columns) == width - 1)
