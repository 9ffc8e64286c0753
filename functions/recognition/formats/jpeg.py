"""`read_jpeg`: a JPEG's tables and scans, without its metadata and whatever follows its image.

A file may hold a million segments, or a second picture (MPO); each costs Pillow a call. The format
is ITU-T T.81, annex B.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from recognition.formats.contents import Contents, too_many_parts
from recognition.formats.exif import PREFIX, read_orientation
from recognition.limits import MAX_PARTS, check_size

_MARKER: Final = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_START: Final = 0xD8
_END: Final = 0xD9
_SCAN: Final = 0xDA
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = {0xC2, 0xC6, 0xCA, 0xCE}
_TABLES: Final = {0xC4, 0xCC, 0xDB, 0xDD}
"""Of Huffman codes, arithmetic conditioning and quantization; and the restart interval."""
_COLOURS: Final = {0xE0: b"JFIF", 0xEE: b"Adobe"}
"""Application segments that say how the components make a colour."""
_EXIF: Final = 0xE1
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a segment."""


def read_jpeg(data: bytes) -> Contents:
    """Find what a JPEG's pixels come from: its frame, its tables, and all from the first scan on.

    Raises:
        TooManyPixels: see `check_size`.
        ImageTooComplex: more than `MAX_PARTS` segments before the first scan.
        ValueError, IndexError, struct.error: cut short, or against the format.
    """
    tables: list[memoryview] = []
    colours: dict[int, memoryview] = {}
    frame: memoryview | None = None
    exif = b""
    for code, start, end in _list_segments(data):
        segment = memoryview(data)[start:end]
        if code in _FRAMES:
            if frame is not None:
                raise ValueError("two frames")
            frame = segment
            check_size(*_size(frame))
        elif code in _TABLES:
            tables.append(segment)
        elif code in _COLOURS and data.startswith(_COLOURS[code], start + 4):
            colours[code] = segment
        elif code == _EXIF and not exif and data.startswith(PREFIX, start + 4):
            exif = bytes(segment[4:])
    if frame is None:
        raise ValueError("no picture")
    width, height = _size(frame)
    return Contents(
        data=b"".join([data[:2], *colours.values(), *tables, frame, memoryview(data)[start:]]),
        width=width,
        height=height,
        orientation=read_orientation(exif),
        buffered=_coefficients(frame) if _is_buffered(frame, segment) else 0,
    )


def _list_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The code, the start and the end of each segment, up to the first scan's."""
    position = 2
    for _ in range(MAX_PARTS):
        marker = _MARKER.search(data, position)
        if marker is None:
            raise ValueError("no scan")
        code, position = marker[1][0], marker.end()
        if code in _ALONE:
            continue
        if code in (_START, _END):
            raise ValueError("no scan")
        (length,) = struct.unpack_from(">H", data, position)
        position += length
        if length < 2 or position > len(data):
            raise ValueError("a segment is cut short")
        yield code, marker.start(), position
        if code == _SCAN:
            return
    raise too_many_parts("JPEG")


def _size(frame: memoryview) -> tuple[int, int]:
    height, width = struct.unpack_from(">HH", frame, 5)
    return width, height


def _is_buffered(frame: memoryview, scan: memoryview) -> bool:
    """Whether the decoder needs all scans before it has the first pixel."""
    return frame[1] in _PROGRESSIVE or scan[4] < frame[9]


def _coefficients(frame: memoryview) -> int:
    """Bytes of all coefficients: two each, in blocks of 8×8, of components sampled differently."""
    width, height = _size(frame)
    sampling = [divmod(factors, 16) for factors in frame[11 : 11 + 3 * frame[9] : 3]]
    across, down = (max(factors) for factors in zip(*sampling, strict=True))
    return sum(
        -(-width * horizontal // (8 * across)) * -(-height * vertical // (8 * down)) * 64 * 2
        for horizontal, vertical in sampling
    )
