"""Pen strokes as data, and a renderer that draws them the way a canvas does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Stroke = NDArray[np.float64]
"""float64 (points, 2): x to the right and y down, in a unit box."""

_SUPERSAMPLING: Final = 4


@dataclass(frozen=True, slots=True)
class Pen:
    """How strokes become pixels."""

    width: float = 0.07
    """Of a line, as a share of the image's side."""
    ink: int = 0
    paper: int = 255
    """Grey levels, 0 black to 255 white."""


def curve(*points: tuple[float, float], samples: int = 24) -> Stroke:
    """A smooth line through the points: a centripetal Catmull-Rom spline (Yuksel et al. 2011).

    Two points make a straight line.
    """
    knots = np.array(points, dtype=float)
    if len(knots) == 2:
        return knots
    padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    times = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(padded, axis=0), axis=1) ** 0.5)])
    pieces = []
    for i in range(len(knots) - 1):
        p, t = list(padded[i : i + 4]), times[i : i + 4]
        u = np.linspace(t[1], t[2], samples, endpoint=False)[:, None]
        # The Barry-Goldman pyramid: three levels of linear interpolation, each between two times.
        for spans in (((0, 1), (1, 2), (2, 3)), ((0, 2), (1, 3)), ((1, 2),)):
            p = [
                ((t[end] - u) * p[j] + (u - t[start]) * p[j + 1]) / (t[end] - t[start])
                for j, (start, end) in enumerate(spans)
            ]
        pieces.append(p[0])
    return np.vstack([*pieces, knots[-1:]])


def fit_box(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Move and scale strokes into their own box.

    Returns:
        The strokes with the top left corner of their bounds at (0, 0) and the longer side of them
        1 long, the aspect kept. A dot, which has no longer side, stays one.
    """
    points = np.concatenate(list(strokes))
    corner = points.min(axis=0)
    longer = float((points.max(axis=0) - corner).max())
    return [(stroke - corner) / (longer or 1.0) for stroke in strokes]


def render_strokes(
    strokes: Sequence[Stroke], *, side: int = 280, pen: Pen | None = None
) -> Image.Image:
    """Draw strokes on a square sheet.

    Args:
        strokes: in a unit box, which becomes the sheet.
        side: of the sheet, in pixels.
        pen: round-tipped; the default is black on white.

    Returns:
        An "L" image (side, side).
    """
    pen = pen or Pen()
    coverage = ink_coverage(strokes, side=side, width=pen.width)
    sheet = Image.new("L", (side, side), pen.paper)
    sheet.paste(pen.ink, mask=coverage)
    return sheet


def ink_coverage(strokes: Sequence[Stroke], *, side: int, width: float) -> Image.Image:
    """How much of each pixel the pen covers: an "L" image, 255 for all of it; an alpha channel."""
    scale = side * _SUPERSAMPLING
    sheet = Image.new("L", (scale, scale), 0)
    draw = ImageDraw.Draw(sheet)
    radius = width * scale / 2
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in stroke * scale]
        draw.line(points, fill=255, width=max(1, round(2 * radius)))
        for x, y in points:  # a round tip at every point closes the gaps that bends leave open
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return sheet.reduce(_SUPERSAMPLING)
