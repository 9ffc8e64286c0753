"""`read_bmp`: a BMP's size, and whether it is one that takes Pillow too long."""

import struct
from typing import Final

from recognition.errors import ImageTooComplex
from recognition.formats.contents import Contents
from recognition.limits import MAX_RUN_LENGTH_PIXELS, check_size

_FILE_HEADER: Final = 14
_CORE_HEADER: Final = 12
_HEADERS: Final = 4096
"""Bytes that a header and its palette may take, with room. A run takes two for its pixels, and the
end of a row two more."""
_RUN_LENGTHS: Final = {1, 2}


def read_bmp(data: bytes) -> Contents:
    """Read the header (BITMAPCOREHEADER, or BITMAPINFOHEADER and what extends it).

    Raises:
        TooManyPixels: see `check_size`.
        ImageTooComplex: run-length encoded, and over `MAX_RUN_LENGTH_PIXELS` or with more runs than
            pixels.
        ValueError, struct.error: cut short, or without a size.
    """
    (header,) = struct.unpack_from("<I", data, _FILE_HEADER)
    if header == _CORE_HEADER:
        width, height = struct.unpack_from("<HH", data, _FILE_HEADER + 4)
        compression = 0
    else:
        # A negative height: rows from the top.
        width, height, compression = struct.unpack_from("<ii4xI", data, _FILE_HEADER + 4)
    check_size(width, abs(height))
    if compression in _RUN_LENGTHS:
        pixels = width * abs(height)
        if pixels > MAX_RUN_LENGTH_PIXELS or len(data) > 3 * pixels + _HEADERS:
            raise ImageTooComplex("The BMP has too many pixels, or runs, in run-length encoding.")
    return Contents(data, width, abs(height))
