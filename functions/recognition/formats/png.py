"""`read_png`: a PNG's chunks, checked, without its text, its colour profile and its later frames.

Text may inflate to a thousand times its size; every chunk costs Pillow a call. Nobody reads them
here. The format is ISO/IEC 15948, section 5.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from recognition.formats.contents import Contents, too_many_parts
from recognition.formats.exif import read_orientation
from recognition.limits import MAX_PARTS, check_size

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

_CHUNK: Final = struct.Struct(">I4s")
_AROUND: Final = 12
"""Bytes of a chunk besides its data: length, name and checksum."""
_HEADER_END: Final = len(SIGNATURE) + _AROUND + 13
_END: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def read_png(data: bytes) -> Contents:
    """Find what a PNG's pixels come from: its header, palette, transparency and first image data.

    A file that ends within its image data may still hold every pixel: that is for the decoder to
    find out.

    Raises:
        TooManyPixels: see `check_size`. Nothing after the header is looked at then.
        ImageTooComplex: more than `MAX_PARTS` chunks.
        ValueError, struct.error: against the format; a wrong checksum anywhere is.
    """
    length, name, width, height = struct.unpack_from(">I4sII", data, len(SIGNATURE))
    if (length, name) != (13, b"IHDR"):
        raise ValueError("no header")
    check_size(width, height)
    view = memoryview(data)
    colours: list[memoryview] = []
    pixels = slice(0, 0)
    exif = b""
    for name, start, end in _list_chunks(data):
        if name == b"IDAT":
            if pixels.stop in (0, start):  # what stands apart from the first run is none of it
                pixels = slice(pixels.start or start, end)
        elif name in (b"PLTE", b"tRNS"):
            colours.append(view[start:end])
        elif name == b"eXIf":
            exif = data[start + 8 : end - 4]
    end_mark = b"" if pixels.stop > len(data) else _END
    return Contents(
        data=b"".join([view[:_HEADER_END], *colours, view[pixels], end_mark]),
        width=width,
        height=height,
        orientation=read_orientation(exif),
    )


def _list_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name, the start and the end of each chunk after the header, checksums verified.

    The last may end after the data does.
    """
    view = memoryview(data)
    start = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        if start + _AROUND > len(data):
            return
        length, name = _CHUNK.unpack_from(data, start)
        end = start + _AROUND + length
        if end <= len(data) and zlib.crc32(view[start + 4 : end - 4]) != int.from_bytes(
            view[end - 4 : end]
        ):
            raise ValueError("a chunk's checksum is wrong")
        if name == b"IEND":
            return
        yield name, start, end
        start = end
    raise too_many_parts("PNG")
