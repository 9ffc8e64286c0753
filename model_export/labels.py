"""`export_labels`: what people corrected, as a training set.

The folder holds each image as it was kept, under its content's hash; the digits as MNIST has them,
normalized as the model will see them; and `labels.jsonl`, a line for each row of those. It becomes
what the API has at that moment: what somebody has removed since is not in it any more.
"""

import argparse
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.download import TRAIN_IMAGES, TRAIN_LABELS
from model_export.errors import DataError
from model_export.files import write_whole
from model_export.idx import format_idx
from model_export.service import LabelledRecord, Service
from recognition.errors import ImageError
from recognition.image import decode_image, sniff_format
from recognition.limits import MAX_UPLOADED_BYTES
from recognition.preprocessing import normalize_digit

MANIFEST: Final = "labels.jsonl"
IMAGES: Final = "images"
_FETCHED: Final = "fetched"
"""In an unfinished folder, each record's image under the record's id: the ids go no further, for
whoever has one may remove the record."""


KEY_VARIABLE: Final = "INKLING_API_KEY"
"""Where the key is: an argument would show in the list of processes."""


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """An image with its label, as kept and as the model sees it."""

    record: LabelledRecord
    file: Path
    sha256: str
    """Of the image as it was kept, which is in the file."""
    pixels: NDArray[np.uint8]
    """uint8 (28, 28), 0 paper to 255 ink."""


@dataclass(frozen=True, slots=True)
class LabelExport:
    """What became of the records that the API told of."""

    written: int
    """Pictures in the training set."""
    left_out: Counter[str]
    """How many records were left out, by reason."""


def export_labels(service: Service, folder: Path, *, untrusted: bool = False) -> LabelExport:
    """Write what people labelled as a training set: the whole of it, or nothing.

    Args:
        folder: is made, or takes the place of an earlier export. While it's written it has another
            name, from which the same call continues if it's interrupted.
        untrusted: take labels that came without an API key too.

    Raises:
        DataError: the folder holds something else, or the API can't be used.
    """
    _require_own(folder)
    folder = folder.absolute()
    unfinished, replaced = (folder.with_name(mark + folder.name) for mark in ("part-", "old-"))
    fetched = unfinished / _FETCHED
    left_out: Counter[str] = Counter()
    pictures = []
    for record in tqdm(service.list_labelled(), desc="fetching", unit="image", disable=None):
        if not record.trusted and not untrusted:
            left_out["not trusted"] += 1
            continue
        # Not before: of an API that can't be used nothing is to be left.
        fetched.mkdir(parents=True, exist_ok=True)
        picture = _read_picture(service, record, fetched / record.id)
        if isinstance(picture, LabelledPicture):
            pictures.append(picture)
        else:
            left_out[picture] += 1
    chosen = choose_pictures(pictures, left_out)
    fetched.mkdir(parents=True, exist_ok=True)
    _write(chosen, unfinished)
    shutil.rmtree(fetched)
    shutil.rmtree(replaced, ignore_errors=True)  # of a run that ended between the next two lines
    if folder.exists():
        folder.rename(replaced)
    unfinished.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)
    return LabelExport(len(chosen), left_out)


def choose_pictures(
    pictures: Iterable[LabelledPicture], left_out: Counter[str]
) -> list[LabelledPicture]:
    """One of those that look the same to the model, in an order that only their content decides.

    Where their labels differ, a trusted one counts before others and a later one before an earlier.
    If that doesn't settle it, the picture is left out: nobody knows what it is.

    Args:
        left_out: is told how many, and why.
    """
    alike: dict[bytes, list[LabelledPicture]] = {}
    for picture in pictures:
        alike.setdefault(picture.pixels.tobytes(), []).append(picture)
    chosen = []
    for group in alike.values():
        best = max(_authority(each) for each in group)
        foremost = [each for each in group if _authority(each) == best]
        if len({each.record.digit for each in foremost}) > 1:
            left_out["contradictory"] += len(group)
            continue
        digit = foremost[0].record.digit
        left_out["overruled"] += sum(each.record.digit != digit for each in group)
        left_out["seen already"] += sum(each.record.digit == digit for each in group) - 1
        chosen.append(min(foremost, key=lambda each: each.sha256))
    return sorted(chosen, key=lambda each: each.sha256)


def _authority(picture: LabelledPicture) -> tuple[bool, float]:
    return picture.record.trusted, picture.record.labelled_at.timestamp()


def _require_own(folder: Path) -> None:
    """Raise DataError rather than replace what is no export."""
    if not folder.exists() or (folder / MANIFEST).is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise DataError(f"{folder} holds something else than an export of labels.")


def _read_picture(service: Service, record: LabelledRecord, file: Path) -> LabelledPicture | str:
    """A record's picture, or why there is none; its image comes from the file if it's there."""
    if file.is_file():
        image = file.read_bytes()
    else:
        fetched = service.fetch_image(record)
        if isinstance(fetched, str):
            return fetched
        image = fetched
        write_whole(file, image)
    try:
        normalized = normalize_digit(decode_image(image, MAX_UPLOADED_BYTES))
    except ImageError:
        return "unreadable"
    if normalized is None:
        return "blank"
    pixels = np.rint(normalized.pixels * 255).astype(np.uint8)
    return LabelledPicture(record, file, hashlib.sha256(image).hexdigest(), pixels)


def _write(pictures: list[LabelledPicture], folder: Path) -> None:
    images = folder / IMAGES
    if images.exists():
        shutil.rmtree(images)  # of a run that was interrupted here, and may have chosen others
    images.mkdir()
    lines = []
    for row, picture in enumerate(pictures):
        image = picture.file.read_bytes()
        file = f"{picture.sha256}.{(sniff_format(image) or '').lower()}"
        write_whole(images / file, image)
        record = picture.record
        line = {
            "row": row,
            "file": f"{IMAGES}/{file}",
            "label": record.digit,
            "trusted": record.trusted,
            "labelled_at": record.labelled_at.isoformat(),
            "read": record.read,
            "model": record.model,
        }
        lines.append(json.dumps(line) + "\n")
    pixels = np.array([picture.pixels for picture in pictures], np.uint8).reshape(-1, 28, 28)
    labels = np.array([picture.record.digit for picture in pictures], np.uint8)
    write_whole(folder / TRAIN_IMAGES.name, format_idx(pixels))
    write_whole(folder / TRAIN_LABELS.name, format_idx(labels))
    write_whole(folder / MANIFEST, "".join(lines).encode())


def run_labels(options: argparse.Namespace) -> None:
    """The command. Raises ExportError."""
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise DataError(f"The environment variable {KEY_VARIABLE} has to hold an API key.")
    try:
        export = export_labels(
            Service(options.api, key), options.output, untrusted=options.untrusted
        )
    except OSError as error:
        raise DataError(f"{options.output} can't be written: {error.strerror}.") from error
    print(f"wrote {options.output}; labelled pictures in it: {export.written}")
    for reason, count in sorted(export.left_out.items()):
        if count:
            print(f"left out as {reason}: {count}")
