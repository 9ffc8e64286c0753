"""What an image may cost: the caps of `decode_image`, and the error that each has."""

from typing import Final

from recognition.errors import TooManyBytes, TooManyPixels

MAX_BYTES: Final = 4 * 1024 * 1024
"""What a request can bring: with base64, a Lambda function is given 6 MB at most."""
MAX_UPLOADED_BYTES: Final = 20 * 1024 * 1024
"""Of an image that comes through a bucket, where no request has to carry it. It's 25 megapixels of
a good JPEG; all that it may cost to decode stays as it is."""
MAX_PIXELS: Final = 25_000_000
MAX_SIDE: Final = 65_535
"""Pixels. What GIF and JPEG can declare at all; a decoder holds whole rows, and PNG's may be longer
than any other image."""
MAX_JPEG_SCANS: Final = 200
"""Encoders write about ten. Each scan passes over the whole image again: 10,000 of them in 480 KB
keep a core busy for eleven seconds."""
MAX_SCANNED_PIXELS: Final = 500_000_000
"""Pixels times scans: the largest image in twenty of them, or the most scans of 2.5 megapixels."""
MAX_SECONDS: Final = 2.0
"""Of processor time."""
MAX_PARTS: Final = 100_000
"""Chunks, segments or blocks of a file. The most that fit in it would take seconds to list."""
MAX_RUN_LENGTH_PIXELS: Final = 1_000_000
"""Of a run-length encoded BMP: Pillow decodes these in Python, pixel by pixel."""
MAX_DECODER_BYTES: Final = 192 * 1024 * 1024
"""What a decoder may hold, so that a process stays under 256 MiB with all else in it. It is what
25 megapixels of WebP take without loss; only JPEGs of four colours in full, and WebPs of colours
with loss and transparency without, take more."""


def check_bytes(size: int, max_bytes: int = MAX_BYTES) -> None:
    """Raises TooManyBytes for a file that is larger than it may be, both in bytes."""
    if size > max_bytes:
        raise TooManyBytes(f"The image has more than {max_bytes // 1024**2} MiB.")


def check_size(width: int, height: int) -> None:
    """Refuse a size that a header declares.

    Args:
        width, height: pixels.

    Raises:
        TooManyPixels: over `MAX_PIXELS`, or over `MAX_SIDE` in one direction.
        ValueError: no image has that size.
    """
    if width < 1 or height < 1:
        raise ValueError("an empty image")
    if width * height > MAX_PIXELS:
        raise TooManyPixels(f"The image has more than {MAX_PIXELS // 1_000_000} megapixels.")
    if max(width, height) > MAX_SIDE:
        raise TooManyPixels(f"The image has more than {MAX_SIDE} pixels on one side.")
