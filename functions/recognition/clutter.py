"""`drop_clutter`: takes away the ink that is not the digit's."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.coarse import Level, reduce, refine
from recognition.morphology import spread
from recognition.patch import Ink, Patch
from recognition.ruling import erase_ruling
from recognition.selection import Mask, is_one_part, select_digit

INK_EDGES: Final = (0.18, 0.35, 0.55, 0.75)
"""Shares of full ink that make a part: the next one where ink reaches from edge to edge, as faint
ruling does, and its digit does not."""
THIN_LINE: Final = 0.75
"""Of a pixel: how wide the thinnest line is."""
PAGE_SIDE: Final = 64
"""Coarse pixels of the shorter side, from which a picture may be a page. A smaller one is a digit
cut out, and a higher edge would only break its strokes."""
LEAST_DIGIT: Final = 0.06
"""Of the longer side: less is left of a digit only by too high an edge."""
LEAST_SHARE: Final = 0.05
"""Of all ink. Less is left of a pattern, by chance; then it is taken as it is, to be refused. None
of 4,500 drawn digits, on lines and squares as well, kept so little."""


def drop_clutter(patch: Patch) -> Patch:
    """Keep the digit alone: no ruled lines, specks, boxes, neighbours."""
    coarse = reduce(patch.ink, patch.factor)
    # A thin line fills but a part of a coarse pixel.
    dilution = max(1.0, THIN_LINE * patch.factor)
    edge = INK_EDGES[0] / dilution
    if not patch.reaches_across and is_one_part(coarse >= edge):
        return patch  # as most drawings are: nothing to part, and nothing that could be a line
    whole = _put_back(coarse, patch)
    mask, kept = _separate(whole, dilution)
    if np.count_nonzero(kept) == np.count_nonzero(whole >= edge):
        return patch
    # The digit's faint rim as well, but nothing of its neighbours.
    near = spread(kept, 1, np.maximum, False) & (kept | ~mask)
    left: Ink = patch.ink * refine(_cut(near, patch), patch.factor, patch.ink.shape)
    return replace(patch, ink=left) if left.sum() >= LEAST_SHARE * patch.ink.sum() else patch


def _put_back(coarse: Ink, patch: Patch) -> Ink:
    """The whole picture's small copy, from the patch's."""
    height, width = (-(-side // patch.factor) for side in patch.frame)
    whole = np.zeros((height, width), np.float32)
    _cut(whole, patch)[:] = coarse
    return whole


def _cut(whole: NDArray[Level], patch: Patch) -> NDArray[Level]:
    """The patch's part of a small copy of the picture."""
    height, width = (-(-side // patch.factor) for side in patch.ink.shape)
    top, left = patch.top // patch.factor, patch.left // patch.factor
    return whole[top : top + height, left : left + width]


def _separate(ink: Ink, dilution: float) -> tuple[Mask, Mask]:
    """What is ink, and what of it is the digit, at the first edge that leaves it clear."""
    first, *higher = (edge / dilution for edge in INK_EDGES)
    mask: Mask = ink >= first
    kept = select_digit(erase_ruling(mask), ink)
    if min(ink.shape) < PAGE_SIDE or not _is_crowded(kept):
        return mask, kept
    for edge in higher:
        sharper: Mask = ink >= edge
        clear = select_digit(erase_ruling(sharper), ink)
        if _stands_free(clear):
            return sharper, clear
    return mask, kept


def _is_crowded(mask: Mask) -> bool:
    """Whether ink reaches from edge to opposite edge: ruling, or else a digit cropped close."""
    left, top, right, bottom = _margins(mask)
    return left + right == 0 or top + bottom == 0


def _stands_free(mask: Mask) -> bool:
    """Whether ink keeps clear of all edges, and there is some: the pieces into which a digit falls
    that is cropped close still touch one."""
    left, top, right, bottom = _margins(mask)
    height, width = mask.shape
    longer = max(height - top - bottom, width - left - right)
    return min(left, top, right, bottom) > 0 and longer >= LEAST_DIGIT * max(height, width)


def _margins(mask: Mask) -> tuple[int, int, int, int]:
    """Free pixels at the left, top, right and bottom; all of them where there is no ink."""
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return width, height, width, height
    return int(columns[0]), int(rows[0]), width - 1 - int(columns[-1]), height - 1 - int(rows[-1])
