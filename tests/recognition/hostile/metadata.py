"""EXIF that costs its reader."""

import struct
from typing import Final

_UNDEFINED: Final = 7
"""TIFF's type of bytes that mean nothing to it."""
_ENTRIES: Final = 60_000


def sharing_exif(shared: int) -> bytes:
    """Sixty thousand entries that all point at the same bytes, and a right orientation last.

    Args:
        shared: how many bytes, besides the 720,000 of the entries.
    """
    entries = [
        struct.pack(">HHII", tag, _UNDEFINED, shared, 8) for tag in range(0x0200, _ENTRIES + 0x0200)
    ]
    orientation = struct.pack(">HHIHxx", 0x0112, 3, 1, 1)
    directory = struct.pack(">H", _ENTRIES + 1) + b"".join(entries) + orientation
    return b"MM\x00*" + struct.pack(">I", 8) + directory + bytes(4 + shared)
