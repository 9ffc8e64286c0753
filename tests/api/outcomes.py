"""A recognition for each outcome, and a recogniser that gives the one that it was told."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pytest

from recognition.card import ModelCard
from recognition.limits import MAX_BYTES
from recognition.preprocessing import NormalizedDigit
from recognition.recognizer import Lap, Recognizer
from recognition.result import Box, Outcome, Recognition

_PIXELS: Final = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(28, 28)
_BOX: Final = Box(left=40, top=30, right=200, bottom=250)

RECOGNITIONS: Final = {
    Outcome.DIGIT: Recognition(
        Outcome.DIGIT,
        7,
        scores=(0.0, 0.0625, 0.0, 0.0, 0.0, 0.0, 0.0, 0.875, 0.0, 0.0625),
        strangeness=0.03125,
        pixels=_PIXELS,
        box=_BOX,
    ),
    Outcome.UNCERTAIN: Recognition(
        Outcome.UNCERTAIN,
        1,
        scores=(0.0, 0.5, 0.0, 0.0625, 0.0, 0.0, 0.0, 0.4375, 0.0, 0.0),
        strangeness=0.25,
        pixels=_PIXELS,
        box=_BOX,
    ),
    # As sure of its 4 as of no digit above: the scores don't tell that it is an A.
    Outcome.NOT_A_DIGIT: Recognition(
        Outcome.NOT_A_DIGIT,
        None,
        scores=(0.0, 0.0, 0.0, 0.0, 0.96875, 0.0, 0.03125, 0.0, 0.0, 0.0),
        strangeness=0.9375,
        pixels=_PIXELS,
        box=_BOX,
    ),
    Outcome.BLANK: Recognition(Outcome.BLANK, None, scores=(0.1,) * 10),
}

every_outcome: Final = pytest.mark.parametrize(
    ("outcome_client", "outcome"),
    [(outcome, outcome) for outcome in Outcome],
    ids=list(Outcome),
    indirect=["outcome_client"],
)
"""Runs a test with each outcome, and a client to whom everything has it."""


class ToldRecognizer(Recognizer):
    """Answers with one recognition, whatever the image."""

    def __init__(self, card: ModelCard, recognition: Recognition) -> None:
        self.card = card
        self._recognition = recognition

    def recognize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> Recognition:
        return self._recognition

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        return None

    def recognize_normalized(
        self, digits: Sequence[NormalizedDigit | None], lap: Lap | None = None
    ) -> list[Recognition]:
        return [self._recognition for _ in digits]
