"""`decode_image`: the bytes of a PNG, JPEG, WebP, GIF or BMP to a grey image, at a bounded cost.

Every cap is decided from the bytes and the header, before pixels are decoded: `recognition.formats`
finds what pixels come from, and Pillow's parsers see no more of the file than that. A deadline
covers what a header can't promise.
"""

import io
import time
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from recognition.errors import (
    CorruptImage,
    DecodingTooSlow,
    ImageError,
    ImageTooComplex,
    TooManyScans,
    UnsupportedImage,
)
from recognition.formats.bmp import read_bmp
from recognition.formats.contents import Contents
from recognition.formats.gif import read_gif
from recognition.formats.jpeg import read_jpeg
from recognition.formats.libwebp import decode_webp
from recognition.formats.png import read_png
from recognition.formats.webp import WebPContents, read_webp
from recognition.grey import to_grey
from recognition.limits import (
    MAX_BYTES,
    MAX_DECODER_BYTES,
    MAX_JPEG_SCANS,
    MAX_PIXELS,
    MAX_SCANNED_PIXELS,
    MAX_SECONDS,
    check_bytes,
    check_size,
)

__all__ = (
    "MAX_BYTES",
    "MAX_JPEG_SCANS",
    "MAX_PIXELS",
    "GreyImage",
    "decode_image",
    "sniff_format",
)

# Pillow warns of sizes that the cap below refuses, and of metadata that nobody reads here. Once, at
# import: a filter set around each call would not be safe between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

READERS: Final[dict[str, Callable[[bytes], Contents]]] = {
    "PNG": read_png,
    "JPEG": read_jpeg,
    "WEBP": read_webp,
    "GIF": read_gif,
    "BMP": read_bmp,
}

# By their names: `Image.open` would ask each in turn, and import all 45 for bytes that none knows.
_PARSERS: Final[dict[str, type[ImageFile]]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
}

_SCAN: Final = b"\xff\xda"
_BLOCK: Final = 4096
"""Bytes read at once, from which it is pixels that are decoded."""
_READS: Final = 256
"""How many smaller reads come between two looks at the clock."""
_PIXEL_BYTES: Final = 4
"""Of Pillow's images in colour."""

_MIRROR: Final = (slice(None), slice(None, None, -1))
_FLIP: Final = (slice(None, None, -1), slice(None))
_TURNS: Final[dict[int, Callable[[NDArray[np.uint8]], NDArray[np.uint8]]]] = {
    2: lambda grey: grey[_MIRROR],
    3: lambda grey: grey[::-1, ::-1],
    4: lambda grey: grey[_FLIP],
    5: lambda grey: grey.T,
    6: lambda grey: grey[_FLIP].T,
    7: lambda grey: grey[::-1, ::-1].T,
    8: lambda grey: grey[_MIRROR].T,
}
"""EXIF orientation to the turn that undoes it (CIPA DC-008, tag 274)."""

GreyImage = NDArray[np.uint8]
"""uint8 (height, width), 0 black to 255 white."""


def decode_image(data: bytes, max_bytes: int = MAX_BYTES) -> GreyImage:
    """Decode the first frame of an image, upright, on an opaque backdrop.

    Args:
        data: a whole PNG, JPEG, WebP, GIF or BMP file; its own first bytes decide which.
        max_bytes: how many it may have. The other caps hold whatever this one is.

    Returns:
        uint8 (height, width), 0 black to 255 white.

    Raises:
        UnsupportedImage: the bytes are none of those formats.
        TooManyBytes: over `max_bytes`.
        TooManyPixels: over `MAX_PIXELS`, or `MAX_SIDE` in one direction.
        TooManyScans: over `MAX_JPEG_SCANS`, or `MAX_SCANNED_PIXELS`.
        DecodingTooSlow: over `MAX_SECONDS` of this thread's processor time.
        ImageTooComplex: over another of `recognition.limits`.
        CorruptImage: damaged or cut short.
    """
    check_bytes(len(data), max_bytes)
    image_format = sniff_format(data)
    if image_format is None:
        raise UnsupportedImage("The bytes are not a PNG, JPEG, WebP, GIF or BMP image.")
    if image_format == "JPEG" and data.count(_SCAN) > MAX_JPEG_SCANS:
        raise TooManyScans(f"The JPEG has more than {MAX_JPEG_SCANS} scans.")
    try:
        deadline = _Deadline()
        contents = READERS[image_format](data)
        grey = _decode(contents, image_format, deadline)
        deadline.check()
        return _upright(grey, contents.orientation)
    except ImageError:
        raise
    except Exception as error:
        # Pillow's parsers raise whatever hostile bytes provoke: OSError and SyntaxError by
        # contract, but ValueError, IndexError, struct.error and zlib.error are on record too.
        raise CorruptImage(f"The {image_format} image is damaged.") from error


def sniff_format(data: bytes) -> str | None:
    """Name the format that the first bytes declare, or None if it is not one that is read."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"BM"):
        return "BMP"
    return None


class _Deadline:
    """When decoding has had its time: this thread's own, so that no other load counts."""

    def __init__(self) -> None:
        self._end = time.thread_time() + MAX_SECONDS

    def check(self) -> None:
        if time.thread_time() > self._end:
            raise DecodingTooSlow(f"The image takes more than {MAX_SECONDS:g} s to decode.")


class _DeadlineReader(io.BytesIO):
    """A file that stops being readable at a deadline."""

    def __init__(self, data: bytes, deadline: _Deadline) -> None:
        super().__init__(data)
        self._deadline = deadline
        self._reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads += 1
        # The clock takes as long as reading a header's field does.
        if size is None or not 0 <= size < _BLOCK or self._reads % _READS == 0:
            self._deadline.check()
        return super().read(size)


def _decode(contents: Contents, image_format: str, deadline: _Deadline) -> GreyImage:
    if isinstance(contents, WebPContents):
        _check_memory(contents, _PIXEL_BYTES)
        return to_grey(decode_webp(contents))
    with _PARSERS[image_format](_DeadlineReader(contents.data, deadline)) as image:
        check_size(*image.size)
        if isinstance(image, JpegImageFile):
            _restrain(image, contents)
        image.load()
        return to_grey(image)


def _restrain(image: JpegImageFile, contents: Contents) -> None:
    """Hold what a JPEG's decoder costs to the caps."""
    pixels = contents.width * contents.height
    if pixels * contents.data.count(_SCAN) > MAX_SCANNED_PIXELS:
        raise TooManyScans("The JPEG has too many scans for its size.")
    if pixels * _PIXEL_BYTES + contents.buffered > MAX_DECODER_BYTES:
        # Its brightness as it is stored, without the colours: three levels off at most, where
        # those are strong.
        image.draft("L", None)
        _check_memory(contents, len(image.getbands()))


def _check_memory(contents: Contents, pixel_bytes: int) -> None:
    pixels = contents.width * contents.height
    if pixels * pixel_bytes + contents.buffered > MAX_DECODER_BYTES:
        raise ImageTooComplex("The image takes too much memory to decode.")


def _upright(grey: GreyImage, orientation: int) -> GreyImage:
    turn = _TURNS.get(orientation)
    return grey if turn is None else np.ascontiguousarray(turn(grey))
