"""`strip_bmp`: a BMP's header, palette and pixels, without a colour profile or anything between."""

import struct
from typing import Final

from recognition.formats.contents import Contents

_FILE_HEADER: Final = 14
_CORE_HEADER: Final = 12
_INFO_HEADER: Final = 40
_MASKS_END: Final = _FILE_HEADER + 56
"""Where a long header has said what its pixels are; the rest is of their colours' measurement."""
_WITH_PROFILE: Final = {108, 124}
_STANDARD: Final = b"BGRs"
"""The colour space of an image without a profile (LCS_sRGB)."""
_RLE8, _RLE4, _MASKS = 1, 2, 3
_MAX_PALETTE_BITS: Final = 8


def strip_bmp(image: bytes, contents: Contents) -> bytes:
    offset, header = struct.unpack_from("<II", image, 10)
    if header == _CORE_HEADER:
        (bits,) = struct.unpack_from("<H", image, _FILE_HEADER + 10)
        compression, colours, entry = 0, 0, 3
    else:
        bits, compression = struct.unpack_from("<HI", image, _FILE_HEADER + 14)
        (colours,) = struct.unpack_from("<I", image, _FILE_HEADER + 32)
        entry = 4
    head = _FILE_HEADER + header + 12 * (compression == _MASKS and header == _INFO_HEADER)
    if bits <= _MAX_PALETTE_BITS:
        palette = entry * (colours or 1 << bits)
        if offset == _FILE_HEADER + header:  # a common error, which Pillow mends
            offset += palette
        head += palette
    offset = offset or head
    if compression in (_RLE8, _RLE4):
        end = _find_end(image, offset, is_halved=compression == _RLE4)
        gap = (offset - head) % 2  # some runs start at an even place in the file
    else:
        end = offset + (contents.width * bits + 31 >> 3 & ~3) * contents.height
        gap = 0
    if offset < head:  # the pixels are the palette too
        return image[: max(head, end)]
    start = _blank(image[:head], header) + bytes(gap)
    pixels = image[offset:end]
    size = len(start) + len(pixels)
    return start[:2] + struct.pack("<IHHI", size, 0, 0, len(start)) + start[14:] + pixels


def _blank(head: bytes, header: int) -> bytes:
    """Without what a long header says of colours beyond their masks."""
    end = _FILE_HEADER + header
    if end <= _MASKS_END:
        return head
    space = _STANDARD if header in _WITH_PROFILE else b""
    return head[:_MASKS_END] + space.ljust(end - _MASKS_END, b"\x00") + head[end:]


def _find_end(image: bytes, position: int, *, is_halved: bool) -> int:
    """Where run lengths say that the bitmap ends; the file's end if they don't."""
    while position + 2 <= len(image):
        count, value = image[position], image[position + 1]
        position += 2
        if count or value == 0:
            continue
        if value == 1:
            return position
        if value == 2:
            position += 2
        else:
            position += (value + 1) // 2 if is_halved else value
            position += position % 2
    return len(image)
