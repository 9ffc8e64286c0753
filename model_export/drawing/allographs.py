"""Digits in the ways that people write them: every allograph, beyond what a few writers show.

A 1 and a 7 are one shape, a stroke that leads to the top of a stem; people tell them apart by how
it comes there. A 7's bar is long and about level; a 1's flag is short, or climbs steeply from the
lower left. Between the two lies a margin in which nothing is drawn, and it is as wide as it is
because a canvas still turns and slants what it is given. A base line makes a 1 of what has one, a
bar through the stem a 7, so that both may come nearer to the margin then.

A zero with a slash is left out: once small or thick it is an 8, or the letter Ø.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from model_export.drawing.penmanship import draw_by_hand, smooth_path
from model_export.drawing.strokes import Stroke

DIGIT_WEIGHTS: Final = (0.0625, 0.25, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.25, 0.0625, 0.0625)
"""How often each digit is drawn: most the two whose allographs differ most."""
BASE_SHARE: Final = 0.35
"""Of the 1s with a flag: with a base line."""
BAR_SHARE: Final = 0.45
"""Of the 7s: with a bar through the stem."""
STEEPEST_BAR: Final = 8.0
"""Degrees that a 7's top bar climbs at most, unless a bar crosses the stem."""
WIDEST_FLAG: Final = 58.0
WIDEST_LONG_FLAG: Final = 36.0
"""Degrees between a 1's flag and its stem, at most: when it is short, and when it is `LONG_FLAG` or
longer; one in between has its share of the two, and one above a base line `BASE_MARGIN` more."""
LONG_FLAG: Final = 0.6
"""As a share of the height."""
BASE_MARGIN: Final = 7.0
SHORTEST_BAR: Final = 0.4
"""Of a 7, at its top, as a share of its height; longer where no bar crosses the stem."""
_WANDER: Final = 0.012
"""Standard deviation of a knot's place, as a share of the height."""
_BEND: Final = 0.03
"""The same of each of the bends that a drawing takes."""

_Run = list[tuple[float, float]]
Drawing = list[Stroke]


def draw_allograph(generator: np.random.Generator) -> tuple[int, list[Stroke]]:
    """Draw a digit, which one as often as `DIGIT_WEIGHTS` says.

    Returns:
        The digit and its strokes: float64 (points, 2), in a box whose longer side is 1, its top
        left at the origin.
    """
    digit = int(generator.choice(10, p=DIGIT_WEIGHTS))
    return digit, write_digit(digit, generator)


def write_digit(digit: int, generator: np.random.Generator) -> list[Stroke]:
    """Draw that digit, in one of its ways; the strokes are as `draw_allograph` gives them."""
    strokes = _WRITERS[digit](generator)
    return draw_by_hand(strokes if digit in (1, 7) else _bend(strokes, generator), generator)


def _bend(strokes: Drawing, generator: np.random.Generator) -> Drawing:
    bends = generator.normal(0, _BEND, (3, 2))
    middle = np.concatenate(strokes).mean(axis=0)
    bent = []
    for stroke in strokes:
        x, y = (stroke - middle).T
        bent.append(stroke + np.stack([x * x, x * y, y * y], axis=1) @ bends)
    return bent


def _trace(generator: np.random.Generator, *runs: _Run) -> Stroke:
    """One stroke through knots, smooth within a run and with a corner between two; each run after
    the first starts where the last one ended. The height is 1."""
    pieces: list[Stroke] = []
    for run in runs:
        knots = np.array(run, dtype=float) + generator.normal(0, _WANDER, (len(run), 2))
        if pieces:
            knots = np.vstack([pieces[-1][-1:], knots])
        pieces.append(smooth_path(knots))
    return np.concatenate(pieces)


def _arc(centre: tuple[float, float], radii: tuple[float, float], start: float, end: float) -> _Run:
    """Knots on an ellipse; degrees, 0 to the right and 90 below, growing clockwise as seen."""
    angles = np.deg2rad(np.linspace(start, end, max(3, round(abs(end - start) / 40) + 1)))
    x, y = centre[0] + radii[0] * np.cos(angles), centre[1] + radii[1] * np.sin(angles)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _write_zero(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    half, start = u(0.2, 0.48), u(230, 310)
    way = -1 if generator.random() < 0.8 else 1
    ring = _arc((0, 0.5), (half, 0.5), start, start + way * 360 + u(-14, 8))
    if generator.random() < 0.25:  # the end goes on into the ring, or the pen came from outside it
        ring.append((ring[-1][0] - way * u(-0.05, 0.12), ring[-1][1] + u(0.02, 0.12)))
    return [_trace(generator, ring)]


def _write_one(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    lean = u(-0.1, 0.16)
    middle = (lean / 2 + generator.normal(0, 0.015), 0.5)
    stem: _Run = [(lean, 0), middle, (0, 1)]
    if generator.random() < 0.28:
        return [_trace(generator, stem)]
    base = generator.random() < BASE_SHARE
    length = u(0.08, 0.3) if generator.random() < 0.4 else u(0.3, 1.0)
    widest = WIDEST_FLAG + (WIDEST_LONG_FLAG - WIDEST_FLAG) * min(1.0, length / LONG_FLAG)
    narrowest = 15 if length < LONG_FLAG else 20
    angle = np.deg2rad(u(narrowest, widest + BASE_MARGIN * base)) + np.arctan(lean)
    reach = np.array([-np.sin(angle), np.cos(angle)]) * length * np.hypot(1, lean)
    if reach[1] > 1:  # a flag ends on the line that the stem stands on
        reach /= reach[1]
    sag = reach / 2 + np.array([u(-0.02, 0.06), u(-0.01, 0.04)]) * length
    flag: _Run = [(lean + reach[0], reach[1]), (lean + sag[0], sag[1]), (lean, 0)]
    strokes = [_trace(generator, flag, stem[1:])]
    if base:
        left, right = u(0.1, 0.35), u(0.1, 0.35)
        tilt, drop = u(-0.04, 0.04), u(-0.02, 0.03)
        strokes.append(_trace(generator, [(-left, 1 + drop + tilt), (right, 1 + drop - tilt)]))
    return strokes


def _write_two(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, top = u(0.45, 0.75), u(0.2, 0.3)
    half = width / 2 * u(0.85, 1)
    hook = _arc((half, top), (half, top), u(175, 215), u(360, 385))
    hook.append((width * u(0.5, 0.65), u(0.6, 0.7)))
    left = u(-0.05, 0.08)
    end = (width * u(0.95, 1.25), 1 + u(-0.06, 0.03))
    way = generator.random()
    if way < 0.4:  # a corner, and a level base
        return [_trace(generator, [*hook, (left, 1)], [end])]
    if way < 0.6:  # a corner, and a base like a wave
        wave: _Run = [(width * 0.35, 1 - u(0.04, 0.1)), (width * 0.75, 1 + u(0, 0.04)), end]
        return [_trace(generator, [*hook, (left, 1)], wave)]
    size = u(0.06, 0.13)  # a loop
    loop: _Run = [(left + size, 1), (left, 1 - size * 0.8), (left + size, 1 - 1.7 * size)]
    tail: _Run = [(width * 0.55, 1 - size * 0.8), (width * 0.85, 1 + u(-0.02, 0.05)), end]
    return [_trace(generator, [*hook, *loop, *tail])]


def _write_three(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, waist = u(0.4, 0.65), u(0.4, 0.52)
    low = (1 - waist) / 2
    bowl = _arc((width * 0.4, 1 - low), (width * 0.6, low), u(-75, -60), u(140, 185))
    if generator.random() < 0.35:  # flat above
        corner = (width * u(0.85, 1.0), u(-0.04, 0.05))
        notch = (width * u(0.3, 0.45), 1 - 2 * low + u(-0.02, 0.03))
        return [_trace(generator, [(u(0, 0.08), u(0, 0.06)), corner], [notch], bowl)]
    half = waist / 2
    top = _arc((width * 0.4, half), (width * u(0.45, 0.58), half), u(185, 220), u(410, 430))
    notch = (width * u(0.2, 0.45), waist + u(-0.02, 0.02))
    if generator.random() < 0.25:  # a little loop at the waist
        loop: _Run = [(notch[0] - 0.05, waist - 0.02), (notch[0] - 0.02, waist + 0.06)]
        return [_trace(generator, [*top, *loop, *bowl])]
    return [_trace(generator, [*top, notch], bowl)]


def _write_four(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    bar, width = u(0.5, 0.72), u(0.4, 0.65)
    stem, tilt = width * u(0.68, 0.88), u(-0.05, 0.05)
    past = max(width, stem + u(0.08, 0.3))
    foot = (stem + u(-0.12, 0.03), 1.0)
    if generator.random() < 0.45:  # closed, pointed above
        apex = (stem + u(-0.02, 0.03), 0.0)
        if generator.random() < 0.5:
            bars = [_trace(generator, [apex, (0, bar)], [(past, bar + tilt)])]
            return [*bars, _trace(generator, [apex, foot])]
        return [_trace(generator, [foot, apex], [(0, bar)], [(past, bar + tilt)])]
    start = (u(0.0, 0.35) * stem, u(0, 0.12))
    stem_top = (stem + u(-0.02, 0.1), u(-0.05, bar - 0.3))
    left: _Run = [start, (u(-0.03, 0.03), bar)]
    if generator.random() < 0.25:  # all in one: the pen goes back up for the stem
        return [_trace(generator, left, [(stem, bar + tilt)], [stem_top], [foot])]
    return [_trace(generator, left, [(past, bar + tilt)]), _trace(generator, [stem_top, foot])]


def _write_five(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, neck = u(0.42, 0.65), u(0.3, 0.45)
    back, low = width * u(0.08, 0.2), (1 - neck) / 2 + u(0.02, 0.07)
    bowl = _arc((width * 0.45, 1 - low), (width * 0.55, low), u(-125, -105), u(130, 175))
    tip = (width * u(0.8, 1.2), u(-0.07, 0.05))
    corner = (back, 0.0)
    way = generator.random()
    if way < 0.35:  # one stroke, from the bar's tip
        return [_trace(generator, [tip, corner], [(back * u(0, 0.9), neck)], bowl)]
    if way < 0.5:  # the same, round, like an S
        return [_trace(generator, [tip, (width * 0.4, 0.01), (back, 0.15), (0.06, neck), *bowl])]
    body = _trace(generator, [corner, (back * u(0, 0.9), neck)], bowl)
    gap, rise = u(-0.04, 0.14), u(-0.1, 0.03)  # the bar last, and not quite where it should be
    start = (back + gap, rise)
    return [
        body,
        _trace(generator, [start, (start[0] + width * u(0.55, 0.95), rise + u(-0.06, 0.04))]),
    ]


def _write_six(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, bowl = u(0.4, 0.62), u(0.4, 0.6)
    half, low = width / 2, bowl / 2
    centre = (half, 1 - low)
    top = (width * u(0.55, 1.15), 0.0)
    ring = _arc(centre, (half, low), 180, -168 - u(0, 30))
    way = generator.random()
    if way < 0.55:  # curved down into the bowl
        return [_trace(generator, [top, (width * u(0.18, 0.3), (1 - bowl) * u(0.5, 0.7)), *ring])]
    if way < 0.8:  # straight down, and the bowl set against it
        ring = _arc(centre, (half, low), 140, -165)
        start = (width * u(0.15, 0.6), 0.0)
        return [_trace(generator, [start, (0, 1 - low), *ring])]
    ring = _arc(centre, (half, low), 185, -180 - u(0, 40))  # round above too, and the bowl curls in
    curl: _Run = [(width * u(0.6, 0.9), u(0, 0.06)), (width * 0.4, u(0.06, 0.12))]
    return [_trace(generator, [*curl, (width * 0.1, (1 - bowl) * 0.8), *ring])]


def _write_seven(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    crossed = generator.random() < BAR_SHARE
    width = u(SHORTEST_BAR if crossed else SHORTEST_BAR + 0.06, 0.8)
    climb = np.deg2rad(u(-18, 18 if crossed else STEEPEST_BAR))
    corner, start = (width, 0.0), (0.0, width * np.tan(climb))
    foot = (width - u(0.1, 0.5), 1.0)
    sway = u(-0.09, 0.03) if generator.random() < 0.5 else 0.0
    half = ((corner[0] + foot[0]) / 2 + sway, 0.5)
    dip = generator.normal(0, 0.012)
    bar: _Run = [start, (width / 2, start[1] / 2 + dip), corner]
    if generator.random() < 0.3:  # a serif before the bar, or a wave
        hook = (start[0] + u(-0.03, 0.03), start[1] + u(0.08, 0.2))
        runs = ([hook, start], bar[1:]) if generator.random() < 0.6 else ([hook, *bar],)
    else:
        runs = (bar,)
    if generator.random() < 0.25:  # round at the corner
        runs = (*runs[:-1], [*runs[-1][:-1], (width * 0.93, 0.02), half, foot])
    else:
        runs = (*runs, [half, foot])
    strokes = [_trace(generator, *runs)]
    if crossed:
        height, reach, tilt = u(0.38, 0.62), u(0.13, 0.28), u(-0.06, 0.04)
        stem = half[0] + (foot[0] - corner[0]) * (height - 0.5)
        bar = [(stem - reach, height - tilt), (stem + reach * u(0.7, 1.1), height + tilt)]
        strokes.append(_trace(generator, bar))
    return strokes


def _write_eight(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, waist = u(0.42, 0.68), u(0.4, 0.54)
    if generator.random() < 0.25:  # two rings
        rings = []
        for top, bottom, share in ((0.0, waist + 0.02, u(0.75, 1)), (waist - 0.02, 1.0, 1.0)):
            begin = 270 if top else 90
            radii = (width / 2 * share, (bottom - top) / 2)
            end = begin + 360 * (1 if generator.random() < 0.5 else -1)
            rings.append(_trace(generator, _arc((0, (top + bottom) / 2), radii, begin, end)))
        return rings
    # From the top right: to the left, down as an S and up again. It may stay a little open.
    start = u(-0.9, 0.1)
    t = np.linspace(start, start + 2 * np.pi + u(-0.3, 0.25), 20)
    y = (1 - np.cos(t)) / 2
    x = -width / 2 * np.sin(2 * t) * np.where(y < 0.5, u(0.75, 1), 1.0)
    y **= np.log(waist) / np.log(0.5)
    return [_trace(generator, list(zip(x.tolist(), y.tolist(), strict=True)))]


def _write_nine(generator: np.random.Generator) -> Drawing:
    u = generator.uniform
    width, bowl = u(0.38, 0.6), u(0.36, 0.56)
    half, high = width / 2, bowl / 2
    start = u(-50, -15)
    ring = _arc((half, high), (half, high), start, -345)
    top = (width, high * u(0.35, 0.7))
    way = generator.random()
    if way < 0.4:  # a straight stem
        return [_trace(generator, [*ring, top], [(width + u(-0.2, 0.06), 1)])]
    if way < 0.7:  # a curve with the bowl's own bend
        sweep: _Run = [(width * u(0.9, 1.02), 0.62), (width * u(0.3, 0.7), 1)]
        return [_trace(generator, [*ring, top], sweep)]
    tail: _Run = [(width, 0.7), (width * u(0.6, 0.8), 0.96), (width * u(0.0, 0.3), u(0.85, 0.97))]
    return [_trace(generator, [*ring, top], tail)]


_WRITERS: Final[tuple[Callable[[np.random.Generator], Drawing], ...]] = (
    _write_zero,
    _write_one,
    _write_two,
    _write_three,
    _write_four,
    _write_five,
    _write_six,
    _write_seven,
    _write_eight,
    _write_nine,
)
