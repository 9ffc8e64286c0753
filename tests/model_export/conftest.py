"""A folder of data of the real one's form, small enough to train on in seconds, drawn by our own
pen."""

import gzip
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from model_export.drawing.letters import LETTERS, write_skeleton
from model_export.drawing.strokes import Pen, Stroke, fit_box, render_strokes
from model_export.examples import DIGIT_STROKES

TRAIN, TEST, WRITERS = 400, 80, 20
PEN_WRITERS, ALPHABETS, CHARACTERS, DRAWERS = 10, ("Balinese", "Greek"), 4, 3
"""Pen writers write each digit once; drawers each character."""


def write_idx(path: Path, values: np.ndarray) -> None:
    """Write an array of uint8 or int32 as a gzipped IDX file."""
    code = {"uint8": 0x08, "int32": 0x0C}[values.dtype.name]
    header = struct.pack(f">I{values.ndim}I", code << 8 | values.ndim, *values.shape)
    big_endian = values.astype(values.dtype.newbyteorder(">"))
    path.write_bytes(gzip.compress(header + big_endian.tobytes(), 1, mtime=0))


def vary_strokes(digit: int, generator: np.random.Generator) -> list[Stroke]:
    """A digit's strokes by a hand of its own, in a unit box."""
    turn = np.eye(2) + generator.uniform(-0.18, 0.18, (2, 2))
    return [(stroke - 0.5) @ turn + 0.5 for stroke in DIGIT_STROKES[digit]]


def draw_digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Digits in MNIST's form, each by a hand of its own: uint8 (n, 28, 28) and (n,)."""
    generator = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = []
    for label in labels:
        strokes = vary_strokes(int(label), generator)
        pen = Pen(width=generator.uniform(0.06, 0.12), ink=255, paper=0)
        images.append(np.asarray(render_strokes(strokes, side=28, pen=pen)))
    return np.array(images), labels


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST's files."""
    return write_mnist(tmp_path_factory.mktemp("mnist"))


@pytest.fixture(scope="session")
def every_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `--data` takes it: `mnist`, `pendigits`, `omniglot`."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("mnist", "pendigits", "omniglot"):
        (folder / name).mkdir()
    write_mnist(folder / "mnist")
    write_pendigits(folder / "pendigits" / "pendigits-orig.tra.gz")
    write_omniglot(folder / "omniglot" / "strokes.zip")
    return folder


def write_mnist(folder: Path) -> Path:
    images, labels = draw_digits(TRAIN, seed=1)
    write_idx(folder / "train-images-idx3-ubyte.gz", images)
    write_idx(folder / "train-labels-idx1-ubyte.gz", labels)
    columns = np.zeros((TRAIN, 8), np.int32)
    columns[:, 0] = labels
    columns[:, 2] = np.arange(TRAIN) // (TRAIN // WRITERS) + 1000
    write_idx(folder / "qmnist-train-labels-idx2-int.gz", columns)
    images, labels = draw_digits(TEST, seed=2)
    write_idx(folder / "t10k-images-idx3-ubyte.gz", images)
    write_idx(folder / "t10k-labels-idx1-ubyte.gz", labels)
    return folder


def write_pendigits(path: Path) -> None:
    """UNIPEN text, as UCI has it: y up, in a box of 500×500."""
    generator = np.random.default_rng(3)
    lines = ['.LEXICON "0" "1"']
    for writer in range(1, PEN_WRITERS + 1):
        for digit in range(10):
            lines += [f'.SEGMENT DIGIT {digit} ? "{digit}"', f".COMMENT {digit} {writer} 1"]
            for stroke in vary_strokes(digit, generator):
                places = np.rint(stroke[::4] * [400, -400] + [50, 450]).astype(int)
                lines += [".PEN_DOWN", *(f" {x} {y}" for x, y in places), ".PEN_UP", ".DT 100"]
    path.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", 1, mtime=0))


def write_omniglot(path: Path) -> None:
    """The archive's text files: y up, below the axis. The characters are Latin letters here."""
    generator = np.random.default_rng(4)
    letters = [LETTERS[name][0] for name in sorted(LETTERS)]
    with zipfile.ZipFile(path, "w") as archive:
        for a, alphabet in enumerate(ALPHABETS):
            for character in range(1, CHARACTERS + 1):
                skeleton = letters[a * CHARACTERS + character]
                for drawer in range(1, DRAWERS + 1):
                    lines = ["START"]
                    for stroke in fit_box(write_skeleton(skeleton, generator)):
                        places = stroke * [80, -80] + [10, -10]
                        lines += [*(f"{x:.3f},{y:.3f},0" for x, y in places), "BREAK"]
                    name = f"strokes/{alphabet}/character{character:02}/0001_{drawer:02}.txt"
                    archive.writestr(name, "\n".join(lines) + "\n")
