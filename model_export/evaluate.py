"""The float network and the file that serves, on the same digits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.augmentation import Batch
from model_export.errors import GateError
from model_export.plan import Gates
from recognition.classifier import DigitClassifier, softmax

if TYPE_CHECKING:  # the figures need no TensorFlow
    import keras

UNCERTAIN_SHARE: Final = 0.005
"""Of real digits, how many may be called `uncertain`."""

Scores = NDArray[np.float32]
"""float32 (n, 10), probabilities."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares, 0 to 1, over `count` digits."""

    count: int
    float_accuracy: float
    int8_accuracy: float
    agreement: float
    """Of the two networks' answers, right or wrong."""


def check_gates(gates: Gates, comparison: Comparison) -> None:
    """Raises GateError, naming every gate that is missed and by how much."""
    figures = (
        ("int8 accuracy", comparison.int8_accuracy, gates.min_accuracy),
        ("agreement of int8 with float", comparison.agreement, gates.min_agreement),
    )
    missed = [
        f"{name} is {value:.2%}, the gate is {gate:.2%}"
        for name, value, gate in figures
        if not value >= gate
    ]
    if missed:
        raise GateError("Not good enough: " + "; ".join(missed) + ".")


def score_float(model: "keras.Model", pixels: Batch) -> Scores:
    """Score digits, float32 (n, 28, 28), with the Keras network."""
    return softmax(model.predict(pixels[..., None], batch_size=500, verbose=0))


def score_int8(model: bytes, pixels: Batch, *, progress: str | None = None) -> Scores:
    """Score digits, float32 (n, 28, 28), with the file that serves, by the code that serves."""
    classifier = DigitClassifier(model)
    digits = tqdm(pixels, desc=progress, unit="digit", disable=progress is None)
    return np.array([classifier.scores(digit) for digit in digits])


def compare_models(
    float_scores: Scores, int8_scores: Scores, labels: NDArray[np.uint8]
) -> Comparison:
    float_answers, int8_answers = float_scores.argmax(axis=1), int8_scores.argmax(axis=1)
    return Comparison(
        count=len(labels),
        float_accuracy=float((float_answers == labels).mean()),
        int8_accuracy=float((int8_answers == labels).mean()),
        agreement=float((float_answers == int8_answers).mean()),
    )


def choose_threshold(validation_scores: Scores) -> float:
    """The confidence that all but `UNCERTAIN_SHARE` of the validation digits reach."""
    return round(float(np.quantile(validation_scores.max(axis=1), UNCERTAIN_SHARE)), 4)
