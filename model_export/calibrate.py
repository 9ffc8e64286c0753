"""`calibrate`: turns logits into answers to rely on, by what validation people wrote."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.classifier import DIGITS, softmax

REJECTED_SHARE: Final = 0.005
"""Of the digits that it would read right: how many may be taken for none. Of the others, each one
refused is a wrong answer less."""
WRONG_SHARE: Final = 0.001
"""Of the answers that are called `digit`: how many may be wrong…"""
MOST_UNCERTAIN: Final = 0.02
"""… unless that takes more than this share of real digits to be called `uncertain`."""
_COOLEST, _HOTTEST = 0.2, 5.0

Logits = NDArray[np.float32]
"""float32 (n, 11)."""


@dataclass(frozen=True, slots=True)
class Calibration:
    temperature: float
    uncertain_below: float
    not_a_digit_above: float


def calibrate(logits: Logits, labels: NDArray[np.uint8]) -> Calibration:
    """Choose temperature and thresholds on digits whose labels are known.

    Args:
        logits: of the file that serves.
        labels: uint8 (n,), 0 to 9.
    """
    temperature = choose_temperature(logits, labels)
    scores = softmax(logits[:, :DIGITS] / np.float32(temperature))
    strangeness = softmax(logits)[:, DIGITS]
    legible = strangeness[logits[:, :DIGITS].argmax(axis=1) == labels]
    edge = float(np.quantile(legible, 1 - REJECTED_SHARE, method="higher"))
    # Rounded up: of digits that are hardly strange at all, rounding down would reject every one.
    not_a_digit_above = math.ceil(edge * 1e4) / 1e4
    named = strangeness <= not_a_digit_above
    return Calibration(
        temperature=temperature,
        uncertain_below=choose_uncertain(
            scores[named].max(axis=1), scores[named].argmax(axis=1) == labels[named]
        ),
        not_a_digit_above=not_a_digit_above,
    )


def choose_temperature(logits: Logits, labels: NDArray[np.uint8]) -> float:
    """The temperature at which the labels are the likeliest (Guo et al. 2017), by golden section:
    the likelihood has one peak."""
    ratio = (np.sqrt(5) - 1) / 2
    low, high = np.log(_COOLEST), np.log(_HOTTEST)
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _surprise(logits, labels, np.exp(left)) < _surprise(logits, labels, np.exp(right)):
            high = right
        else:
            low = left
    return round(float(np.exp((low + high) / 2)), 3)


def choose_uncertain(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """The lowest confidence from which answers are wrong as seldom as `WRONG_SHARE`."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= WRONG_SHARE)
    named = good[-1] + 1 if len(good) else 0
    named = max(named, int(np.ceil(len(order) * (1 - MOST_UNCERTAIN))))
    return math.floor(float(confidence[order[named - 1]]) * 1e4) / 1e4


def _surprise(logits: Logits, labels: NDArray[np.uint8], temperature: float) -> float:
    scores = softmax(logits[:, :DIGITS] / np.float32(temperature))
    likelihood = np.take_along_axis(scores, labels[:, None].astype(np.int64), axis=1)
    return float(-np.log(np.maximum(likelihood, 1e-12)).mean())
