"""`write_exif`: the one field of EXIF that a picture can't be seen aright without."""

import struct
from typing import Final

_ORDER: Final = b"MM\x00*"
_TAG: Final = 0x0112
_SHORT: Final = 3
_TURNED: Final = range(2, 9)


def write_exif(orientation: int) -> bytes:
    """A block of EXIF (CIPA DC-008) with the orientation alone; empty for what needs no turn."""
    if orientation not in _TURNED:
        return b""
    entry = struct.pack(">HHIHxx", _TAG, _SHORT, 1, orientation)
    return _ORDER + struct.pack(">IH", 8, 1) + entry + bytes(4)
