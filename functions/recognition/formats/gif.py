"""`read_gif`: a GIF's first image, without comments and other extensions before it.

Each block of a comment costs Pillow a call, and there may be two million. The format is GIF89a, by
CompuServe.
"""

import struct
from typing import Final

from recognition.formats.contents import Contents, too_many_parts
from recognition.limits import MAX_PARTS, check_size

_SCREEN: Final = struct.Struct("<6xHHB2x")
_IMAGE: Final = struct.Struct("<xHHHHB")
_EXTENSION: Final = 0x21
_SEPARATOR: Final = 0x2C
_TRAILER: Final = 0x3B
_CONTROL: Final = 0xF9
_HAS_PALETTE: Final = 0x80
_HAS_TRANSPARENCY: Final = 0x01


def read_gif(data: bytes) -> Contents:
    """Find what a GIF's first frame comes from: screen, palettes, transparent index and image.

    An image that reaches over its screen's edges widens it, as Pillow has it.

    Raises:
        TooManyPixels: see `check_size`.
        ImageTooComplex: more than `MAX_PARTS` blocks before the image.
        ValueError, IndexError, struct.error: cut short, or against the format.
    """
    width, height, flags = _SCREEN.unpack_from(data)
    position = _SCREEN.size
    if flags & _HAS_PALETTE:
        position += 3 << (flags & 7) + 1
    screen, control = data[:position], b""
    inside = False  # an extension: blocks, each after its own length, up to an empty one
    for _ in range(MAX_PARTS):
        byte = data[position]
        if inside:
            inside = byte > 0
            position += 1 + byte
        elif byte == _SEPARATOR:
            break
        elif byte == _TRAILER:
            raise ValueError("no image")
        elif byte == _EXTENSION:
            inside = True
            position += 2
            if data[position - 1] == _CONTROL and data[position] >= 4:
                control = _keep_transparency(data[position + 1 : position + 5]) or control
        else:
            position += 1
    else:
        raise too_many_parts("GIF")
    left, top, across, down, _ = _IMAGE.unpack_from(data, position)
    width, height = max(width, left + across), max(height, top + down)
    check_size(width, height)
    return Contents(b"".join([screen, control, memoryview(data)[position:]]), width, height)


def _keep_transparency(control: bytes) -> bytes:
    """A control extension for the transparent index alone; empty when there is none. What becomes
    of a frame when the next one is due would cost a copy of it."""
    if not control[0] & _HAS_TRANSPARENCY:
        return b""
    flags, index = _HAS_TRANSPARENCY, control[3]
    return bytes((_EXTENSION, _CONTROL, 4, flags, 0, 0, index, 0))
