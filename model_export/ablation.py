"""What each part is worth: the recogniser without it, on validation people.

Rules of the preprocessing are switched off one at a time under the network that serves. What is
trained is trained again without, on a short plan, beside a short plan with everything.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from unittest.mock import patch

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.compose import draw_pictures
from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from model_export.data import Data
from model_export.drawing.canvas import draw_on_canvas, random_canvas
from model_export.evaluate import Logits, run_float
from model_export.metrics import rejection_at_loss
from model_export.plan import TrainingPlan
from model_export.report.figures import DIGITS_LOST
from model_export.train import train_model
from recognition import clutter, paper, preprocessing
from recognition.classifier import DIGITS, softmax
from recognition.image import GreyImage
from recognition.preprocessing import FIELD_SIDE, normalize_digit

SHORT_PLAN: Final = TrainingPlan(seed=101, epochs=3, epoch_size=50_000)
"""Long enough to rank; no figure of it is the product's."""
_SEED: Final = 2_000_003

_RULES: Final[Mapping[str, tuple[ModuleType, str, Any]]] = {
    "local paper": (paper, "_is_even", lambda *_, **__: True),
    "dropping shade": (paper, "drop_shade", lambda contrast: contrast),
    "dropping clutter": (preprocessing, "drop_clutter", lambda ink: ink),
    "erasing ruled lines": (clutter, "erase_ruling", lambda mask: mask),
    "telling parts apart": (clutter, "select_digit", lambda mask, _: mask),
    "evening the strokes' width": (preprocessing, "_even_width", lambda ink, _: ink),
}
"""What stands in for each rule when it is off."""

_PARTS: Final[Mapping[str, tuple[Source, ...]]] = {
    "pen strokes": (Source.PENS, Source.PAPER),
    "photographs": (Source.SENT, Source.PAPER),
    "non-digits": (Source.STRANGERS,),
}


@dataclass(frozen=True, slots=True)
class _Pictures:
    """By source: pictures as they are sent, and their classes."""

    pictures: dict[Source, list[GreyImage]]
    labels: dict[Source, NDArray[np.uint8]]

    def normalize(self) -> dict[Source, tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        """Pixels, float32 (n, 28, 28), and where no ink was found, of each source."""
        return {source: _normalize(pictures) for source, pictures in self.pictures.items()}


def ablate_rules(model: keras.Model, data: Data) -> list[dict[str, Any]]:
    """The network as it is, and without each rule of the preprocessing."""
    pictures = _draw(data)
    rows = [{"name": "everything", **_measure(model, pictures)}]
    for name, rule in tqdm(_RULES.items(), desc="rules", unit="rule"):
        with _without(*rule):
            rows.append({"name": f"without {name}", **_measure(model, pictures)})
    return rows


def ablate_training(training: Corpus, validation: Corpus, data: Data) -> list[dict[str, Any]]:
    """Short trainings: with everything, and without each part of the corpus."""
    pictures = _draw(data)
    rows = []
    for name, parts in {"everything": (), **_PARTS}.items():
        kept = training.of(*(source for source in Source if source not in parts))
        shares = replace(SHORT_PLAN.shares, **{part.name.lower(): 0.0 for part in parts})
        plan = replace(SHORT_PLAN, shares=shares)
        with tempfile.TemporaryDirectory() as folder:
            model = train_model(kept, validation, plan, Path(folder)).model
        title = f"short training without {name}" if parts else "short training, everything"
        refuses = Source.STRANGERS not in parts
        rows.append({"name": title, **_measure(model, pictures, refuses=refuses)})
    return rows


@contextmanager
def _without(module: ModuleType, name: str, substitute: Any) -> Iterator[None]:
    # What is compiled has the rules within itself.
    in_python = patch.object(preprocessing, "normalize_drawing", lambda _: None)
    with patch.object(module, name, substitute), in_python:
        yield


def _draw(data: Data) -> _Pictures:
    """Validation people's digits in every form, and the unseen alphabet."""
    mnist = data.validation.mnist
    pictures = {Source.MNIST: list(mnist.images)}
    labels = {Source.MNIST: mnist.labels}
    if data.validation.pens is not None:
        count = 2 * len(data.validation.pens)
        for source in (Source.PENS, Source.PAPER):
            drawn = draw_pictures(data.validation, source, range(count), _SEED)
            pictures[source] = [picture for picture, _ in drawn]
            labels[source] = np.array([label for _, label in drawn], np.uint8)
    if data.unseen is not None:
        pictures[Source.STRANGERS] = [
            _draw_character(data.unseen.strokes[i], i) for i in range(len(data.unseen))
        ]
        labels[Source.STRANGERS] = np.full(len(data.unseen), NO_DIGIT_CLASS, np.uint8)
    return _Pictures(pictures, labels)


def _draw_character(strokes: list[NDArray[np.float64]], place: int) -> GreyImage:
    generator = np.random.default_rng((_SEED, place))
    return draw_on_canvas(strokes, random_canvas(generator), generator)


def _normalize(pictures: list[GreyImage]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    pixels = np.zeros((len(pictures), FIELD_SIDE, FIELD_SIDE), np.float32)
    blank = np.zeros(len(pictures), bool)
    for i, picture in enumerate(pictures):
        digit = normalize_digit(picture)
        if digit is None:
            blank[i] = True
        else:
            pixels[i] = digit.pixels
    return pixels, blank


def _measure(
    model: keras.Model, pictures: _Pictures, *, refuses: bool = True
) -> dict[str, float | None]:
    """Accuracy on each kind of digits, and how many strangers are refused where `DIGITS_LOST` of
    MNIST's and the pens' digits are. None where there is no data.

    Args:
        refuses: whether the network has learnt what is no digit; else low confidence stands for it.
    """
    figures: dict[str, float | None] = dict.fromkeys(("mnist", "pens", "paper", "strangers"))
    strangeness: dict[Source, NDArray[np.float32]] = {}
    for source, (pixels, blank) in pictures.normalize().items():
        logits = run_float(model, pixels)
        strangeness[source] = np.where(blank, np.float32(1), _judge(logits, refuses=refuses))
        if source is not Source.STRANGERS:
            right = logits[:, :DIGITS].argmax(axis=1) == pictures.labels[source]
            figures[source.name.lower()] = float((right & ~blank).mean())
    if Source.STRANGERS in strangeness:
        digits = [strangeness[s] for s in (Source.MNIST, Source.PENS) if s in strangeness]
        figures["strangers"] = rejection_at_loss(
            np.concatenate(digits), strangeness[Source.STRANGERS], DIGITS_LOST
        )
    return figures


def _judge(logits: Logits, *, refuses: bool) -> NDArray[np.float32]:
    if refuses:
        return softmax(logits)[:, DIGITS]
    doubt: NDArray[np.float32] = 1 - softmax(logits[:, :DIGITS]).max(axis=1)
    return doubt
