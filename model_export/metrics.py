"""The figures that evaluation gives: pure NumPy, over arrays of answers, labels and scores."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognition.classifier import DIGITS

CALIBRATION_BINS: Final = 15
"""As Guo et al. 2017 (On Calibration of Modern Neural Networks) and most since."""
RELIABILITY_BINS: Final = 10
"""One for each tenth, so that the diagram reads "of the answers at 80 to 90 %…"."""
NORMAL_95: Final = 1.959963984540054
"""Standard deviations each side of the mean that hold 95 % of a normal distribution."""

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The answers whose confidence lies from `lower` up to `upper`."""

    lower: float
    upper: float
    count: int
    confidence: float
    """Their mean, 0 to 1; 0 where there are none."""
    accuracy: float
    """How many of them are right, 0 to 1; 0 where there are none."""


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """What is answered, and how well, when only answers of a confidence or more are given."""

    thresholds: NDArray[np.float64]
    """float64 (m,), rising: 0, then each confidence that occurs."""
    coverage: NDArray[np.float64]
    """float64 (m,), share answered, 1 falling towards 0 but never there."""
    accuracy: NDArray[np.float64]
    """float64 (m,), share of those that is right."""


def accuracy(answers: NDArray[Any], labels: NDArray[Any]) -> float:
    """Share of the answers that are the label, 0 to 1."""
    _require(answers)
    return float((answers == labels).mean())


def confusion_matrix(
    answers: NDArray[Any], labels: NDArray[Any], classes: int = DIGITS
) -> NDArray[np.int64]:
    """int64 (classes, classes): how many of each label (row) were read as each (column)."""
    pairs = labels.astype(np.int64) * classes + answers
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def adaptive_calibration_error(
    confidence: Floats, right: NDArray[np.bool_], bins: int = CALIBRATION_BINS
) -> float:
    """How far confidence is from accuracy, 0 to 1: the mean over bins of equally many answers.

    Bins of equal mass (Nguyen & O'Connor 2015; "adaptive" since Nixon et al. 2019) instead of equal
    width: nearly every answer is above 99 %, where equal widths have one bin.
    """
    _require(confidence)
    # Stable, so that ties fall the same way everywhere.
    order = np.argsort(confidence, kind="stable")
    error = 0.0
    for part in np.array_split(order, min(bins, len(order))):
        gap = float(confidence[part].mean(dtype=np.float64)) - float(right[part].mean())
        error += len(part) * abs(gap)
    return error / len(order)


def reliability_bins(
    confidence: Floats, right: NDArray[np.bool_], bins: int = RELIABILITY_BINS
) -> list[ReliabilityBin]:
    """Bins of equal width from 0 to 1, the empty ones too; 1 belongs to the last."""
    _require(confidence)
    indices = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    found = []
    for index in range(bins):
        inside = indices == index
        count = int(inside.sum())
        found.append(
            ReliabilityBin(
                lower=index / bins,
                upper=(index + 1) / bins,
                count=count,
                confidence=float(confidence[inside].mean(dtype=np.float64)) if count else 0.0,
                accuracy=float(right[inside].mean()) if count else 0.0,
            )
        )
    return found


def coverage_curve(confidence: Floats, right: NDArray[np.bool_]) -> CoverageCurve:
    """Accuracy and share answered against the lowest confidence that is still answered."""
    _require(confidence)
    order = np.argsort(confidence, kind="stable")
    values = confidence[order].astype(np.float64)
    # How many right from each position to the end.
    right_from = np.cumsum(right[order][::-1])[::-1]
    thresholds, first = np.unique(values, return_index=True)
    remaining = len(values) - first
    coverage, share = remaining / len(values), right_from[first] / remaining
    if thresholds[0] > 0:
        thresholds = np.concatenate(([0.0], thresholds))
        coverage, share = (np.concatenate((part[:1], part)) for part in (coverage, share))
    return CoverageCurve(thresholds, coverage, share)


def threshold_at_loss(digit_strangeness: Floats, loss: float) -> float:
    """The lowest strangeness above which no more than `loss` of the digits lie, 0 to 1."""
    _require(digit_strangeness)
    falling = np.sort(digit_strangeness)[::-1]
    # 0.005 × 1,000 may come out as 4.999…
    lost = min(math.floor(loss * len(falling) + 1e-9), len(falling) - 1)
    return float(falling[lost])


def rejection_at_loss(
    digit_strangeness: Floats, stranger_strangeness: Floats, loss: float
) -> float:
    """Share of the strangers rejected by the threshold that loses `loss` of the digits, 0 to 1."""
    _require(stranger_strangeness)
    return float((stranger_strangeness > threshold_at_loss(digit_strangeness, loss)).mean())


def area_under_roc(digit_strangeness: Floats, stranger_strangeness: Floats) -> float:
    """How often a stranger is stranger than a digit, 0 to 1; a tie counts as half."""
    _require(digit_strangeness)
    _require(stranger_strangeness)
    digits = np.sort(digit_strangeness)
    below = np.searchsorted(digits, stranger_strangeness, side="left")
    not_above = np.searchsorted(digits, stranger_strangeness, side="right")
    return float((below + not_above).mean()) / 2 / len(digits)


def wilson_interval(hits: int, count: int, deviations: float = NORMAL_95) -> tuple[float, float]:
    """Where a share lies that gave `hits` of `count`, 0 to 1, with 95 % confidence (Wilson 1927).

    Stays within 0 to 1 and keeps its width at 100 %, where the textbook's interval has none.
    """
    if count < 1:
        raise ValueError("A share of nothing has no interval.")
    share, square = hits / count, deviations**2
    center = (share + square / (2 * count)) / (1 + square / count)
    spread = math.sqrt(share * (1 - share) / count + square / (4 * count**2))
    half = deviations * spread / (1 + square / count)
    # At 0 and 1 the ends are exact but for rounding.
    low = 0.0 if hits == 0 else center - half
    high = 1.0 if hits == count else center + half
    return low, high


def _require(values: ArrayLike) -> None:
    if not np.size(values):
        raise ValueError("Nothing was measured: there are no values.")
