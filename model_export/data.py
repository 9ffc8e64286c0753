"""`read_data`: every source that a folder holds, and who of its people does what."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from model_export.compose import Ingredients
from model_export.dataset import Mnist, find_folder, read_mnist
from model_export.sources.omniglot import (
    OMNIGLOT_FOLDER,
    STROKES_FILE,
    Omniglot,
    read_omniglot,
)
from model_export.sources.pendigits import PEN_DIGITS_FILE, PenDigits, read_pendigits
from model_export.splits import split_characters, split_mnist, split_pens


@dataclass(frozen=True, slots=True)
class Data:
    mnist: Mnist
    split: str
    """How MNIST's validation was set apart: "writer" or "seed"."""
    training: Ingredients
    validation: Ingredients
    test_pens: PenDigits | None
    unseen: Omniglot | None
    """Characters of the alphabet that nobody trains on, without look-alikes."""
    checksums: dict[str, str]
    """sha256 of each file that was read."""


def read_data(folder: Path | None, *, verify: bool = True) -> Data:
    """Read MNIST, and the pen strokes and foreign characters where they are; say what is not.

    Args:
        folder: holds `mnist`, `pendigits` and `omniglot`; None downloads MNIST alone.
        verify: refuse MNIST files that are not the published ones.

    Raises:
        DataError: a file is missing from MNIST, or damaged.
    """
    mnist = read_mnist(find_folder(folder), verify=verify)
    training, validation, split = split_mnist(mnist)
    checksums = dict(mnist.checksums)
    pens: tuple[PenDigits | None, ...] = (None, None, None)
    characters: tuple[Omniglot | None, ...] = (None, None)
    if (path := _find(folder, PEN_DIGITS_FILE)) is not None:
        every = read_pendigits(path)
        checksums[path.name] = every.checksum
        pens = split_pens(every)
    if (path := _find(folder, OMNIGLOT_FOLDER / STROKES_FILE)) is not None:
        checksums[f"omniglot {path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        characters = split_characters(read_omniglot(path.parent))
    return Data(
        mnist=mnist,
        split=split,
        training=Ingredients(training, pens[0], characters[0]),
        validation=Ingredients(validation, pens[1], None),
        test_pens=pens[2],
        unseen=characters[1],
        checksums=checksums,
    )


def _find(folder: Path | None, name: Path) -> Path | None:
    if folder is not None and (folder / name).is_file():
        return folder / name
    print(f"model_export: going on without {name}, which is not there", file=sys.stderr)
    return None
