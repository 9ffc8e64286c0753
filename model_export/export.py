"""`export_model`: a trained network through its gates into the folder that serves."""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import keras

from model_export.errors import TrainingError
from model_export.evaluate import (
    Comparison,
    check_gates,
    choose_threshold,
    compare_models,
    score_float,
    score_int8,
)
from model_export.files import write_whole
from model_export.plan import Gates
from model_export.quantize import choose_calibration, quantize_model
from model_export.train import Examples
from recognition.card import CARD_FILE, MODEL_FILE

_PACKAGES: Final = ("tensorflow", "keras", "ai-edge-litert", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    """How a `.keras` file came to be; kept beside it as JSON."""

    plan: dict[str, Any]
    split: str
    """How validation was set apart: "writer" or "seed"."""
    digits: dict[str, int]
    """How many trained and how many chose."""
    validation_accuracy: float
    data: dict[str, str]
    """sha256 of each file of the data set."""
    epochs: list[dict[str, Any]]
    versions: dict[str, str]
    command: str
    sha256: str
    """Of the `.keras` file."""


def list_versions() -> dict[str, str]:
    """Of Python and of each package that decides what a model turns out to be."""
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


def load_trained(path: Path) -> tuple[keras.Model, TrainingHistory]:
    """Read a trained network and its history, and make sure that they belong together.

    Raises:
        TrainingError: a file is missing or unreadable, or the history is of another file.
    """
    try:
        history = TrainingHistory(**json.loads(path.with_suffix(".json").read_text()))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != history.sha256:
            raise TrainingError(f"{path.name} is not the file that its history describes.")
        return keras.models.load_model(path), history
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(f"{path} can't be read: {error}. Run `train` first.") from error


def write_history(path: Path, history: TrainingHistory) -> None:
    _write_json(path.with_suffix(".json"), asdict(history))


def export_model(
    model: keras.Model,
    history: TrainingHistory,
    *,
    training: Examples,
    validation: Examples,
    test: Examples,
    gates: Gates,
    folder: Path,
    command: str,
) -> dict[str, Any]:
    """Quantize, compare, and write the model and its card if every gate is passed.

    Calibration digits come from the training part and the threshold from the validation part;
    the test set says the final figures, and nothing is chosen on it.

    Returns:
        The card.

    Raises:
        GateError: the model is not good enough; the folder is as it was.
    """
    seed = int(history.plan["seed"])
    quantized = quantize_model(model, choose_calibration(training.pixels, seed))
    comparison = compare_on(model, quantized, test)
    check_gates(gates, comparison)
    validation_scores = score_int8(quantized, validation.pixels, progress="validation")
    card = {
        "name": "digits",
        "sha256": hashlib.sha256(quantized).hexdigest(),
        "bytes": len(quantized),
        "parameters": model.count_params(),
        "input": "int8 (1, 28, 28, 1): 0 paper to 1 ink, by the file's scale and zero point",
        "output": "int8 (1, 10): logits, by the file's scale and zero point",
        "test": asdict(comparison),
        "validation": {
            "digits": len(validation),
            "split": history.split,
            "float_accuracy": history.validation_accuracy,
            "int8_accuracy": float((validation_scores.argmax(axis=1) == validation.labels).mean()),
        },
        "gates": asdict(gates),
        "thresholds": {"uncertain_below": choose_threshold(validation_scores)},
        "training": {
            "plan": history.plan,
            "digits": history.digits["training"],
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
    write_whole(folder / MODEL_FILE, quantized)
    _write_json(folder / CARD_FILE, card)
    return card


def compare_on(model: keras.Model, quantized: bytes, digits: Examples) -> Comparison:
    """Both networks over the same digits."""
    return compare_models(
        score_float(model, digits.pixels),
        score_int8(quantized, digits.pixels, progress="test"),
        digits.labels,
    )


def _write_json(path: Path, content: dict[str, Any]) -> None:
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())
