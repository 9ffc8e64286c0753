"""A round nib: strokes in pixels to how much of each pixel they cover.

Pillow draws a line's spans without joints, which leaves a wedge open on the outside of each bend. A
disc goes where that would be seen, and at both ends.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model_export.drawing.strokes import Stroke

_VISIBLE_GAP: Final = 0.5
"""Pixels across, at the line's edge."""


def cover_pixels(
    strokes: Sequence[Stroke], widths: Sequence[NDArray[np.float64]], size: tuple[int, int]
) -> Image.Image:
    """Draw strokes with hard edges.

    Args:
        strokes: in pixels.
        widths: of the line at each point of each stroke, float64 (points,) in pixels.
        size: width and height of the sheet, in pixels.

    Returns:
        An "L" image, 255 where there is ink.
    """
    sheet = Image.new("L", size, 0)
    draw = ImageDraw.Draw(sheet)
    for stroke, width in zip(strokes, widths, strict=True):
        _draw_line(draw, stroke, width)
        for point, diameter in zip(*_discs(stroke, width), strict=True):
            draw.circle(point, (diameter - 1) / 2, fill=255)  # of a pixel's middle
    return sheet


def _draw_line(draw: ImageDraw.ImageDraw, stroke: Stroke, width: NDArray[np.float64]) -> None:
    whole = np.maximum(1, np.rint(width)).astype(int)
    points = np.rint(stroke).astype(int)
    if len(points) == 1:
        draw.point((int(points[0, 0]), int(points[0, 1])), fill=255)
    # One call for as long as the width stays: most lines take one call altogether.
    starts = [0, *(np.flatnonzero(np.diff(whole[:-1])) + 1).tolist(), len(points) - 1]
    for start, end in pairwise(starts):
        draw.line(points[start : end + 1].ravel().tolist(), fill=255, width=int(whole[start]))


def _discs(
    stroke: Stroke, width: NDArray[np.float64]
) -> tuple[list[tuple[float, float]], list[float]]:
    """Centres and diameters of the discs that a line needs."""
    needed = np.ones(len(stroke), bool)
    if len(stroke) > 2:
        steps = np.diff(np.rint(stroke), axis=0)  # as they are drawn
        angles = np.arctan2(steps[:, 1], steps[:, 0])
        turns = np.abs((np.diff(angles) + np.pi) % (2 * np.pi) - np.pi)
        needed[1:-1] = width[1:-1] / 2 * turns > _VISIBLE_GAP
        needed &= width >= 2
    return [(float(x), float(y)) for x, y in stroke[needed]], width[needed].tolist()
