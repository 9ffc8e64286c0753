"""`Evaluation`: one model file, and what it answered to every set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model_export.metrics import Floats
from model_export.readings import NO_DIGIT, Family, Readings
from recognition.result import Outcome

ANSWERED = (Outcome.DIGIT, Outcome.UNCERTAIN)
"""The outcomes that name a digit."""
REFUSED = (Outcome.NOT_A_DIGIT, Outcome.BLANK)


@dataclass(frozen=True, slots=True)
class Evaluation:
    card: Mapping[str, Any]
    """The model's card, as its JSON has it."""
    readings: tuple[Readings, ...]
    """Of each set that there was data for."""
    agreement: float | None
    """Of int8's answers on MNIST's test set with float's, 0 to 1; None where not measured."""
    microseconds: float | None
    """One inference on one thread; None where not measured."""

    def of(self, *families: Family) -> list[Readings]:
        """The sets of these families, in the order of `readings`."""
        return [reading for reading in self.readings if reading.samples.family in families]


def is_digit(readings: Readings) -> NDArray[np.bool_]:
    """bool (n,): which samples are a digit."""
    found: NDArray[np.bool_] = readings.samples.labels != NO_DIGIT
    return found


def is_refused(readings: Readings) -> NDArray[np.bool_]:
    """bool (n,): which are answered `not_a_digit` or `blank`."""
    return np.array([outcome in REFUSED for outcome in readings.outcomes], bool)


def is_right(readings: Readings) -> NDArray[np.bool_]:
    """bool (n,): where the highest score is the label's, whatever the outcome.

    What has no digit is never right, and where no ink was found nothing was read.
    """
    right: NDArray[np.bool_] = readings.answers == readings.samples.labels
    return right & ~readings.samples.blank


def is_error(readings: Readings) -> NDArray[np.bool_]:
    """bool (n,): digits that are misread or refused, and whatever else is called a digit.

    A right digit called `uncertain` is no error: it is right, and the doubt is said.
    """
    refused = is_refused(readings)
    errors: NDArray[np.bool_] = np.where(
        is_digit(readings), ~is_right(readings) | refused, ~refused
    )
    return errors


def pool_confidence(sets: list[Readings]) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence and rightness of every digit of the sets on which ink was found.

    Returns:
        float32 (n,), 0 to 1, and bool (n,).
    """
    if not sets:
        return np.zeros(0, np.float32), np.zeros(0, bool)
    read = [is_digit(reading) & ~reading.samples.blank for reading in sets]
    confidence = [reading.confidence[some] for reading, some in zip(sets, read, strict=True)]
    right = [is_right(reading)[some] for reading, some in zip(sets, read, strict=True)]
    return np.concatenate(confidence), np.concatenate(right)


def pool_strangeness(sets: list[Readings], *, digits: bool) -> Floats:
    """float32 (n,), 0 to 1: of every digit in the sets, or of everything else in them."""
    if not sets:
        return np.zeros(0, np.float32)
    return np.concatenate([reading.strangeness[is_digit(reading) == digits] for reading in sets])
