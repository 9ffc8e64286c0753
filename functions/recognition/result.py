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
    """A letter, a scribble, several digits."""
    BLANK = "blank"
    """No ink that stands out from its paper."""


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

    `scores` are ten probabilities that sum to 1: the digits', given that it is one. A blank image
    has none to offer, so its are even.
    `confidence` is the highest of them, 0 to 1.
    """

    outcome: Outcome
    digit: int | None
    """0 to 9 for `digit` and `uncertain`, else None."""
    scores: tuple[float, ...]
    strangeness: float = 1.0
    """How unlike a digit it is, 0 to 1: what `not_a_digit` is decided by. 1 when blank."""
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
