"""`train_model`: MNIST and a plan to a trained network, through interruptions.

A run is decided by its plan alone: order and distortions of each epoch come from the seed and the
epoch's number, so a run that was stopped and continued ends where an unbroken one would.
"""

import dataclasses
import hashlib
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.augmentation import Batch, augment_digits
from model_export.errors import TrainingError
from model_export.model import build_model

_CHECKPOINT: Final = "checkpoint.keras"
_RUN: Final = "run.json"
_LOG: Final = "log.jsonl"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides how a run goes, apart from its data."""

    seed: int = 1
    epochs: int = 20
    batch_size: int = 128
    learning_rate: float = 2e-3
    """At its highest: it warms up over the first epoch and falls to zero along a cosine."""
    weight_decay: float = 1e-4
    width: int = 24
    dropout: float = 0.4


@dataclass(frozen=True, slots=True)
class Examples:
    """Normalized digits with their labels: float32 (n, 28, 28) and uint8 (n,)."""

    pixels: Batch
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class TrainedModel:
    model: keras.Model
    log: list[dict[str, Any]]
    """Of each epoch: loss, accuracy, validation_accuracy, seconds."""


def train_model(
    training: Examples, validation: Examples, plan: TrainingPlan, folder: Path
) -> TrainedModel:
    """Train to the end of the plan, from the folder's checkpoint where one is there.

    The last epoch is what counts: none is chosen, so validation stays an honest figure.

    Args:
        folder: keeps the checkpoint, and the log with a line of JSON for each epoch.

    Raises:
        TrainingError: the folder's checkpoint is of another plan or other data, or damaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(plan.seed)
    steps = math.ceil(len(training) / plan.batch_size)
    run = {"plan": dataclasses.asdict(plan), "data": _fingerprint(training)}
    model = _resume(folder, run) or _start(folder, run, plan, steps)
    first_epoch = int(model.optimizer.iterations) // steps
    with tqdm(
        total=plan.epochs * steps, initial=first_epoch * steps, unit="step", desc="training"
    ) as bar:
        for epoch in range(first_epoch, plan.epochs):
            started = time.monotonic()
            _seed_dropout(model, plan, epoch)
            batches = _EpochBatches(training, plan, epoch)
            fitted = model.fit(batches, verbose=0, shuffle=False, callbacks=[_Progress(bar)])
            accuracy = measure_accuracy(model, validation)
            _write_checkpoint(model, folder)
            _append_log(
                folder,
                {
                    "epoch": epoch + 1,
                    "loss": round(float(fitted.history["loss"][-1]), 5),
                    "accuracy": round(float(fitted.history["accuracy"][-1]), 5),
                    "validation_accuracy": round(accuracy, 5),
                    "seconds": round(time.monotonic() - started, 1),
                },
            )
            bar.set_postfix(validation=f"{accuracy:.2%}")
    return TrainedModel(model, _read_log(folder))


def measure_accuracy(model: keras.Model, examples: Examples) -> float:
    """Share of the examples that the float network reads right, 0 to 1."""
    logits = model.predict(examples.pixels[..., None], batch_size=500, verbose=0)
    return float((logits.argmax(axis=1) == examples.labels).mean())


def save_weights_alone(model: keras.Model, plan: TrainingPlan, path: Path) -> None:
    """Write a `.keras` file of the network without its optimizer, which is two thirds of it."""
    bare = build_model(plan.width, plan.dropout)
    bare.set_weights(model.get_weights())
    path.parent.mkdir(parents=True, exist_ok=True)
    _save(bare, path)


class _EpochBatches(keras.utils.PyDataset):
    """One epoch's batches, shuffled and distorted."""

    def __init__(self, training: Examples, plan: TrainingPlan, epoch: int) -> None:
        super().__init__()
        self._training = training
        self._plan = plan
        self._epoch = epoch
        self._order = np.random.default_rng((plan.seed, epoch)).permutation(len(training))

    def __len__(self) -> int:
        return math.ceil(len(self._training) / self._plan.batch_size)

    def __getitem__(self, index: int) -> tuple[Batch, NDArray[np.int32]]:
        size = self._plan.batch_size
        chosen = self._order[index * size : (index + 1) * size]
        generator = np.random.default_rng((self._plan.seed, self._epoch, index))
        pixels = augment_digits(self._training.pixels[chosen], generator)
        return pixels[..., None], self._training.labels[chosen].astype(np.int32)


class _Progress(keras.callbacks.Callback):
    """Moves a bar that knows how long the whole run still takes."""

    def __init__(self, bar: Any) -> None:
        super().__init__()
        self._bar = bar

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._bar.update()


def _seed_dropout(model: keras.Model, plan: TrainingPlan, epoch: int) -> None:
    """Make this epoch's masks its own: a saved model comes back with another seed."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.seed_generator.state.assign([plan.seed, epoch])


def _start(folder: Path, run: dict[str, Any], plan: TrainingPlan, steps: int) -> keras.Model:
    (folder / _RUN).write_text(json.dumps(run, indent=2) + "\n")
    (folder / _LOG).unlink(missing_ok=True)
    model = build_model(plan.width, plan.dropout)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=plan.learning_rate,
        warmup_steps=steps,
        decay_steps=max(1, (plan.epochs - 1) * steps),
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=plan.weight_decay),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def _resume(folder: Path, run: dict[str, Any]) -> keras.Model | None:
    checkpoint = folder / _CHECKPOINT
    if not checkpoint.exists():
        return None
    try:
        same = json.loads((folder / _RUN).read_text()) == run
    except (OSError, ValueError):
        same = False
    if not same:
        raise TrainingError(
            f"The checkpoint in {folder} is of another run. Remove that folder, or give another."
        )
    try:
        return keras.models.load_model(checkpoint)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{checkpoint} can't be read; remove it to start again.") from error


def _write_checkpoint(model: keras.Model, folder: Path) -> None:
    _save(model, folder / _CHECKPOINT)


def _save(model: keras.Model, path: Path) -> None:
    part = path.with_name("part-" + path.name)  # Keras goes by the ending
    model.save(part)
    part.replace(path)


def _append_log(folder: Path, entry: dict[str, Any]) -> None:
    # An epoch whose log was written but whose checkpoint wasn't runs again: the later line counts.
    with (folder / _LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry) + "\n")


def _read_log(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / _LOG).read_text(encoding="utf-8").splitlines()
    return list({entry["epoch"]: entry for entry in map(json.loads, lines)}.values())


def _fingerprint(examples: Examples) -> str:
    digest = hashlib.sha256(examples.pixels.tobytes())
    digest.update(examples.labels.tobytes())
    return digest.hexdigest()
