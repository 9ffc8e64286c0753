"""`export_model`: a trained network through its gates into the folder that serves."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model_export.augmentation import Batch
from model_export.calibrate import calibrate
from model_export.corpus import Corpus, Source
from model_export.dataset import Digits
from model_export.evaluate import (
    Comparison,
    Logits,
    check_gates,
    compare_models,
    run_float,
    run_int8,
    softened_agreement,
)
from model_export.files import write_json, write_whole
from model_export.history import TrainingHistory, list_versions
from model_export.plan import Gates
from model_export.quantize import (
    Scheme,
    choose_calibration,
    quantize_every_way,
    quantize_model,
)
from recognition.card import CARD_FILE, MODEL_FILE


@dataclass(frozen=True, slots=True)
class TestDigits:
    """MNIST's test set, normalized: float32 (n, 28, 28) and its labels."""

    pixels: Batch
    digits: Digits

    __test__ = False  # no test class, whatever pytest makes of the name


def export_model(
    model: keras.Model,
    history: TrainingHistory,
    *,
    training: Corpus,
    validation: Corpus,
    test: TestDigits,
    seeds: Sequence[tuple[keras.Model, TrainingHistory]],
    gates: Gates,
    folder: Path,
    command: str,
) -> dict[str, Any]:
    """Quantize, compare, and write the model and its card if every gate is passed.

    Scales come from training pictures; the scheme, the temperature and the thresholds from what
    validation people wrote, in every form that it is sent; the test set says the final figures, and
    nothing is chosen on it.

    Args:
        seeds: networks of the same plan from each seed, for the mean and the spread, and to show
            why this one was chosen.

    Returns:
        The card.

    Raises:
        GateError: the model is not good enough; the folder is as it was.
    """
    seed = int(history.plan["seed"])
    digits = validation.of(*(source for source in Source if source is not Source.STRANGERS))
    pixels = digits.pixels.astype(np.float32) / np.float32(255)
    float_logits = run_float(model, pixels)
    attempts = [
        _try_scheme(scheme, file, pixels, digits.labels, float_logits)
        for scheme, file in quantize_every_way(model, training, seed).items()
    ]
    chosen = max(attempts, key=lambda attempt: (attempt.on_validation.agreement, attempt.overlap))
    comparison = compare_on(model, chosen.file, test)
    check_gates(gates, comparison)
    calibrated = calibrate(chosen.logits, digits.labels)
    card = {
        "name": "digits",
        "sha256": hashlib.sha256(chosen.file).hexdigest(),
        "bytes": len(chosen.file),
        "parameters": model.count_params(),
        "input": "int8 (1, 28, 28, 1): 0 paper to 1 ink, by the file's scale and zero point",
        "output": "int8 (1, 11): logits of ten digits and of no digit, likewise",
        "test": asdict(comparison),
        "validation": {
            "digits": len(digits),
            "split": history.split,
            "float_accuracy": chosen.on_validation.float_accuracy,
            "int8_accuracy": chosen.on_validation.int8_accuracy,
            "by_source": history.validation,
        },
        "gates": asdict(gates),
        "temperature": calibrated.temperature,
        "thresholds": {
            "uncertain_below": calibrated.uncertain_below,
            "not_a_digit_above": calibrated.not_a_digit_above,
        },
        "quantization": [
            {
                "name": str(attempt.scheme),
                "accuracy": attempt.on_validation.int8_accuracy,
                "agreement": attempt.on_validation.agreement,
                "overlap": attempt.overlap,
                "bytes": len(attempt.file),
                "chosen": attempt is chosen,
            }
            for attempt in attempts
        ],
        "seeds": [
            {
                **_measure_seed(each, its_history, training, test),
                "chosen": its_history.sha256 == history.sha256,
            }
            for each, its_history in seeds
        ],
        "training": {
            "plan": history.plan,
            "pictures": history.pictures["training"],
            "seconds": round(sum(epoch["seconds"] for epoch in history.epochs)),
            "command": history.command,
            "keras_sha256": history.sha256,
        },
        "seed": seed,
        "data": history.data,
        "versions": list_versions(),
        "command": command,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / MODEL_FILE, chosen.file)
    write_json(folder / CARD_FILE, card)
    return card


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to integers, on the digits of validation people."""

    scheme: Scheme
    file: bytes
    logits: Logits
    on_validation: Comparison
    overlap: float


def _try_scheme(
    scheme: Scheme,
    file: bytes,
    pixels: Batch,
    labels: NDArray[np.uint8],
    float_logits: Logits,
) -> _Attempt:
    logits = run_int8(file, pixels, progress=str(scheme))
    compared = compare_models(float_logits, logits, labels)
    return _Attempt(scheme, file, logits, compared, softened_agreement(float_logits, logits))


def compare_on(model: keras.Model, quantized: bytes, test: TestDigits) -> Comparison:
    """Both networks over the same digits."""
    return compare_models(
        run_float(model, test.pixels),
        run_int8(quantized, test.pixels, progress="test"),
        test.digits.labels,
    )


def _measure_seed(
    model: keras.Model, history: TrainingHistory, training: Corpus, test: TestDigits
) -> dict[str, Any]:
    seed = int(history.plan["seed"])
    quantized = quantize_model(model, choose_calibration(training, seed))
    comparison = compare_on(model, quantized, test)
    return {
        "seed": seed,
        "mnist_accuracy": comparison.int8_accuracy,
        "validation_mean": history.validation_mean,
        "by_source": history.validation,
    }
