"""`Recognition`: what was read from one image."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Outcome(StrEnum):
    """What an image turned out to hold."""

    DIGIT = "digit"
    UNCERTAIN = "uncertain"
    """Probably the digit named, but too unsure to rely on."""
    NOT_A_DIGIT = "not_a_digit"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the upright image: pixels, `right` and `bottom` exclusive."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """One image's answer.

    `scores` are ten probabilities that sum to 1; a blank image has none to offer, so its are even.
    `confidence` is the highest of them, 0 to 1.
    """

    outcome: Outcome
    digit: int | None
    """0 to 9 for `digit` and `uncertain`, else None."""
    scores: tuple[float, ...]
    pixels: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    """What the model saw: float32 (28, 28), 0 paper to 1 ink; None when blank."""
    box: Box | None = None
    """Where the ink was in the image; None when blank."""

    @property
    def confidence(self) -> float:
        return max(self.scores)

    @property
    def nearest_digit(self) -> int:
        """The digit with the highest score, for callers that can take nothing else."""
        return self.scores.index(self.confidence)
