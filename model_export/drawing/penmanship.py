"""How a hand follows a path: round where it should be, never quite steady, one size in the end."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.strokes import Stroke, fit_box

POINT_SPACING: Final = 0.035
"""Between a stroke's points, as a share of the drawing's longer side: about what a tablet gives."""
MAX_TREMOR: Final = 0.008
"""Standard deviation of a point's place, as a share of the drawing's longer side."""
_SAMPLES: Final = 12
_MIN_LENGTH: Final = 1e-6


def smooth_path(knots: Stroke) -> Stroke:
    """A smooth line through the knots, float64 (points, 2); two knots make a straight line.

    A cubic Hermite spline whose tangents weigh each knot's two sides by their length, so that
    unevenly spread knots make no cusps.
    """
    steps = np.diff(knots, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    apart = lengths > _MIN_LENGTH
    if not apart.all():
        knots = np.vstack([knots[:1], knots[1:][apart]])
        steps, lengths = steps[apart], lengths[apart]
    if len(knots) < 3:
        return knots
    spans = np.sqrt(lengths)[:, None]
    slopes = steps / spans
    before, after = spans[:-1], spans[1:]
    inner = (slopes[:-1] * after + slopes[1:] * before) / (before + after)
    tangents = np.vstack([1.5 * slopes[0] - inner[0] / 2, inner, 1.5 * slopes[-1] - inner[-1] / 2])
    corners = np.stack([knots[:-1], tangents[:-1] * spans, knots[1:], tangents[1:] * spans], axis=1)
    curves = np.matmul(_HERMITE, corners).reshape(-1, 2)
    return np.vstack([curves, knots[-1:]])


def _hermite_basis() -> NDArray[np.float64]:
    """float64 (samples, 4): the weights of start, its tangent, end, its tangent."""
    t = np.linspace(0, 1, _SAMPLES, endpoint=False)
    return np.stack(
        [2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t, 3 * t**2 - 2 * t**3, t**3 - t**2], axis=1
    )


_HERMITE: Final = _hermite_basis()


def space_points(path: Stroke, spacing: float) -> Stroke:
    """The same line with its points that far apart; a line too short for two has its ends."""
    steps = np.diff(path, axis=0)
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    count = max(2, round(travelled[-1] / spacing) + 1)
    stops = np.linspace(0, travelled[-1], count)
    return np.stack(
        [np.interp(stops, travelled, path[:, 0]), np.interp(stops, travelled, path[:, 1])], axis=1
    )


def draw_by_hand(paths: Sequence[Stroke], generator: np.random.Generator) -> list[Stroke]:
    """Paths as a hand draws them: points evenly spaced, a little unsteady, corners worn off.

    Args:
        paths: float64 (points, 2) each, in any unit.
        generator: the hand's.

    Returns:
        The strokes, in a box whose longer side is 1 and whose top left is the origin.
    """
    fitted = fit_box(paths)
    tremor = MAX_TREMOR * generator.random() ** 2
    wear = int(generator.integers(0, 4))
    strokes = []
    for path in fitted:
        points = space_points(path, POINT_SPACING)
        if len(points) > 2 * wear + 2:
            points = _wear_corners(points, wear)
        strokes.append(points + generator.normal(0, tremor, points.shape))
    return fit_box(strokes)


def _wear_corners(points: Stroke, times: int) -> Stroke:
    for _ in range(times):
        points = np.vstack(
            [points[:1], (points[:-2] + 2 * points[1:-1] + points[2:]) / 4, points[-1:]]
        )
    return points


def shear_and_turn(
    strokes: Sequence[Stroke],
    generator: np.random.Generator,
    *,
    turn: float,
    slant: float,
    stretch: float,
) -> list[Stroke]:
    """Give a drawing one random affine change; each limit is a standard deviation.

    Args:
        strokes: y down.
        generator: of the change.
        turn: in radians.
        slant: of the verticals, to the right.
        stretch: of the width, as a logarithm.
    """
    angle = generator.normal(0, turn)
    cosine, sine = np.cos(angle), np.sin(angle)
    lean = np.array([[1.0, 0.0], [-generator.normal(slant / 3, slant), 1.0]])
    widen = np.diag([np.exp(generator.normal(0, stretch)), 1.0])
    matrix = widen @ lean @ np.array([[cosine, sine], [-sine, cosine]])
    return [stroke @ matrix for stroke in strokes]
