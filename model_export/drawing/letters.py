"""Letters, signs and doodles by hand, none of them a digit: what the network learns to refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from model_export.drawing.alphabet import CAPITALS, COMPANIONS, DOODLES, SIGNS, SMALL_LETTERS
from model_export.drawing.penmanship import draw_by_hand, shear_and_turn, smooth_path
from model_export.drawing.strokes import Stroke

_UNIT: Final = 10.0
"""A capital's height in a skeleton."""
KNOT_WANDER: Final = 0.03
"""Standard deviation of a knot's place from one letter to the next, as a share of the height."""
STROKE_WANDER: Final = 0.015
"""The same of a whole stroke's place."""
MAX_OVERSHOOT: Final = 0.05
"""How far a stroke's end is drawn out or falls short, as a share of the height."""
BEND: Final = 0.05
"""Standard deviation of each of the bends that the whole drawing takes."""
SCRAP_SHARE: Final = 0.15
"""Of the letters drawn: two or three side by side."""
_KIND_WEIGHTS: Final = (0.36, 0.30, 0.20, 0.14)
"""Of capitals, small letters, signs and doodles."""


@dataclass(frozen=True, slots=True)
class Path:
    """One stroke of a skeleton: its knots, cut at the corners."""

    runs: tuple[Stroke, ...]
    """float64 (knots, 2) each, 1 the height of a capital; each starts where the last one ends."""


Skeleton = tuple[Path, ...]


def read_skeleton(text: str) -> Skeleton:
    """Read a skeleton's text, as `alphabet` writes it."""
    return tuple(_read_path(part) for part in text.split("/"))


def _read_path(text: str) -> Path:
    runs: list[list[tuple[float, float]]] = [[]]
    for word in text.split():
        x, y = word.rstrip("!").split(",")
        knot = (float(x) / _UNIT, float(y) / _UNIT)
        runs[-1].append(knot)
        if word.endswith("!"):
            runs.append([knot])
    return Path(tuple(np.array(run) for run in runs if len(run) > 1))


def _read_skeletons(texts: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[Skeleton, ...]]:
    return {name: tuple(read_skeleton(text) for text in forms) for name, forms in texts.items()}


KINDS: Final = tuple(_read_skeletons(texts) for texts in (CAPITALS, SMALL_LETTERS, SIGNS, DOODLES))
LETTERS: Final = {name: forms for kind in KINDS for name, forms in kind.items()}
"""By name, the ways to write what is no digit."""
_SCRAP_LETTERS: Final = tuple(
    form
    for texts in (CAPITALS, SMALL_LETTERS, COMPANIONS)
    for forms in _read_skeletons(texts).values()
    for form in forms
)
_FORMS: Final = tuple(tuple(kind.values()) for kind in KINDS)


def draw_letter(generator: np.random.Generator) -> list[Stroke]:
    """Draw a letter, a scrap of a word, a sign or a doodle that is no digit.

    Returns:
        Strokes float64 (points, 2), in a box whose longer side is 1, its top left at the origin.
    """
    if generator.random() < SCRAP_SHARE:
        return _draw_scrap(generator)
    kind = _FORMS[generator.choice(len(_FORMS), p=_KIND_WEIGHTS)]
    forms = kind[generator.integers(len(kind))]
    return write_skeleton(forms[generator.integers(len(forms))], generator)


def write_skeleton(skeleton: Skeleton, generator: np.random.Generator) -> list[Stroke]:
    """Draw one skeleton as one of the many ways that people would have drawn it."""
    return draw_by_hand(_loosen(_trace(skeleton, generator), generator), generator)


def _draw_scrap(generator: np.random.Generator) -> list[Stroke]:
    """Two or three letters beside each other, on one line."""
    strokes: list[Stroke] = []
    edge = 0.0
    for _ in range(generator.integers(2, 4)):
        letter = _trace(_SCRAP_LETTERS[generator.integers(len(_SCRAP_LETTERS))], generator)
        points = np.concatenate(letter)
        shift = np.array([edge - points[:, 0].min(), generator.normal(0, 0.03)])
        strokes += [stroke + shift for stroke in letter]
        edge += float(np.ptp(points[:, 0])) + generator.uniform(0.1, 0.35)
    return draw_by_hand(_loosen(strokes, generator), generator)


def _trace(skeleton: Skeleton, generator: np.random.Generator) -> list[Stroke]:
    """The skeleton's lines with every knot a little elsewhere; 1 is a capital's height."""
    wander = KNOT_WANDER * generator.uniform(0.3, 1.2)
    strokes = []
    for path in skeleton:
        pieces: list[Stroke] = []
        for run in path.runs:
            knots = run + generator.normal(0, wander, run.shape)
            if pieces:
                knots[0] = pieces[-1][-1]
            pieces.append(smooth_path(knots))
        line = np.concatenate(pieces) + generator.normal(0, STROKE_WANDER, 2)
        strokes.append(_draw_out(line, generator))
    return strokes


def _draw_out(line: Stroke, generator: np.random.Generator) -> Stroke:
    """Let the line's two ends go on past where they should, or stop short."""
    ends = []
    for tip, neighbour in ((line[0], line[1]), (line[-1], line[-2])):
        step = tip - neighbour
        length = float(np.hypot(*step))
        reach = min(generator.uniform(-MAX_OVERSHOOT / 2, MAX_OVERSHOOT), 4 * length)
        ends.append(tip + step * (reach / length if length > 0 and reach > 0 else 0.0))
    return np.vstack([ends[0], line, ends[1]])


def _loosen(strokes: list[Stroke], generator: np.random.Generator) -> list[Stroke]:
    """Slant, turn, stretch and bend the whole drawing."""
    bends = generator.normal(0, BEND, (3, 2))
    middle = np.concatenate(strokes).mean(axis=0)
    bent = []
    for stroke in strokes:
        x, y = (stroke - middle).T
        bent.append(stroke + np.stack([x * x, x * y, y * y], axis=1) @ bends)
    return shear_and_turn(bent, generator, turn=0.1, slant=0.15, stretch=0.18)
