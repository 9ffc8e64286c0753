"""A data set of MNIST's form, small enough to train on in seconds, drawn by our own pen."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES

TRAIN, TEST, WRITERS = 400, 80, 20


def write_idx(path: Path, values: np.ndarray) -> None:
    """Write an array of uint8 or int32 as a gzipped IDX file."""
    code = {"uint8": 0x08, "int32": 0x0C}[values.dtype.name]
    header = struct.pack(f">I{values.ndim}I", code << 8 | values.ndim, *values.shape)
    big_endian = values.astype(values.dtype.newbyteorder(">"))
    path.write_bytes(gzip.compress(header + big_endian.tobytes(), 1, mtime=0))


def draw_digits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Digits in MNIST's form, each by a hand of its own: uint8 (n, 28, 28) and (n,)."""
    generator = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = []
    for label in labels:
        turn = np.eye(2) + generator.uniform(-0.18, 0.18, (2, 2))
        strokes = [(stroke - 0.5) @ turn + 0.5 for stroke in DIGIT_STROKES[int(label)]]
        pen = Pen(width=generator.uniform(0.06, 0.12), ink=255, paper=0)
        images.append(np.asarray(render_strokes(strokes, side=28, pen=pen)))
    return np.array(images), labels


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mnist")
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
