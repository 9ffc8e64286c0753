"""`strip_png`: a PNG's header, what its pixels mean, and its pixels. ISO/IEC 15948."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from recognition.formats.contents import Contents
from recognition.stripped.exif import write_exif

_HEADER_END: Final = 33
_DEPTH: Final = 24
_COLOUR: Final = 25
"""Where these stand in a file."""
_GREY, _RGB, _PALETTE = 0, 2, 3
_END: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PIECE: Final = 64 * 1024
_MAX_PIXEL_BYTES: Final = 9
"""Of a pixel before it's compressed: four samples of 16 bits, and its part of its row's filter."""


def strip_png(image: bytes, contents: Contents) -> bytes:
    data = contents.data
    depth, colour = data[_DEPTH], data[_COLOUR]
    entries = 1 << min(depth, 8)
    used = {
        b"PLTE": {_PALETTE: 3 * entries},
        b"tRNS": {_GREY: 2, _RGB: 6, _PALETTE: entries},
    }
    colours = {}
    pixels: list[bytes] = []
    for name, start, end in _list_chunks(data):
        if name in used:
            if colour in used[name]:  # elsewhere it means nothing; of two, the last one counts
                colours[name] = _chunk(name, data[start + 8 : end - 4][: used[name][colour]])
        else:
            pixels = _cut(data, start, contents.width * contents.height)
            break
    exif = write_exif(contents.orientation)
    described = [_chunk(b"eXIf", exif)] if exif else []
    return b"".join([data[:_HEADER_END], *colours.values(), *described, *pixels])


def _cut(data: bytes, first: int, pixels: int) -> list[bytes]:
    """All from the first chunk of pixels on, but for what is in these after the pixels' end.

    Args:
        first: where that chunk starts.
        pixels: how many there may be. What inflates to more is not looked at to its end.
    """
    inflater = zlib.decompressobj()
    left = _MAX_PIXEL_BYTES * pixels + _PIECE
    for name, start, end in _list_chunks(data, first):
        if name != b"IDAT" or end > len(data):
            break
        for piece in range(start + 8, end - 4, _PIECE):
            waiting = data[piece : min(piece + _PIECE, end - 4)]
            piece_end = piece + len(waiting)
            try:
                while waiting and not inflater.eof and left > 0:
                    left -= len(inflater.decompress(waiting, _PIECE))
                    waiting = inflater.unconsumed_tail
            except zlib.error:
                left = 0
            if left <= 0:
                return [data[first:]]
            if inflater.eof:
                last = data[start + 8 : piece_end - len(inflater.unused_data)]
                return [data[first:start], _chunk(b"IDAT", last), _END]
    return [data[first:]]


def _list_chunks(data: bytes, start: int = _HEADER_END) -> Iterator[tuple[bytes, int, int]]:
    """The name, the start and the end of each chunk; the last may end after the data does."""
    while start + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, start)
        yield name, start, start + 12 + length
        start += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
