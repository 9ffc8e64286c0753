"""MNIST as the recogniser sees it: every digit through the preprocessing that serves.

The test set is for the final figures alone.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.download import (
    MNIST_FILES,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    TRAIN_WRITERS,
    SourceFile,
    download_files,
)
from model_export.errors import DataError
from model_export.idx import INT_32, UNSIGNED_BYTE, read_idx
from recognition.classifier import DIGITS
from recognition.preprocessing import normalize_digit

DOWNLOAD_FOLDER: Final = Path("data") / "mnist"
_CLASS_COLUMN, _WRITER_COLUMN = 0, 2
"""Of QMNIST's eight label columns."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Labelled digits."""

    images: NDArray[np.uint8]
    """uint8 (n, 28, 28), 0 paper to 255 ink."""
    labels: NDArray[np.uint8]
    """uint8 (n,), 0 to 9."""

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, mask: NDArray[np.bool_]) -> "Digits":
        return Digits(self.images[mask], self.labels[mask])

    def counts(self) -> list[int]:
        """How many of each class, 0 to 9."""
        return [int(count) for count in np.bincount(self.labels, minlength=DIGITS)]


@dataclass(frozen=True, slots=True)
class Mnist:
    """The data set as published."""

    train: Digits
    test: Digits
    writers: NDArray[np.int32] | None
    """int32 (60000,), who wrote each training digit; None where the file is not there."""
    checksums: dict[str, str]
    """sha256 of each file that was read."""


def find_folder(data: Path | None) -> Path:
    """The folder that holds MNIST: the one given (or its `mnist` subfolder), else a download."""
    if data is None:
        download_files((*MNIST_FILES, TRAIN_WRITERS), DOWNLOAD_FOLDER)
        return DOWNLOAD_FOLDER
    if not data.is_dir():
        raise DataError(f"{data} is not a folder.")
    return data / "mnist" if (data / "mnist").is_dir() else data


def read_mnist(folder: Path, *, verify: bool = True) -> Mnist:
    """Read the four files, and the writers' where it is there.

    Args:
        verify: refuse files that are not the published ones, byte for byte.

    Raises:
        DataError: a file is missing, truncated, of another kind, or has another checksum.
    """
    checksums = {file.name: _checksum(file, folder, verify=verify) for file in MNIST_FILES}
    writers = None
    if (folder / TRAIN_WRITERS.name).exists():
        checksums[TRAIN_WRITERS.name] = _checksum(TRAIN_WRITERS, folder, verify=verify)
    train = _read_digits(folder, TRAIN_IMAGES, TRAIN_LABELS)
    test = _read_digits(folder, TEST_IMAGES, TEST_LABELS)
    if TRAIN_WRITERS.name in checksums:
        writers = _read_writers(folder / TRAIN_WRITERS.name, train.labels)
    return Mnist(train, test, writers, checksums)


def normalize_digits(digits: Digits, *, progress: str | None = None) -> NDArray[np.float32]:
    """Every image through the preprocessing that serves.

    MNIST's are already in its form; they come out a little different (the peak is 1, the faintest
    rim is gone), and what trains must be what serves.

    Returns:
        float32 (n, 28, 28), 0 paper to 1 ink.
    """
    normalized = np.zeros((len(digits), 28, 28), np.float32)
    for i, image in enumerate(_with_progress(digits.images, progress)):
        digit = normalize_digit(image)
        if digit is not None:
            normalized[i] = digit.pixels
    return normalized


def _with_progress(images: NDArray[np.uint8], label: str | None) -> Iterator[NDArray[np.uint8]]:
    yield from tqdm(images, desc=label, unit="digit", disable=label is None)


def _checksum(file: SourceFile, folder: Path, *, verify: bool) -> str:
    path = folder / file.name
    if not path.is_file():
        raise DataError(f"{file.name} is not in {folder}.")
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    if verify and checksum != file.sha256:
        # A damaged file is better named by its damage than by its hash.
        _read_anything(path)
        raise DataError(f"{file.name} has the wrong checksum: {checksum}, not {file.sha256}.")
    return checksum


def _read_anything(path: Path) -> None:
    """Raise for the damage in a file, if reading it shows any."""
    ranks = {"idx3": (UNSIGNED_BYTE, 3), "idx2": (INT_32, 2), "idx1": (UNSIGNED_BYTE, 1)}
    value_type, rank = next(kind for mark, kind in ranks.items() if mark in path.name)
    read_idx(path, value_type=value_type, rank=rank)


def _read_digits(folder: Path, images_file: SourceFile, labels_file: SourceFile) -> Digits:
    images = read_idx(folder / images_file.name, value_type=UNSIGNED_BYTE, rank=3)
    labels = read_idx(folder / labels_file.name, value_type=UNSIGNED_BYTE, rank=1)
    if len(images) != len(labels):
        raise DataError(f"{images_file.name} has {len(images)} images for {len(labels)} labels.")
    if images.shape[1:] != (28, 28):
        raise DataError(f"{images_file.name} holds {images.shape[1:]} images, not 28×28.")
    if labels.max(initial=0) >= DIGITS:
        raise DataError(f"{labels_file.name} holds the label {labels.max()}.")
    return Digits(images, labels)


def _read_writers(path: Path, labels: NDArray[np.uint8]) -> NDArray[np.int32]:
    columns = read_idx(path, value_type=INT_32, rank=2)[: len(labels)]
    if not np.array_equal(columns[:, _CLASS_COLUMN], labels):
        raise DataError(f"{path.name} does not belong to these labels: its classes differ.")
    return np.ascontiguousarray(columns[:, _WRITER_COLUMN])
