"""A look at the data before anything is made of it: counts in the terminal, and three pictures."""

from pathlib import Path
from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from model_export.dataset import Digits, Mnist
from recognition.classifier import DIGITS

_SAMPLES: Final = 12
_INK: Final = "#1b3a5c"
_ACCENT: Final = "#d9822b"


def describe_counts(mnist: Mnist) -> str:
    """A table: each class, its count in the training and the test set, and the totals."""
    train, test = mnist.train.counts(), mnist.test.counts()
    rows = ["digit   train    test"]
    rows += [f"{digit:5}  {train[digit]:6,}  {test[digit]:6,}" for digit in range(DIGITS)]
    rows.append(f"total  {len(mnist.train):6,}  {len(mnist.test):6,}")
    if mnist.writers is not None:
        rows.append(f"writers of the training set: {len(np.unique(mnist.writers))}")
    return "\n".join(rows)


def write_pictures(mnist: Mnist, folder: Path, seed: int) -> list[Path]:
    """Write `samples.png`, `classes.png` and `means.png`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "samples.png": _draw_samples(mnist.train, seed),
        "classes.png": _draw_classes(mnist),
        "means.png": _draw_means(mnist.train),
    }
    for name, figure in figures.items():
        figure.savefig(folder / name, dpi=110)
        plt.close(figure)
    return [folder / name for name in figures]


def _draw_samples(digits: Digits, seed: int) -> Figure:
    """A row of each class, taken at random."""
    generator = np.random.default_rng(seed)
    figure, axes = plt.subplots(10, _SAMPLES, figsize=(9, 8), layout="constrained")
    for digit in range(DIGITS):
        of_class = np.flatnonzero(digits.labels == digit)
        chosen = generator.choice(of_class, min(_SAMPLES, len(of_class)), replace=False)
        for axis in axes[digit]:
            axis.set_axis_off()
        for axis, index in zip(axes[digit], chosen, strict=False):
            axis.imshow(digits.images[index], cmap="gray_r", vmin=0, vmax=255)
    figure.suptitle(f"{_SAMPLES} training digits of each class")
    return figure


def _draw_classes(mnist: Mnist) -> Figure:
    figure, axis = plt.subplots(figsize=(8, 4.5), layout="constrained")
    positions = np.arange(10)
    sets = ((mnist.train, "training", _INK, -0.2), (mnist.test, "test", _ACCENT, 0.2))
    for digits, name, color, offset in sets:
        bars = axis.bar(
            positions + offset, digits.counts(), 0.4, label=f"{name} ({len(digits):,})", color=color
        )
        axis.bar_label(bars, fontsize=7, padding=2)
    axis.set(xticks=positions, xlabel="digit", ylabel="images", title="How many of each class")
    axis.spines[["top", "right"]].set_visible(False)
    figure.legend(frameon=False, ncols=2, loc="outside lower center")
    return figure


def _draw_means(digits: Digits) -> Figure:
    figure, axes = plt.subplots(2, 5, figsize=(8, 3.7), layout="constrained")
    for digit, axis in enumerate(axes.flat):
        of_class = digits.images[digits.labels == digit]
        axis.set_axis_off()
        axis.set_title(str(digit))
        if len(of_class):
            axis.imshow(of_class.mean(axis=0), cmap="gray_r", vmin=0, vmax=255)
    figure.suptitle("The mean of each class's training digits")
    return figure
