"""`TrainingHistory`: how a `.keras` file came to be, kept beside it as JSON."""

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import keras

from model_export.errors import TrainingError
from model_export.files import write_json, write_whole

_PACKAGES: Final = ("tensorflow", "keras", "ai-edge-litert", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class TrainingHistory:
    plan: dict[str, Any]
    split: str
    """How validation was set apart: "writer" or "seed"."""
    pictures: dict[str, dict[str, int]]
    """Of "training" and "validation": how many of each source."""
    corpus: str
    """sha256 of the pictures that trained."""
    data: dict[str, str]
    """sha256 of each file of data."""
    epochs: list[dict[str, Any]]
    versions: dict[str, str]
    command: str
    sha256: str
    """Of the `.keras` file."""

    @property
    def validation(self) -> dict[str, float]:
        """Accuracy of the float network, by source."""
        return dict(self.epochs[-1]["validation"])

    @property
    def validation_mean(self) -> float:
        """Of the sources' accuracies: what `choose_best` goes by."""
        return fmean(self.validation.values())


def list_versions() -> dict[str, str]:
    """Of Python and of each package that decides what a model turns out to be."""
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


def hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_trained(path: Path) -> tuple[keras.Model, TrainingHistory]:
    """Read a trained network and its history, and make sure that they belong together.

    Raises:
        TrainingError: a file is missing or unreadable, or the history is of another file.
    """
    try:
        history = TrainingHistory(**json.loads(path.with_suffix(".json").read_text()))
        if hash_file(path) != history.sha256:
            raise TrainingError(f"{path.name} is not the file that its history describes.")
        return keras.models.load_model(path), history
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(f"{path} can't be read: {error}. Run `train` first.") from error


def write_history(path: Path, history: TrainingHistory) -> None:
    write_json(path.with_suffix(".json"), asdict(history))


def choose_best(paths: Sequence[Path]) -> Path:
    """The network with the highest mean of its sources' accuracies on validation.

    A digit is sent in any of these forms, and what is none has to be refused, so each source counts
    alike, however many pictures it has. Never the test set: the best of several on it would claim
    more than it keeps.

    Raises:
        TrainingError: as by `load_trained`.
    """
    return max(paths, key=lambda path: load_trained(path)[1].validation_mean)


def copy_trained(path: Path, copy: Path) -> None:
    """Copy a network and its history."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_whole(copy, path.read_bytes())
    write_whole(copy.with_suffix(".json"), path.with_suffix(".json").read_bytes())
