"""`Corpus`: normalized pictures with their classes, and the file that keeps them."""

import io
import json
import zipfile
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model_export.files import write_whole
from recognition.classifier import DIGITS

NO_DIGIT_CLASS: Final = DIGITS
"""The label, among the network's classes, of what is no digit."""


class Source(IntEnum):
    """Where an item of the corpus is from."""

    MNIST = 0
    """As published."""
    SENT = 1
    """MNIST's digits enlarged, placed, photographed, cut out."""
    PENS = 2
    """Pen strokes on a canvas."""
    PAPER = 3
    """The same on paper."""
    STRANGERS = 4
    """No digits."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Normalized pictures with their classes."""

    pixels: NDArray[np.uint8]
    """uint8 (n, 28, 28), 0 paper to 255 ink."""
    labels: NDArray[np.uint8]
    """uint8 (n,), 0 to 9, or `NO_DIGIT_CLASS`."""
    sources: NDArray[np.uint8]
    """uint8 (n,), of `Source`."""

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, *sources: Source) -> "Corpus":
        chosen = np.isin(self.sources, sources)
        return Corpus(self.pixels[chosen], self.labels[chosen], self.sources[chosen])


def write_corpus(path: Path, corpus: Corpus, origin: dict[str, Any]) -> None:
    """Keep a corpus, with all that decided it."""
    buffer = io.BytesIO()
    np.savez(
        buffer,
        pixels=corpus.pixels,
        labels=corpus.labels,
        sources=corpus.sources,
        origin=np.frombuffer(json.dumps(origin, sort_keys=True).encode(), np.uint8),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, buffer.getvalue())


def read_corpus(path: Path, origin: dict[str, Any]) -> Corpus | None:
    """The corpus that is kept there; None if none is, or a damaged one, or another origin's."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if kept["origin"].tobytes() != json.dumps(origin, sort_keys=True).encode():
                return None
            return Corpus(kept["pixels"], kept["labels"], kept["sources"])
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile):
        return None  # RuntimeError: damage that looks like a password, or another compression
