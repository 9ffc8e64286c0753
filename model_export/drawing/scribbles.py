"""Scribbles: drawings that mean nothing, each too involved for a digit."""

from collections.abc import Callable
from typing import Final

import numpy as np

from model_export.drawing.penmanship import draw_by_hand, shear_and_turn, smooth_path
from model_export.drawing.strokes import Stroke

MIN_TURNING: Final = 7 * np.pi
"""Radians that a curve's direction changes by in all; an 8 has some 4 pi."""
MIN_LENGTH: Final = 6.0
"""Of a random curve, in longer sides of its box; an 8 has some 3."""
MIN_BREADTH: Final = 0.4
"""Of a random curve, across over along: a thick pen makes a line of a slimmer one."""
_CURVE_POINTS: Final = 160

Paths = list[Stroke]


def draw_scribble(generator: np.random.Generator) -> list[Stroke]:
    """Draw a scribble of a random kind.

    Returns:
        Strokes float64 (points, 2), in a box whose longer side is 1, its top left at the origin.
    """
    kinds = tuple(SCRIBBLES.values())
    return _finish(kinds[generator.integers(len(kinds))](generator), generator)


def _finish(paths: Paths, generator: np.random.Generator) -> list[Stroke]:
    turned = shear_and_turn(paths, generator, turn=0.3, slant=0.15, stretch=0.2)
    return draw_by_hand(turned, generator)


def turning(path: Stroke) -> float:
    """How far the path's direction turns, in radians: lefts and rights add up."""
    steps = np.diff(path, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return float(np.abs(np.diff(angles)).sum())


def is_involved(path: Stroke) -> bool:
    """Whether the path turns further, is longer and is broader than a digit's strokes."""
    steps = np.diff(path, axis=0)
    length = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    across, along = np.sqrt(np.linalg.eigvalsh(np.cov(path.T)))
    return bool(
        length >= MIN_LENGTH * np.ptp(path, axis=0).max()
        and across >= MIN_BREADTH * along
        and turning(path) >= MIN_TURNING
    )


def _tangle(generator: np.random.Generator) -> Paths:
    """A random walk of few frequencies."""
    t = np.linspace(0, 1, _CURVE_POINTS)
    while True:
        count = int(generator.integers(6, 12))
        waves = np.arange(1, count + 1)
        fall = waves ** -generator.uniform(0.0, 0.7)
        weights = generator.standard_normal((2, count)) * fall
        phases = generator.uniform(0, 2 * np.pi, (2, count, 1))
        x, y = (weights[..., None] * np.sin(np.pi * waves[:, None] * t + phases)).sum(axis=1)
        path = np.stack([x, y], axis=1)
        if is_involved(path):
            return [path]


def _knot(generator: np.random.Generator) -> Paths:
    """A Lissajous figure of many loops; one of two by three could close into an alpha.

    Its phase keeps away from where the curve runs back on itself and half of the loops vanish:
    (pi - a pi / b) / 2, and every pi / b from there.
    """
    across, down = ((3, 4), (4, 3), (4, 5), (5, 4), (5, 6))[generator.integers(5)]
    t = np.linspace(0, 2 * np.pi * generator.uniform(0.85, 1.1), 2 * _CURVE_POINTS)
    phase = np.pi * ((1 - across / down) / 2 + generator.uniform(0.3, 0.7) / down)
    return [np.stack([np.sin(across * t + phase), np.sin(down * t)], axis=1)]


def _coil(generator: np.random.Generator) -> Paths:
    """Loops in a row, as of a spring, but never so long that a thick pen makes it a rod."""
    t = np.linspace(0, 2 * np.pi * generator.uniform(3, 8), _CURVE_POINTS)
    length = generator.uniform(1.5, 4)
    sway = 1 + generator.uniform(0, 0.3) * np.sin(t * generator.uniform(0.1, 0.4))
    return [np.stack([length * t / t[-1] + sway * np.cos(t), sway * np.sin(t)], axis=1)]


def _spiral(generator: np.random.Generator) -> Paths:
    """Two and a half turns or more, about evenly apart."""
    turns = generator.uniform(2.5, 5)
    t = np.linspace(0.1, 1, _CURVE_POINTS)
    angle = generator.choice((-1, 1)) * 2 * np.pi * turns * t + generator.uniform(0, 2 * np.pi)
    return [np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1)]


def _hatching(generator: np.random.Generator) -> Paths:
    """Lines side by side, in one direction or two."""
    paths = []
    for direction in range(generator.integers(1, 3)):
        count = int(generator.integers(5 - direction, 10))
        across = np.linspace(0, 1, count) + generator.normal(0, 0.03, count)
        for place in across:
            ends = np.array([0.0, generator.uniform(0.8, 1.1)]) + generator.normal(0, 0.05, 2)
            line = np.stack([np.full(2, place) + generator.normal(0, 0.03, 2), ends], axis=1)
            paths.append(line[:, ::-1] if direction else line)
    return paths


def _scrawl(generator: np.random.Generator) -> Paths:
    """Back and forth without lifting the pen, as when something is coloured in.

    The patch is about as wide as it is high, or wider: a slim one is a thick 1.
    """
    count = int(generator.integers(7, 24))
    along = np.linspace(0, generator.uniform(0.9, 2), count)
    along = along + generator.normal(0, 0.03, count)
    swing = np.where(np.arange(count) % 2, 1.0, 0.0) * generator.uniform(0.6, 1.2)
    knots = np.stack([along, swing + generator.normal(0, 0.1, count)], axis=1)
    return [smooth_path(knots) if generator.random() < 0.6 else knots]


def _wave(generator: np.random.Generator) -> Paths:
    """A signature: waves of changing height, now and then a loop, perhaps a line beneath."""
    count = int(generator.integers(8, 18))
    along = np.linspace(0, 3, count) + generator.normal(0, 0.12, count)
    heights = generator.uniform(0.1, 1, count) * np.where(np.arange(count) % 2, 1, -0.3)
    knots = np.stack([along, -heights * np.linspace(1.2, 0.5, count)], axis=1)
    paths = [smooth_path(knots)]
    if generator.random() < 0.4:
        paths.append(np.array([(0.2, 0.8), (3.1, 0.6)]) + generator.normal(0, 0.1, (2, 2)))
    return paths


def _crossing(generator: np.random.Generator) -> Paths:
    """Two to five lines through about one place."""
    count = int(generator.integers(2, 6))
    angles = np.pi * (np.arange(count) + generator.uniform(-0.25, 0.25, count)) / count
    angles += generator.uniform(0, np.pi)
    paths = []
    for angle in angles:
        way = np.array([np.cos(angle), np.sin(angle)])
        reach = generator.uniform(0.7, 1.2, 2)
        paths.append(np.stack([-reach[0] * way, reach[1] * way]) + generator.normal(0, 0.08, 2))
    return paths


def _polygon(generator: np.random.Generator) -> Paths:
    """Corners in any order, so that the sides cross."""
    while True:
        corners = generator.uniform(0, 1, (generator.integers(8, 16), 2))
        if generator.random() < 0.5:
            corners = np.vstack([corners, corners[:1]])
        if is_involved(corners):
            return [corners]


def _blob(generator: np.random.Generator) -> Paths:
    """A patch scribbled full."""
    count = int(generator.integers(40, 70))
    angles = generator.uniform(0, 2 * np.pi, count)
    radii = np.sqrt(generator.uniform(0.1, 1, count))
    return [smooth_path(radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))]


def _dots(generator: np.random.Generator) -> Paths:
    """Several dots and specks, well spread."""
    count = int(generator.integers(3, 14))
    places = generator.uniform(0, 1, (count, 2))
    places[:3] = np.array([(0, 0.1), (1, 0.3), (0.4, 1)]) + generator.normal(0, 0.08, (3, 2))
    size = generator.uniform(0.01, 0.06)
    return [place + generator.normal(0, size, (2, 2)) for place in places]


def _dashes(generator: np.random.Generator) -> Paths:
    """Short lines and hooks, here and there, in every direction."""
    paths = []
    for place in _spread_places(int(generator.integers(4, 9)), generator):
        angle = generator.uniform(0, np.pi)
        way = np.array([np.cos(angle), np.sin(angle)]) * generator.uniform(0.08, 0.22)
        bow = np.array([-way[1], way[0]]) * generator.normal(0, 0.4)
        paths.append(smooth_path(np.stack([place - way, place + bow, place + way])))
    return paths


def _bubbles(generator: np.random.Generator) -> Paths:
    """Four rings or more beside each other; three in a line look like an 8."""
    t = np.linspace(0, 2 * np.pi * generator.uniform(0.9, 1.05), 30)
    circle = np.stack([np.cos(t), np.sin(t)], axis=1)
    places = _spread_places(int(generator.integers(4, 8)), generator)
    return [place + circle * generator.uniform(0.1, 0.28, (1, 2)) for place in places]


def _spread_places(count: int, generator: np.random.Generator) -> Stroke:
    """Random places of a 3 by 3 grid, no two of them the same, nor all in one line."""
    cells = np.concatenate([[0, 2, 7], generator.permutation([1, 3, 4, 5, 6, 8])])[:count]
    grid = np.stack([cells % 3, cells // 3], axis=1) / 2.0
    return grid + generator.normal(0, 0.08, (count, 2))


def _grid(generator: np.random.Generator) -> Paths:
    """A few lines across a few."""
    paths = []
    for direction in range(2):
        for place in np.linspace(0, 1, generator.integers(2, 5)):
            line = np.array([(place, -0.2), (place, 1.2)]) + generator.normal(0, 0.04, (2, 2))
            paths.append(line[:, ::-1] if direction else line)
    return paths


def _fan(generator: np.random.Generator) -> Paths:
    """Lines out of one place, as rays or a broom."""
    count = int(generator.integers(4, 9))
    angles = np.linspace(0, generator.uniform(0.5, 1.4) * np.pi, count)
    angles = angles + generator.uniform(0, 2 * np.pi) + generator.normal(0, 0.05, count)
    starts = generator.uniform(0, 0.3)
    ends = generator.uniform(0.8, 1.2, count)
    ways = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return [np.stack([starts * way, end * way]) for way, end in zip(ways, ends, strict=True)]


def _zigzag(generator: np.random.Generator) -> Paths:
    """Seven sides or more; a Z or an N has three."""
    count = int(generator.integers(8, 15))
    along = np.linspace(0, generator.uniform(1.2, 2.5), count)
    teeth = np.where(np.arange(count) % 2, 0.0, 0.5) + generator.normal(0, 0.05, count)
    return [np.stack([along, teeth], axis=1)]


def _strands(generator: np.random.Generator) -> Paths:
    """Four to six bowed lines over each other."""
    paths = []
    for _ in range(generator.integers(4, 7)):
        knots = generator.uniform(0, 1, (int(generator.integers(3, 5)), 2))
        paths.append(smooth_path(knots))
    return paths


SCRIBBLES: Final[dict[str, Callable[[np.random.Generator], Paths]]] = {
    "tangle": _tangle,
    "knot": _knot,
    "coil": _coil,
    "spiral": _spiral,
    "hatching": _hatching,
    "scrawl": _scrawl,
    "wave": _wave,
    "crossing": _crossing,
    "polygon": _polygon,
    "blob": _blob,
    "dots": _dots,
    "dashes": _dashes,
    "bubbles": _bubbles,
    "grid": _grid,
    "fan": _fan,
    "zigzag": _zigzag,
    "strands": _strands,
}
"""The kinds of scribble: each draws its paths, float64 (points, 2) in any unit."""
