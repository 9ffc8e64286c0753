"""The float network and the file that serves, on the same pictures."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.augmentation import Batch
from model_export.errors import GateError
from model_export.plan import Gates
from model_export.readings import Readings, Samples
from recognition.card import ModelCard
from recognition.classifier import DIGITS, DigitClassifier, softmax
from recognition.recognizer import Recognizer
from recognition.result import Outcome

if TYPE_CHECKING:  # the figures need no TensorFlow
    import keras

Logits = NDArray[np.float32]
"""float32 (n, 11)."""

_TIMED: Final = 200
_ROUNDS: Final = 15


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


def run_float(model: "keras.Model", pixels: Batch) -> Logits:
    """Run float32 (n, 28, 28) through the Keras network."""
    logits: Logits = model.predict(pixels[..., None], batch_size=500, verbose=0)
    return logits


def run_int8(model: bytes, pixels: Batch, *, progress: str | None = None) -> Logits:
    """Run float32 (n, 28, 28) through the file that serves, by the code that serves."""
    classifier = DigitClassifier(model)
    digits = tqdm(pixels, desc=progress, unit="digit", disable=progress is None)
    return np.array([classifier.logits(digit) for digit in digits])


def compare_models(
    float_logits: Logits, int8_logits: Logits, labels: NDArray[np.uint8]
) -> Comparison:
    float_answers = float_logits[:, :DIGITS].argmax(axis=1)
    int8_answers = int8_logits[:, :DIGITS].argmax(axis=1)
    return Comparison(
        count=len(labels),
        float_accuracy=float((float_answers == labels).mean()),
        int8_accuracy=float((int8_answers == labels).mean()),
        agreement=float((float_answers == int8_answers).mean()),
    )


def read_sets(model: bytes, card: ModelCard, sets: Iterable[Samples]) -> list[Readings]:
    """What the file that serves answers to each set, by the code that serves."""
    recognizer = Recognizer(DigitClassifier(model, card.temperature), card)
    return [_read(recognizer, samples) for samples in sets]


def _read(recognizer: Recognizer, samples: Samples) -> Readings:
    count = len(samples)
    scores = np.full((count, DIGITS), 1 / DIGITS, np.float32)
    strangeness = np.ones(count, np.float32)
    outcomes = np.array([Outcome.BLANK] * count, object)  # np.full makes a plain str of it
    for i in np.flatnonzero(~samples.blank):
        classification, outcomes[i] = recognizer.read(samples.pixels[i])
        scores[i], strangeness[i] = classification.scores, classification.strangeness
    return Readings(samples, scores, strangeness, outcomes)


def time_inference(model: bytes) -> float:
    """Microseconds of one inference on one thread, the conversion to integers and back included:
    the median of some rounds."""
    classifier = DigitClassifier(model)
    digit = np.random.default_rng(1).random((28, 28), np.float32)
    rounds = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        for _ in range(_TIMED):
            classifier.logits(digit)
        rounds.append((time.perf_counter() - started) / _TIMED * 1e6)
    return round(median(rounds), 1)


def softened_agreement(float_logits: Logits, int8_logits: Logits) -> float:
    """Mean overlap of the two networks' probabilities, 0 to 1: finer than equal answers."""
    overlap = np.minimum(softmax(float_logits), softmax(int8_logits)).sum(axis=1)
    return float(overlap.mean())
