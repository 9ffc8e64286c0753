"""What evaluation works on: sets of images as the network sees them, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.result import Outcome

NO_DIGIT: Final = -1
"""The label of what is not a digit."""
THUMBNAIL_SIDE: Final = 64


class Family(StrEnum):
    """What a set measures; the report has a section for each."""

    MNIST = "mnist"
    PENS = "pens"
    """Pen drawings by writers not trained on, one set for each rendering."""
    PAPER = "paper"
    """The same drawings on paper: light, blur, JPEG."""
    CORRUPTIONS = "corruptions"
    """One fault at a time, at one strength each: "noise, 3 of 5"."""
    STRANGERS = "strangers"
    """Letters and scribbles."""
    BLANKS = "blanks"
    """Empty, flat, gradients, noise."""


@dataclass(frozen=True, slots=True)
class Samples:
    """One set, through the preprocessing that serves."""

    name: str
    family: Family
    pixels: NDArray[np.float32]
    """float32 (n, 28, 28), 0 paper to 1 ink; all 0 where blank."""
    blank: NDArray[np.bool_]
    """bool (n,): where the preprocessing found no ink."""
    labels: NDArray[np.int8]
    """int8 (n,), 0 to 9, or `NO_DIGIT`."""
    thumbnails: NDArray[np.uint8]
    """uint8 (n, 64, 64), 0 black to 255 white: what was sent, scaled down."""

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Readings:
    """What the shipped file answers to one set."""

    samples: Samples
    scores: NDArray[np.float32]
    """float32 (n, 10), calibrated probabilities, each row's sum 1."""
    strangeness: NDArray[np.float32]
    """float32 (n,), 0 a digit to 1 no digit; 1 where blank."""
    outcomes: NDArray[np.object_]
    """(n,) of `Outcome`, by the card's thresholds."""

    @property
    def answers(self) -> NDArray[np.int64]:
        """int64 (n,), the digit with the highest score, whatever the outcome."""
        answers: NDArray[np.int64] = self.scores.argmax(axis=1)
        return answers

    @property
    def confidence(self) -> NDArray[np.float32]:
        """float32 (n,), 0 to 1."""
        confidence: NDArray[np.float32] = self.scores.max(axis=1)
        return confidence

    def share(self, *outcomes: Outcome) -> float:
        """How many of the answers are one of these, 0 to 1."""
        return float(np.mean([outcome in outcomes for outcome in self.outcomes]))
