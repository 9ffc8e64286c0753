"""`train_model`: MNIST and a plan to a trained network, through interruptions.

A run is decided by its plan alone: order and distortions of each epoch come from the seed and the
epoch's number, so a run that was stopped and continued ends where an unbroken one would.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.augmentation import Batch, augment_digits
from model_export.checkpoints import RunFolder, save_model
from model_export.model import build_model
from model_export.plan import TrainingPlan


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
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(plan.seed)
    steps = math.ceil(len(training) / plan.batch_size)
    run = RunFolder(folder, plan, training.pixels.tobytes() + training.labels.tobytes())
    model = run.resume()
    if model is None:
        run.start()
        model = _compile(plan, steps)
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
            run.end_epoch(
                model,
                {
                    "epoch": epoch + 1,
                    "loss": round(float(fitted.history["loss"][-1]), 5),
                    "accuracy": round(float(fitted.history["accuracy"][-1]), 5),
                    "validation_accuracy": round(accuracy, 5),
                    "seconds": round(time.monotonic() - started, 1),
                },
            )
            bar.set_postfix(validation=f"{accuracy:.2%}")
    return TrainedModel(model, run.read_log())


def measure_accuracy(model: keras.Model, examples: Examples) -> float:
    """Share of the examples that the float network reads right, 0 to 1."""
    logits = model.predict(examples.pixels[..., None], batch_size=500, verbose=0)
    return float((logits.argmax(axis=1) == examples.labels).mean())


def save_weights_alone(model: keras.Model, plan: TrainingPlan, path: Path) -> None:
    """Write a `.keras` file of the network without its optimizer, which is two thirds of it."""
    bare = build_model(plan.width, plan.dropout)
    bare.set_weights(model.get_weights())
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(bare, path)


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


def _compile(plan: TrainingPlan, steps: int) -> keras.Model:
    """A fresh network with its optimizer; `steps` are an epoch's."""
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
