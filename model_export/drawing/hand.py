"""What a hand adds to strokes: slant, turn, proportions, a tremor; and its way between points.

All functions take strokes and give new ones; units are those of the strokes.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.strokes import Stroke

_KNOT_POINTS: Final = 4
"""From one turning point of a tremor to the next: 0.4 s at the tablets' rate."""


def lean_strokes(
    strokes: Sequence[Stroke], *, slant: float, rotation: float, stretch: float
) -> list[Stroke]:
    """Shear, turn and stretch strokes about the origin.

    Args:
        slant: how far the top leans right, as a share of the height.
        rotation: radians, clockwise as y points down.
        stretch: width over height, 1 as they are; the area stays.
    """
    cosine, sine = np.cos(rotation), np.sin(rotation)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    shear = np.array([[1.0, 0.0], [-slant, 1.0]])
    wide = np.diag([stretch**0.5, stretch**-0.5])
    matrix = wide @ shear @ turn
    return [stroke @ matrix for stroke in strokes]


def wobble_strokes(
    strokes: Sequence[Stroke], amplitude: float, generator: np.random.Generator
) -> list[Stroke]:
    """Let the hand tremble: a slow random displacement, of this standard deviation."""
    return [stroke + amplitude * wander(len(stroke), 2, generator) for stroke in strokes]


def wander(points: int, columns: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """A slow random course: float64 (points, columns), mean 0 and standard deviation about 1."""
    knots = generator.standard_normal((points // _KNOT_POINTS + 2, columns))
    places = np.arange(points) / _KNOT_POINTS
    before = places.astype(int)
    share = (places - before)[:, None]
    share = share * share * (3 - 2 * share)  # smooth where two spans meet
    course: NDArray[np.float64] = knots[before] * (1 - share) + knots[before + 1] * share
    return course


def smooth_stroke(stroke: Stroke, samples: int) -> Stroke:
    """Draw a smooth line through the points: a uniform Catmull-Rom spline, `samples` to a span.

    Uniform, because a tablet's points are equally far apart in time.
    """
    if len(stroke) < 2:
        return stroke
    padded = np.vstack([2 * stroke[0] - stroke[1], stroke, 2 * stroke[-1] - stroke[-2]])
    spans = np.stack([padded[i : i + len(stroke) - 1] for i in range(4)], axis=1)
    line = (_catmull_rom(samples) @ spans).reshape(-1, 2)
    return np.vstack([line, stroke[-1:]])


def thin_out(stroke: Stroke, step: float) -> Stroke:
    """Leave out points that lie closer together than `step`; both ends stay."""
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    _, first = np.unique((lengths / step).astype(int), return_index=True)
    kept = stroke[first]
    left = lengths[-1] - lengths[first[-1]]
    if len(kept) > 1 and left < step / 2:
        kept[-1] = stroke[-1]
        return kept
    return np.vstack([kept, stroke[-1:]]) if left > 0 else kept


def _catmull_rom(samples: int) -> NDArray[np.float64]:
    """float64 (samples, 4): what each of four points in a row weighs, from the second on."""
    t = np.arange(samples) / samples
    return 0.5 * np.stack(
        [
            -t + 2 * t**2 - t**3,
            2 - 5 * t**2 + 3 * t**3,
            t + 4 * t**2 - 3 * t**3,
            -(t**2) + t**3,
        ],
        axis=1,
    )
