"""`strip_jpeg`: a JPEG's tables, frame and scans. ITU-T T.81, annex B.

Of what applications add to it, the meaning of its colours is left. A file that has no more than
that stays as it is, byte for byte.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from recognition.formats.contents import Contents, too_many_parts
from recognition.limits import MAX_PARTS
from recognition.stripped.exif import write_exif

_MARKER: Final = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_SCAN_END: Final = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
"""What ends a scan's data for libjpeg: restarts don't, nor do codes that nobody has."""
_START: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES: Final = {0xC4, 0xCC, 0xDB, 0xDD}
_JFIF: Final = 0xE0
_ADOBE: Final = 0xEE
_EXIF: Final = 0xE1
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SKIPPED: Final = {0xDC, *range(0xE0, 0xF0), 0xFE}
"""Number of lines, applications, comments: what libjpeg passes over between scans."""
_COLOURS: Final = {_JFIF: b"JFIF", _ADOBE: b"Adobe"}

_Segment = tuple[int, memoryview]
"""A segment's code and all of it; a scan's has its data too."""


def strip_jpeg(image: bytes, contents: Contents) -> bytes:
    """Raises ImageTooComplex: more than `MAX_PARTS` segments."""
    segments = list(_list_segments(image, has_one_scan=contents.buffered == 0))
    colours = {code: segment for code, segment in segments if code in _COLOURS}
    kept: list[bytes | memoryview] = [_START]
    if exif := write_exif(contents.orientation):
        kept.append(_write(_EXIF, b"Exif\x00\x00" + exif))
    for code, segment in segments:
        if code not in _COLOURS:
            kept.append(segment)
        elif segment is colours[code]:  # of two, the last one counts
            kept.append(_strip_colours(code, bytes(segment[4:])))
    return b"".join(kept)


def _list_segments(image: bytes, *, has_one_scan: bool) -> Iterator[_Segment]:
    """What there is to keep, up to the end of the picture."""
    view = memoryview(image)
    position = 2
    has_scans = False
    for _ in range(MAX_PARTS):
        marker = _MARKER.search(image, position)
        if marker is None:
            return
        code, start, position = marker[1][0], marker.start(), marker.end()
        if code in _ALONE:
            continue
        is_needed = code in _TABLES or code == _SCAN or (code in _FRAMES and not has_scans)
        if has_scans and not is_needed and code not in _SKIPPED:
            yield 0, memoryview(_END)  # whatever stands there, no decoder goes on after it
            return
        (length,) = struct.unpack_from(">H", image, position)
        if code in _COLOURS and not has_scans:
            is_needed = image.startswith(_COLOURS[code], position + 2)
        position += length
        if code == _SCAN:
            has_scans = True
            end = _SCAN_END.search(image, position)
            position = end.start() if end else len(image)
        if is_needed:
            yield code, view[start:position]
        if code == _SCAN and has_one_scan:
            if end:
                yield 0, memoryview(_END)
            return
    raise too_many_parts("JPEG")


def _strip_colours(code: int, data: bytes) -> bytes:
    """The segment as libjpeg reads it: without the thumbnail that may follow JFIF's twelve bytes,
    and not at all if it's too short."""
    if code == _JFIF:
        is_read = data.startswith(b"JFIF\x00") and len(data) >= 14
        data = data[:12] + bytes(2)
    else:
        is_read = len(data) >= 12
        data = data[:12]
    return _write(code, data) if is_read else b""


def _write(code: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(data) + 2) + data
