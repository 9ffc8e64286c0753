"""What digits turn into that are none: several in one picture, one crossed out, one on its side."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.penmanship import smooth_path
from model_export.drawing.strokes import Stroke, fit_box

MIN_GAP: Final = 0.12
MAX_GAP: Final = 0.5
"""Between two digits, as a share of the taller one's height: clearly two, and still one number."""
MAX_RISE: Final = 0.12
"""How far a digit stands above or below the line, the same share."""

_LEFT_TURN: Final = np.array([[0.0, -1.0], [1.0, 0.0]])
"""A row vector times it turns anticlockwise as seen, for y grows downwards."""
_TURNS: Final[dict[int, NDArray[np.float64]]] = {3: _LEFT_TURN, 8: _LEFT_TURN}
TURNABLE_DIGITS: Final = frozenset(_TURNS)
"""The digits that are none when turned. 2, 4, 5 and 7, however turned or mirrored, come out much
like each other or themselves, and a 3 the other way is a Greek letter, which `alphabet` leaves out.
"""


def join_digits(
    drawings: Sequence[Sequence[Stroke]], generator: np.random.Generator
) -> list[Stroke]:
    """Put two or more digits side by side, as one number.

    Args:
        drawings: the strokes of each digit, from left to right.
        generator: of sizes, heights and gaps.

    Returns:
        The strokes, in a box whose longer side is 1, its top left at the origin.
    """
    strokes: list[Stroke] = []
    edge = 0.0
    gap = generator.uniform(MIN_GAP, MAX_GAP)
    for drawing in drawings:
        size = generator.uniform(0.8, 1.0)
        digit = [stroke * size for stroke in fit_box(drawing)]
        points = np.concatenate(digit)
        rise = 1 - points[:, 1].max() + generator.uniform(-MAX_RISE, MAX_RISE)
        strokes += [stroke + np.array([edge, rise]) for stroke in digit]
        edge += float(points[:, 0].max()) + gap * generator.uniform(0.8, 1.2)
    return fit_box(strokes)


def cross_out(drawing: Sequence[Stroke], generator: np.random.Generator) -> list[Stroke]:
    """Strike a digit out: with a cross, with lines, or with a scrawl; one line alone is no more
    than the bar that some give a 7 or a 0.

    Returns:
        The strokes, in a box whose longer side is 1, its top left at the origin.
    """
    digit = fit_box(drawing)
    points = np.concatenate(digit)
    # A 1 is narrow, and a cross as narrow would be another line.
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    reach = np.maximum(np.ptp(points, axis=0) / 2, 0.3) * generator.uniform(0.9, 1.3)
    marks = (_mark_cross, _mark_lines, _mark_scrawl)[generator.integers(3)](generator)
    return fit_box([*digit, *(mark * reach + middle for mark in marks)])


def _mark_cross(generator: np.random.Generator) -> list[Stroke]:
    ends = np.array([[(-1.0, -1.0), (1.0, 1.0)], [(1.0, -1.0), (-1.0, 1.0)]])
    return list(ends + generator.normal(0, 0.12, ends.shape))


def _mark_lines(generator: np.random.Generator) -> list[Stroke]:
    heights = np.linspace(-0.6, 0.6, generator.integers(3, 6))
    slope = generator.normal(0, 0.3)
    return [
        np.array([(-1.2, height - slope), (1.2, height + slope)])
        + generator.normal(0, 0.08, (2, 2))
        for height in heights
    ]


def _mark_scrawl(generator: np.random.Generator) -> list[Stroke]:
    count = int(generator.integers(8, 18))
    along = np.linspace(-1, 1, count) + generator.normal(0, 0.05, count)
    swing = np.where(np.arange(count) % 2, 1.1, -1.1) + generator.normal(0, 0.15, count)
    knots = np.stack([along, swing], axis=1)
    return [smooth_path(knots[:, ::-1] if generator.random() < 0.5 else knots)]


def turn_digit(drawing: Sequence[Stroke], digit: int) -> list[Stroke]:
    """Lay a digit on its side, so that it is none.

    Args:
        drawing: the digit's strokes.
        digit: one of `TURNABLE_DIGITS`.

    Returns:
        The strokes, in a box whose longer side is 1, its top left at the origin.
    """
    return fit_box([stroke @ _TURNS[digit] for stroke in drawing])
