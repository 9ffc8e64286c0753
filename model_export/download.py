"""MNIST's files from its public mirrors, in turn, each file checked before it is kept."""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

from tqdm import tqdm

from model_export.errors import DataError

_CHUNK: Final = 1 << 16
_TIMEOUT_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the data set, as its publisher made it."""

    name: str
    sha256: str
    mirrors: tuple[str, ...]
    """Folders, tried in order."""


_MNIST_MIRRORS: Final = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
_QMNIST_MIRRORS: Final = (
    "https://raw.githubusercontent.com/facebookresearch/qmnist/main/",
    "https://github.com/facebookresearch/qmnist/raw/main/",
)

TRAIN_IMAGES: Final = SourceFile(
    "train-images-idx3-ubyte.gz",
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    _MNIST_MIRRORS,
)
TRAIN_LABELS: Final = SourceFile(
    "train-labels-idx1-ubyte.gz",
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    _MNIST_MIRRORS,
)
TEST_IMAGES: Final = SourceFile(
    "t10k-images-idx3-ubyte.gz",
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    _MNIST_MIRRORS,
)
TEST_LABELS: Final = SourceFile(
    "t10k-labels-idx1-ubyte.gz",
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    _MNIST_MIRRORS,
)
TRAIN_WRITERS: Final = SourceFile(
    "qmnist-train-labels-idx2-int.gz",
    "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
    _QMNIST_MIRRORS,
)
"""Who wrote each training digit (Yadav and Bottou 2019): what a split by writer needs."""

MNIST_FILES: Final = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)


def download_files(files: Sequence[SourceFile], folder: Path) -> None:
    """Fetch whichever of the files a folder lacks.

    Raises:
        DataError: no mirror had a file whole; what each answered is in the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if not (folder / file.name).exists():
            _download(file, folder / file.name)


def _download(file: SourceFile, target: Path) -> None:
    failures = []
    for mirror in file.mirrors:
        try:
            data = _fetch(mirror + file.name, file.name)
        except (OSError, HTTPException) as error:
            failures.append(f"{mirror}: {_reason(error)}")
            continue
        if hashlib.sha256(data).hexdigest() != file.sha256:
            failures.append(f"{mirror}: wrong checksum")
            continue
        part = target.with_name(target.name + ".part")
        part.write_bytes(data)
        part.replace(target)
        return
    raise DataError(
        f"{file.name} can't be downloaded ({'; '.join(failures)}). "
        "Check the connection, or give a folder that holds it with --data."
    )


def _fetch(url: str, name: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - our own constants
        length = int(response.headers.get("Content-Length", 0)) or None
        data = bytearray()
        with tqdm(total=length, unit="B", unit_scale=True, desc=name) as bar:
            while chunk := response.read(_CHUNK):
                data += chunk
                bar.update(len(chunk))
    return bytes(data)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.URLError) and not isinstance(error, urllib.error.HTTPError):
        return str(error.reason)
    return str(error)
