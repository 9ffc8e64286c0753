"""A made-up evaluation: every family, with errors that are known beforehand."""

from typing import Any, Final

import numpy as np

from model_export.readings import NO_DIGIT, Family, Readings, Samples
from model_export.report.evaluation import Evaluation
from recognition.result import Outcome

CARD: Final[dict[str, Any]] = {
    "name": "digits",
    "sha256": "0123456789abcdef" * 4,
    "bytes": 136_768,
    "parameters": 121_906,
    "thresholds": {"uncertain_below": 0.6, "not_a_digit_above": 0.9},
    "temperature": 1.25,
    "training": {
        "plan": {"seed": 2, "epochs": 20, "shares": {"mnist": 0.5, "pens": 0.25}},
        "digits": 53_997,
        "seconds": 1683,
        "command": "python -m model_export train --seed 2",
    },
    "validation": {"digits": 6003, "split": "writer"},
    "data": {"train-images-idx3-ubyte.gz": "ab" * 32},
    "versions": {"python": "3.11.7", "numpy": "2.4.6"},
    "seeds": [
        {"seed": 1, "mnist_accuracy": 0.9973, "validation_mean": 0.9890, "chosen": False},
        {"seed": 2, "mnist_accuracy": 0.9971, "validation_mean": 0.9891, "chosen": True},
        {"seed": 3, "mnist_accuracy": 0.9969, "validation_mean": 0.9889, "chosen": False},
    ],
    "ablation": [{"name": "<plain>", "mnist": 0.996, "pens": 0.9, "paper": 0.8, "strangers": None}],
    "quantization": [
        {
            "name": "per channel",
            "accuracy": 0.9971,
            "agreement": 0.9997,
            "bytes": 136_768,
            "chosen": True,
        }
    ],
}


def make_readings(
    name: str, family: Family, *, count: int = 50, wrong: int = 0, seed: int = 1
) -> Readings:
    """A set of which the first `wrong` are errors: misread digits, or others called a digit."""
    generator = np.random.default_rng((seed, len(name)))
    digits = family not in {Family.STRANGERS, Family.BLANKS}
    labels = (np.arange(count) % 10).astype(np.int8)
    answers = labels.copy()
    answers[:wrong] = (labels[:wrong] + 1) % 10
    confidence = generator.uniform(0.7, 0.999, count)
    scores = np.repeat(((1 - confidence) / 9)[:, None], 10, axis=1)
    scores[np.arange(count), answers] = confidence
    accepted = np.full(count, True) if digits else np.arange(count) < wrong
    low, high = generator.uniform(0, 0.2, count), generator.uniform(0.92, 1, count)
    return Readings(
        samples=Samples(
            name=name,
            family=family,
            pixels=generator.uniform(0, 1, (count, 28, 28)).astype(np.float32),
            blank=np.zeros(count, bool),
            labels=labels if digits else np.full(count, NO_DIGIT, np.int8),
            thumbnails=generator.integers(0, 256, (count, 64, 64)).astype(np.uint8),
        ),
        scores=scores.astype(np.float32),
        strangeness=np.where(accepted, low, high).astype(np.float32),
        outcomes=np.where(accepted, Outcome.DIGIT, Outcome.NOT_A_DIGIT).astype(object),
    )


def make_evaluation(**changes: Any) -> Evaluation:
    """Eleven errors: of MNIST 1, of pens 0 and 2, of paper 3, of noise 4, of strangers 1."""
    readings = (
        make_readings("MNIST test", Family.MNIST, count=1000, wrong=1),
        make_readings("thin pen", Family.PENS),
        make_readings("marker & more", Family.PENS, wrong=2),
        make_readings("photo", Family.PAPER, wrong=3),
        make_readings("noise, 1 of 2", Family.CORRUPTIONS),
        make_readings("noise, 2 of 2", Family.CORRUPTIONS, wrong=4),
        make_readings("Greek", Family.STRANGERS, wrong=1),
        make_readings("empty", Family.BLANKS),
    )
    fields: dict[str, Any] = {
        "card": CARD,
        "readings": readings,
        "agreement": 0.9997,
        "microseconds": 57.0,
    }
    return Evaluation(**(fields | changes))
