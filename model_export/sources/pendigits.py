"""Pen digits: 7,494 of them, drawn on a tablet by 30 people (Alpaydin and Alimoglu 1996).

The file is UNIPEN text (Guyon et al. 1994), a line for each statement or point:

    .SEGMENT DIGIT 0 ? "8"      which pen-downs it takes, and what was to be written
    .COMMENT 8 12 224           the digit again, its writer, a running number
    .PEN_DOWN
     267 333                    x to the right and y up, one point every 100 ms
    .PEN_UP
    .DT 100
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.strokes import Stroke, fit_box
from model_export.errors import DataError
from recognition.classifier import DIGITS

PEN_DIGITS_FILE: Final = Path("pendigits") / "pendigits-orig.tra.gz"
"""Within a folder of data."""

_UP_TO_DOWN: Final = np.array([1.0, -1.0])


@dataclass(frozen=True, slots=True)
class PenDigits:
    """Digits as strokes, and who drew them."""

    strokes: list[list[Stroke]]
    """Of each digit, in its own box: the top left corner of its bounds is (0, 0), their longer
    side is 1, x to the right and y down."""
    labels: NDArray[np.uint8]
    """uint8 (n,), 0 to 9."""
    writers: NDArray[np.int32]
    """int32 (n,), 1 to 30 as published."""
    checksum: str
    """sha256 of the file that was read."""

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, mask: NDArray[np.bool_]) -> "PenDigits":
        chosen = [strokes for strokes, wanted in zip(self.strokes, mask, strict=True) if wanted]
        return PenDigits(chosen, self.labels[mask], self.writers[mask], self.checksum)


@dataclass(slots=True)
class _Segment:
    """One digit, while its lines are read."""

    label: int
    writer: int | None = None
    strokes: list[list[tuple[int, int]]] = field(default_factory=list)
    pen_is_down: bool = False


def read_pendigits(path: Path) -> PenDigits:
    """Read `pendigits-orig.tra.gz`, or another UNIPEN file of its form.

    Raises:
        DataError: the file is missing, truncated, or not of this form.
    """
    if not path.is_file():
        raise DataError(f"{path.name} is not in {path.parent}.")
    data = path.read_bytes()
    try:
        text = gzip.decompress(data).decode("ascii")
    except EOFError as error:
        raise DataError(f"{path.name} is truncated.") from error
    except (OSError, zlib.error) as error:
        raise DataError(f"{path.name} is not a gzip file, or it is damaged.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} holds something other than UNIPEN text.") from error
    segments = _read_segments(text.splitlines(), path.name)
    return PenDigits(
        strokes=[_to_strokes(segment) for segment in segments],
        labels=np.array([segment.label for segment in segments], np.uint8),
        writers=np.array([segment.writer for segment in segments], np.int32),
        checksum=hashlib.sha256(data).hexdigest(),
    )


def _read_segments(lines: Iterable[str], name: str) -> list[_Segment]:
    segments: list[_Segment] = []
    for number, line in enumerate(lines, start=1):
        try:
            _read_line(line.split(), segments)
        except (ValueError, IndexError) as error:
            raise DataError(
                f"{name} can't be understood at line {number}: {line!r:.60}."
            ) from error
    if not segments:
        raise DataError(f"{name} holds no digits.")
    for count, segment in enumerate(segments, start=1):
        if segment.writer is None or segment.pen_is_down or not segment.strokes:
            raise DataError(f"{name} breaks off within digit {count} of {len(segments)}.")
    return segments


def _read_line(words: list[str], segments: list[_Segment]) -> None:
    """Take one line in.

    Raises:
        ValueError, IndexError: it can't stand here.
    """
    match words:
        case [".SEGMENT", "DIGIT", _, _, quoted]:
            segments.append(_Segment(_read_label(quoted.strip('"'))))
        case [".COMMENT", label, writer, *_]:
            if _read_label(label) != segments[-1].label:
                raise ValueError("The comment is another digit's.")
            segments[-1].writer = int(writer)
        case [".PEN_DOWN"]:
            segments[-1].strokes.append([])
            segments[-1].pen_is_down = True
        case [".PEN_UP"]:
            if not segments[-1].strokes[-1]:
                raise ValueError("The pen came up before it drew.")
            segments[-1].pen_is_down = False
        case [x, y] if not x.startswith("."):
            if not segments[-1].pen_is_down:
                raise ValueError("The pen is up.")
            segments[-1].strokes[-1].append((int(x), int(y)))
        case [] | [".INCLUDE" | ".LEXICON" | ".HIERARCHY" | ".DT", *_]:
            pass
        case _:
            raise ValueError("No such statement.")


def _read_label(text: str) -> int:
    label = int(text)
    if not 0 <= label < DIGITS:
        raise ValueError("Not a digit.")
    return label


def _to_strokes(segment: _Segment) -> list[Stroke]:
    return fit_box([np.array(points, float) * _UP_TO_DOWN for points in segment.strokes])
