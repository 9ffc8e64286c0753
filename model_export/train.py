"""`train_model`: a corpus and a plan to a trained network, through interruptions.

A run is decided by its plan alone: choice, order and distortions of each epoch come from the seed
and the epoch's number, so a run that was stopped and continued ends where an unbroken one would.
"""

import hashlib
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
from model_export.corpus import Corpus, Source
from model_export.model import build_model
from model_export.plan import TrainingPlan
from recognition.classifier import CLASSES, DIGITS


@dataclass(frozen=True, slots=True)
class TrainedModel:
    model: keras.Model
    log: list[dict[str, Any]]
    """Of each epoch: loss, accuracy, validation (by source), seconds."""


def train_model(
    training: Corpus, validation: Corpus, plan: TrainingPlan, folder: Path
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
    steps = math.ceil(plan.epoch_size / plan.batch_size)
    run = RunFolder(folder, plan, _fingerprint(training))
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
            figures = measure_accuracy(model, validation)
            run.end_epoch(
                model,
                {
                    "epoch": epoch + 1,
                    "loss": round(float(fitted.history["loss"][-1]), 5),
                    "accuracy": round(float(fitted.history["accuracy"][-1]), 5),
                    "validation": {name: round(value, 5) for name, value in figures.items()},
                    "seconds": round(time.monotonic() - started, 1),
                },
            )
            bar.set_postfix({name: f"{value:.2%}" for name, value in figures.items()})
    return TrainedModel(_make_plain(model, plan), run.read_log())


def measure_accuracy(model: keras.Model, corpus: Corpus) -> dict[str, float]:
    """Share that the float network reads right, 0 to 1, by source: of digits, whatever it thinks of
    their strangeness; of strangers, how many it thinks no digit before any."""
    logits = model.predict(to_floats(corpus.pixels), batch_size=500, verbose=0)
    figures = {}
    for source in Source:
        own = corpus.sources == source
        if own.any():
            classes = CLASSES if source is Source.STRANGERS else DIGITS
            right = logits[own, :classes].argmax(axis=1) == corpus.labels[own]
            figures[source.name.lower()] = float(right.mean())
    return figures


def save_weights_alone(model: keras.Model, plan: TrainingPlan, path: Path) -> None:
    """Write a `.keras` file of the network without its optimizer, which is two thirds of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(_make_plain(model, plan), path)


def to_floats(pixels: NDArray[np.uint8]) -> Batch:
    """uint8 (n, 28, 28), 0 to 255, to float32 (n, 28, 28, 1), 0 to 1."""
    return pixels[..., None].astype(np.float32) / np.float32(255)


def _make_plain(model: keras.Model, plan: TrainingPlan) -> keras.Model:
    """The same weights in Keras's own layers, calculating in float32: what can be converted."""
    plain = build_model(plan.width, plan.dropout)
    plain.set_weights(model.get_weights())
    return plain


class _EpochBatches(keras.utils.PyDataset):
    """One epoch's batches: drawn by the plan's shares, shuffled and distorted."""

    def __init__(self, training: Corpus, plan: TrainingPlan, epoch: int) -> None:
        super().__init__()
        self._training = training
        self._plan = plan
        self._epoch = epoch
        self._distortion = plan.distortion_in(epoch)
        self._order = choose_epoch(training.sources, plan, epoch)

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._plan.batch_size)

    def __getitem__(self, index: int) -> tuple[Batch, NDArray[np.float32]]:
        size = self._plan.batch_size
        chosen = self._order[index * size : (index + 1) * size]
        generator = np.random.default_rng((self._plan.seed, self._epoch, index))
        whole = self._training.pixels[chosen].astype(np.float32) / np.float32(255)
        pixels = augment_digits(whole, generator, self._distortion)[..., None]
        return pixels, np.eye(CLASSES, dtype=np.float32)[self._training.labels[chosen]]


def choose_epoch(sources: NDArray[np.uint8], plan: TrainingPlan, epoch: int) -> NDArray[np.int64]:
    """Draw an epoch's items: each source by its share, without repetition until it is used up.

    Returns:
        int64 (plan.epoch_size,), places in the corpus, shuffled.
    """
    generator = np.random.default_rng((plan.seed, epoch))
    shares = {source: getattr(plan.shares, source.name.lower()) for source in Source}
    present = {source: share for source, share in shares.items() if (sources == source).any()}
    wanted = np.array(list(present.values())) / sum(present.values()) * plan.epoch_size
    ends = np.rint(np.cumsum(wanted)).astype(int)
    chosen = []
    for source, count in zip(present, np.diff(ends, prepend=0), strict=True):
        own = np.flatnonzero(sources == source)
        rounds = math.ceil(count / len(own))
        chosen.append(np.concatenate([generator.permutation(own) for _ in range(rounds)])[:count])
    return generator.permutation(np.concatenate(chosen))


class _Progress(keras.callbacks.Callback):
    """Moves a bar that knows how long the whole run still takes."""

    def __init__(self, bar: Any) -> None:
        super().__init__()
        self._bar = bar

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._bar.update()


def _fingerprint(training: Corpus) -> bytes:
    digest = hashlib.sha256()
    for array in (training.pixels, training.labels, training.sources):
        digest.update(array.tobytes())
    return digest.digest()


def _seed_dropout(model: keras.Model, plan: TrainingPlan, epoch: int) -> None:
    """Make this epoch's masks its own: a saved model comes back with another seed."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.seed_generator.state.assign([plan.seed, epoch])


def _compile(plan: TrainingPlan, steps: int) -> keras.Model:
    """A fresh network with its optimizer; `steps` are an epoch's."""
    model = build_model(plan.width, plan.dropout, training=True, precision=plan.precision)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=plan.learning_rate,
        warmup_steps=steps,
        decay_steps=max(1, (plan.epochs - 1) * steps),
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=plan.weight_decay),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model
