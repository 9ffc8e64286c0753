"""The figures that the recogniser is held to: what each must be, and what it reaches for."""

from dataclasses import dataclass
from enum import StrEnum
from statistics import mean, stdev
from typing import Final

import numpy as np

from model_export.metrics import (
    adaptive_calibration_error,
    rejection_at_loss,
    wilson_interval,
)
from model_export.readings import Family, Readings
from model_export.report.evaluation import (
    REFUSED,
    Evaluation,
    is_refused,
    is_right,
    pool_confidence,
    pool_strangeness,
)
from model_export.splits import UNSEEN_ALPHABET

DIGITS_LOST: Final = 0.005
"""Of real digits, how many may be rejected where the rejection of others is measured."""
MIN_SEEDS: Final = 3
_KILOBYTE: Final = 1000


class Unit(StrEnum):
    SHARE = "share"
    BYTES = "bytes"
    MICROSECONDS = "µs"


class Verdict(StrEnum):
    REACHED = "reached"
    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its two marks, all in the same unit; shares are 0 to 1."""

    name: str
    value: float | None
    """None where it was not measured."""
    must: float
    reach: float | None = None
    """None where there is nothing beyond `must`."""
    detail: str = ""
    """What the figure does not say: on how many, the worst of which."""
    unit: Unit = Unit.SHARE
    at_most: bool = False
    """Less is better."""

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return Verdict.NOT_MEASURED
        if not self._passes(self.must):
            return Verdict.MISSED
        if self.reach is None or self._passes(self.reach):
            return Verdict.REACHED
        return Verdict.MET

    def _passes(self, mark: float) -> bool:
        assert self.value is not None
        return self.value <= mark if self.at_most else self.value >= mark


def list_figures(evaluation: Evaluation) -> list[Figure]:
    """Every figure, in the order of the README's table."""
    return [
        _worst_accuracy("MNIST test, single model", evaluation.of(Family.MNIST), 0.997, 0.998),
        _mean_over_seeds(evaluation),
        Figure("Agreement of int8 with float", evaluation.agreement, 0.9995, 0.9999, "MNIST test"),
        _worst_accuracy("Pen drawings, unseen writers", evaluation.of(Family.PENS), 0.988, 0.995),
        _worst_accuracy("The same on paper", evaluation.of(Family.PAPER), 0.975, 0.99),
        _rejection(evaluation),
        _blanks(evaluation),
        _calibration(evaluation),
        _size(evaluation),
        Figure(
            "One inference, one thread",
            evaluation.microseconds,
            250,
            60,
            unit=Unit.MICROSECONDS,
            at_most=True,
        ),
    ]


def format_value(value: float | None, unit: Unit) -> str:
    """For people: "99.71 %", "136 KB", "48 µs", "–" for None."""
    if value is None:
        return "–"
    if unit is Unit.BYTES:
        return f"{value / _KILOBYTE:.0f} KB"
    if unit is Unit.MICROSECONDS:
        return f"{value:.0f} µs"
    return format_share(value)


def format_share(share: float, decimals: int = 2) -> str:
    """A percentage that is not rounded up to 100 nor down to 0: one of 10,000 wrong shows."""
    scale = 10**decimals
    shown = round(share * 100 * scale) / scale
    if shown >= 100 > share * 100:
        shown = 100 - 1 / scale
    if shown <= 0 < share:
        shown = 1 / scale
    return f"{shown:.{decimals}f} %"


def _mean_over_seeds(evaluation: Evaluation) -> Figure:
    shares = [float(seed["mnist_accuracy"]) for seed in evaluation.card.get("seeds", [])]
    enough = len(shares) >= MIN_SEEDS
    detail = f"{len(shares)} of {MIN_SEEDS} seeds"
    if enough:
        detail = f"{len(shares)} seeds, standard deviation {format_share(stdev(shares))}"
    return Figure("Mean over the seeds", mean(shares) if enough else None, 0.9965, 0.9975, detail)


def _worst_accuracy(name: str, sets: list[Readings], must: float, reach: float) -> Figure:
    """The lowest accuracy of the sets: each of them must reach the mark."""
    if not sets:
        return Figure(name, None, must, reach)
    shares = [float(is_right(reading).mean()) for reading in sets]
    worst = sets[int(np.argmin(shares))]
    count = len(worst.samples)
    low, high = wilson_interval(int(is_right(worst).sum()), count)
    detail = f"{count:,} digits, {format_share(low)} to {format_share(high)}"
    if len(sets) > 1:
        detail = f"worst of {len(sets)}: {worst.samples.name}; {detail}"
    detail += f"; {format_share(worst.share(*REFUSED))} refused"
    return Figure(name, min(shares), must, reach, detail)


def _rejection(evaluation: Evaluation) -> Figure:
    """Of the unseen alphabet as drawn: on paper, and of families that trained, it is another
    question."""
    name, must, reach = "Non-digits rejected", 0.9, 0.98
    digits = pool_strangeness(evaluation.of(Family.MNIST, Family.PENS), digits=True)
    unseen = [
        reading
        for reading in evaluation.of(Family.STRANGERS)
        if reading.samples.name == UNSEEN_ALPHABET
    ]
    if not unseen or not len(digits):
        return Figure(name, None, must, reach)
    strangers = pool_strangeness(unseen, digits=False)
    share = rejection_at_loss(digits, strangers, DIGITS_LOST)
    detail = (
        f"{len(strangers)} {UNSEEN_ALPHABET} letters, an alphabet not trained on, "
        f"where {format_share(DIGITS_LOST, 1)} of {len(digits):,} digits are"
    )
    return Figure(name, share, must, reach, detail)


def _blanks(evaluation: Evaluation) -> Figure:
    name, must = "Blank sheets refused", 1.0
    sets = evaluation.of(Family.BLANKS)
    if not sets:
        return Figure(name, None, must)
    count = sum(len(reading.samples) for reading in sets)
    refused = sum(int(is_refused(reading).sum()) for reading in sets)
    return Figure(name, refused / count, must, detail=f"{count:,} sheets")


def _calibration(evaluation: Evaluation) -> Figure:
    name, must, reach = "Calibration error", 0.01, 0.003
    confidence, right = pool_confidence(evaluation.of(Family.PENS))
    if not len(right):
        return Figure(name, None, must, reach, at_most=True)
    error = adaptive_calibration_error(confidence, right)
    detail = f"adaptive ECE, {len(right):,} drawings by unseen writers"
    return Figure(name, error, must, reach, detail, at_most=True)


def _size(evaluation: Evaluation) -> Figure:
    return Figure(
        "File size",
        float(evaluation.card["bytes"]),
        600 * _KILOBYTE,
        150 * _KILOBYTE,
        unit=Unit.BYTES,
        at_most=True,
    )
