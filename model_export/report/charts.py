"""The report's pictures: calibration, threshold and rejection, drawn from the readings."""

from dataclasses import dataclass
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.metrics import (
    Floats,
    adaptive_calibration_error,
    area_under_roc,
    coverage_curve,
    reliability_bins,
    threshold_at_loss,
    wilson_interval,
)
from model_export.readings import Family
from model_export.report.evaluation import Evaluation, pool_confidence, pool_strangeness
from model_export.report.figures import DIGITS_LOST, format_share
from model_export.report.markup import caption, element, escape
from model_export.report.plot import Axis, Plot, log_axis, nines_axis, percent_axis

FAMILY_NAMES: Final = {
    Family.MNIST: "MNIST’s scans",
    Family.PENS: "Pen drawings",
    Family.PAPER: "Drawings on paper",
    Family.CORRUPTIONS: "One fault at a time",
    Family.STRANGERS: "No digits",
    Family.BLANKS: "Blank sheets",
}
DIGIT_FAMILIES: Final = (Family.MNIST, Family.PENS, Family.PAPER)
_STYLES: Final = ("first", "second", "third", "fourth", "fifth")
_SPREAD: Final = "first wide"
_FLOORS: Final = (0.99, 0.98, 0.95, 0.9, 0.8, 0.5, 0.0)
_STEPS: Final = 160
"""Points on a curve: one every two pixels."""
_STRANGENESS_BINS: Final = 20
_LEAST_ANSWERED: Final = 20
"""Under so many answers a curve's accuracy is noise."""
_LEAST_LOSS: Final = 1e-4
_LEAST_SHARE: Final = 1e-4


@dataclass(frozen=True, slots=True)
class _Pool:
    """The digits of one family, of all its sets."""

    name: str
    style: str
    confidence: Floats
    right: NDArray[np.bool_]


def _pool_families(evaluation: Evaluation) -> list[_Pool]:
    """Of those families of digits on which anything was read."""
    pools = []
    for style, family in zip(_STYLES, DIGIT_FAMILIES, strict=False):
        confidence, right = pool_confidence(evaluation.of(family))
        if len(right):
            pools.append(_Pool(FAMILY_NAMES[family], style, confidence, right))
    return pools


def choose_floor(share: float) -> float:
    """A round share under this one, for an axis to start at."""
    return next(floor for floor in _FLOORS if share > floor or floor == 0)


def draw_reliability(evaluation: Evaluation) -> list[str]:
    """One figure for each family of digits: accuracy against confidence, and how many where."""
    return [_draw_one_reliability(pool) for pool in _pool_families(evaluation)]


def _draw_one_reliability(pool: _Pool) -> str:
    name, confidence, right = pool.name, pool.confidence, pool.right
    error = format_share(adaptive_calibration_error(confidence, right))
    plot = Plot(percent_axis("confidence"), percent_axis("right"))
    counts = Plot(
        percent_axis("confidence"), log_axis("answers, share of all", _LEAST_SHARE), height=150
    )
    marks = [plot.draw_line([(0, 0), (1, 1)], "ideal")]
    bars = []
    for part in reliability_bins(confidence, right):
        if not part.count:
            continue
        low, high = wilson_interval(round(part.accuracy * part.count), part.count)
        marks.append(plot.draw_line([(part.confidence, low), (part.confidence, high)], _SPREAD))
        marks.append(plot.draw_dot(part.confidence, part.accuracy, "first"))
        share = part.count / len(confidence)
        bars.append(counts.draw_bar(part.lower, part.upper, share, "first"))
    said = (
        f"{name}: accuracy against confidence in tenths. "
        f"The calibration error is {error} over {len(right):,} digits."
    )
    return caption(
        plot.finish(*marks, title=said)
        + counts.finish(*bars, title=f"{name}: how many answers lie in each tenth of confidence"),
        f"{name}: {len(right):,} digits, adaptive calibration error {error}. On the dashed line "
        "confidence is accuracy; each dot has its 95 % interval.",
    )


def draw_threshold(evaluation: Evaluation) -> list[str]:
    """Accuracy, and the share answered, against the least confidence that is answered."""
    pools = _pool_families(evaluation)
    if not pools:
        return []
    curves = [coverage_curve(pool.confidence, pool.right) for pool in pools]
    axis = nines_axis("answer only at this confidence or more")
    steps = [1 - 10**-nines for nines in np.linspace(0, 4.5, _STEPS)]
    floor = choose_floor(min(float(curve.accuracy[0]) for curve in curves))
    accuracy = Plot(axis, percent_axis("right, of what is answered", floor))
    coverage = Plot(axis, percent_axis("answered"))
    drawn: tuple[list[str], list[str]] = ([], [])
    for pool, curve in zip(pools, curves, strict=True):
        count = len(pool.right)
        indices = np.searchsorted(curve.thresholds, steps)
        points = [
            (step, float(curve.accuracy[index]), float(curve.coverage[index]))
            for step, index in zip(steps, indices, strict=True)
            if index < len(curve.thresholds)
            and curve.coverage[index] * count >= min(_LEAST_ANSWERED, count)
        ]
        drawn[0].append(accuracy.draw_line([(x, right) for x, right, _ in points], pool.style))
        drawn[1].append(coverage.draw_line([(x, share) for x, _, share in points], pool.style))
    threshold = evaluation.card.get("thresholds", {}).get("uncertain_below")
    for plot, marks in zip((accuracy, coverage), drawn, strict=True):
        if threshold is not None:
            marks.append(plot.draw_mark(threshold, f"uncertain below {threshold:.3g}"))
    legend = draw_legend([(pool.style, pool.name) for pool in pools])
    return [
        caption(
            legend + accuracy.finish(*drawn[0], title="Accuracy against confidence threshold"),
            "How many of the answers given are right, if only those of a confidence are given.",
        ),
        caption(
            legend + coverage.finish(*drawn[1], title="Share answered against the threshold"),
            "How many digits then get an answer at all.",
        ),
    ]


def draw_rejection(evaluation: Evaluation) -> list[str]:
    """Strangers rejected against digits lost, and how strange each are."""
    digits = pool_strangeness(evaluation.of(Family.MNIST, Family.PENS), digits=True)
    sets = [
        (style, reading.samples.name, pool_strangeness([reading], digits=False))
        for style, reading in zip(cycle(_STYLES), evaluation.of(Family.STRANGERS), strict=False)
    ]
    if not len(digits) or not sets:
        return []
    return [
        _draw_trade(digits, sets),
        _draw_strangeness(digits, np.concatenate([values for _, _, values in sets]), evaluation),
    ]


def _draw_trade(digits: Floats, sets: list[tuple[str, str, Floats]]) -> str:
    losses = np.logspace(np.log10(_LEAST_LOSS), 0, _STEPS)
    thresholds = [threshold_at_loss(digits, loss) for loss in losses]
    shares = [(values[:, None] > np.array(thresholds)).mean(axis=0) for _, _, values in sets]
    floor = choose_floor(min(float(share[0]) for share in shares))
    plot = Plot(log_axis("digits lost", _LEAST_LOSS), percent_axis("no digits rejected", floor))
    marks, names = [plot.draw_mark(DIGITS_LOST, f"{format_share(DIGITS_LOST, 1)} lost")], []
    for (style, name, values), share in zip(sets, shares, strict=True):
        points = zip(losses.tolist(), share.tolist(), strict=True)
        marks.append(plot.draw_line(points, style))
        names.append((style, f"{name}, area {area_under_roc(digits, values):.4f}"))
    return caption(
        draw_legend(names)
        + plot.finish(*marks, title="Strangers rejected against digits lost, for each set"),
        "What is no digit and is rejected, against the real digits that are lost to it.",
    )


def _draw_strangeness(digits: Floats, strangers: Floats, evaluation: Evaluation) -> str:
    plot = Plot(
        Axis("strangeness", [(step / 5, f"{step / 5:g}") for step in range(6)]),
        log_axis("share of each", _LEAST_SHARE),
    )
    edges = np.linspace(0, 1, _STRANGENESS_BINS + 1)
    half = 0.5 / _STRANGENESS_BINS
    marks = []
    # Side by side in each bin.
    for values, style, offset in ((digits, "first", 0.0), (strangers, "second", half)):
        shares = (np.histogram(values, edges)[0] / len(values)).tolist()
        for left, share in zip((edges[:-1] + offset).tolist(), shares, strict=True):
            if share:
                marks.append(plot.draw_bar(left, left + half, share, style))
    threshold = evaluation.card.get("thresholds", {}).get("not_a_digit_above")
    if threshold is not None:
        marks.append(plot.draw_mark(threshold, f"no digit above {threshold:.3g}"))
    return caption(
        draw_legend([("first", "digits"), ("second", "no digits")])
        + plot.finish(*marks, title="How strange digits and other things look to the model"),
        f"How strange {len(digits):,} digits and {len(strangers):,} other things look. "
        "Each line upwards is ten times as many.",
    )


def draw_legend(entries: list[tuple[str, str]]) -> str:
    """Which colour is what; each entry is a style and a name."""
    items = (
        element("li", element("span", class_=f"key {style}", aria_hidden="true"), escape(name))
        for style, name in entries
    )
    return element("ul", *items, class_="legend")
