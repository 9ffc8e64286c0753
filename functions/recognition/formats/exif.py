"""`read_orientation`: the one field of EXIF that an image can't be read without.

Pillow's reader keeps a copy of whatever each entry points at: 60,000 entries that share four
megabytes would fill any memory.
"""

import struct
from typing import Final

from recognition.formats.contents import UPRIGHT

PREFIX: Final = b"Exif\x00\x00"

_ORDERS: Final = {b"II*\x00": "<", b"MM\x00*": ">"}
_TAG: Final = 0x0112
_KINDS: Final = {1: "B", 3: "H", 4: "I"}
"""TIFF's types of whole numbers (BYTE, SHORT, LONG) to `struct`'s."""


def read_orientation(exif: bytes) -> int:
    """The orientation in a block of EXIF (CIPA DC-008, tag 274), with its prefix or without.

    Damaged metadata must not cost the picture: it counts as upright.
    """
    exif = exif.removeprefix(PREFIX)
    order = _ORDERS.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", exif, 4)
        (entries,) = struct.unpack_from(f"{order}H", exif, start)
        for entry in range(start + 2, start + 2 + 12 * entries, 12):
            tag, kind, count = struct.unpack_from(f"{order}HHI", exif, entry)
            if tag == _TAG and count == 1 and kind in _KINDS:
                (orientation,) = struct.unpack_from(order + _KINDS[kind], exif, entry + 8)
                return int(orientation)
    except struct.error:
        pass
    return UPRIGHT
