"""`erase_ruling`: lines that were printed, out of a mask of ink.

A ruled line runs straight from one edge of the picture to the other, and a form's box along the
edges of its own bounds. Where a stroke crosses, it is thicker than the line, and stays.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.morphology import spread
from recognition.selection import Mask, label_parts

MAX_SLOPE: Final = 0.12
"""Of a line across the picture: rise over run."""
MAX_THICKNESS: Final = 0.06
"""Of the picture's side."""
COVERED: Final = 0.93
"""Share of its way along which a ruled line is there."""

SMALLEST: Final = 24
"""Pixels of the shorter side: in less, a line and a stroke are alike."""

MARGIN: Final = 0.04
"""Of the longer side: what is as close to an edge may have been cut by it."""
MOST: Final = 0.6
"""Of the ink that is left: the part that is the digit. A digit falls to pieces without its bars."""


def erase_ruling(mask: Mask) -> Mask:
    """Erase the straight lines that cross a mask from edge to edge.

    Only where what is left keeps clear of every edge: else the picture is a digit, cropped close,
    and the line is its bar.
    """
    if min(mask.shape) < SMALLEST or not (_may_cross(mask) or _may_cross(mask.T)):
        return mask
    across = _erase_across(mask)
    for erased in (_erase_across(across.T).T, across, _erase_across(mask.T).T):
        if not np.array_equal(erased, mask) and _stands_free(erased):
            return erased
    return mask


def _stands_free(mask: Mask) -> bool:
    """Whether most of the ink is one part, and that keeps clear of all edges."""
    height, width = mask.shape
    _, parts = label_parts(mask)
    if not parts:
        return False
    main = max(parts, key=lambda part: part.area)
    margin = max(2, round(MARGIN * max(mask.shape)))
    return main.area >= MOST * sum(part.area for part in parts) and (
        min(main.left, main.top, width - main.right, height - main.bottom) >= margin
    )


def _may_cross(mask: Mask) -> bool:
    """Whether there is ink at the left edge and at the right one."""
    return bool(mask[:, 0].any() and mask[:, -1].any())


def _erase_across(mask: Mask) -> Mask:
    """The mask without its lines from left to right."""
    if not _may_cross(mask):
        return mask
    height, width = mask.shape
    columns = np.arange(width)
    thickest = max(2, round(MAX_THICKNESS * height))
    near = spread(mask, 1, np.maximum, False)
    runs = _find_runs(mask)
    erased = mask.copy()
    ends = _run_middles(mask[:, -1])
    for start in _run_middles(mask[:, 0]):
        for end in sorted(ends, key=lambda end: abs(end - start)):
            if abs(end - start) > MAX_SLOPE * width:
                break
            rows = np.rint(start + (end - start) * columns / (width - 1)).astype(np.int64)
            if near[rows, columns].mean() < COVERED:
                continue
            tops, bottoms = _trace(mask, runs, rows)
            there = bottoms > tops
            thickness = bottoms - tops
            usual = _find_quantile(thickness[there], 0.2)  # a digit has bars too
            if usual > thickest:
                continue
            for column in np.flatnonzero(there & (thickness <= usual + 1)):
                erased[tops[column] : bottoms[column], column] = False
            break
    return erased


def _find_quantile(values: NDArray[np.int64], share: float) -> float:
    """As `np.quantile` has it, to the last bit, without its 50 µs of looking at what it was given:
    a picture of stripes asks 2,400 times."""
    ordered = np.sort(values)
    place = (len(ordered) - 1) * share
    first = int(place)
    low, high = float(ordered[first]), float(ordered[min(first + 1, len(ordered) - 1)])
    part = place - first
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def _run_middles(edge: Mask) -> list[float]:
    steps = np.diff(np.concatenate([[0], edge.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return [(start + end - 1) / 2 for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Of each pixel of ink: the first row of its vertical run, and the one after its last."""

    tops: NDArray[np.int64]
    bottoms: NDArray[np.int64]


def _find_runs(mask: Mask) -> _Runs:
    rows = np.arange(len(mask))[:, None]
    after = np.where(mask, len(mask), rows)[::-1]
    return _Runs(
        tops=np.maximum.accumulate(np.where(mask, 0, rows + 1), axis=0),
        bottoms=np.minimum.accumulate(after, axis=0)[::-1],
    )


def _trace(
    mask: Mask, runs: _Runs, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The vertical run of ink at each column around a row (one pixel off at most): its first row
    and the one after its last; equal where there is none."""
    height, width = mask.shape
    columns = np.arange(width)
    near = np.full(width, -1)
    for shifted in (rows + 1, rows - 1, rows):  # the row itself last, for it counts first
        inside = (shifted >= 0) & (shifted < height)
        inside[inside] = mask[shifted[inside], columns[inside]]
        near[inside] = shifted[inside]
    found = near >= 0
    tops = np.where(found, runs.tops[near, columns], 0)
    return tops, np.where(found, runs.bottoms[near, columns], 0)
