"""`Contents`: what a file says of itself before any pixel is decoded."""

from dataclasses import dataclass
from typing import Final

from recognition.errors import ImageTooComplex
from recognition.limits import MAX_PARTS

UPRIGHT: Final = 1
"""EXIF's orientation of an image that is stored as it is seen."""


@dataclass(frozen=True, slots=True)
class Contents:
    """An image's first frame, without its metadata."""

    data: bytes
    """A file of the same format: the parts that pixels come from."""
    width: int
    """Pixels, as stored; so is the height."""
    height: int
    orientation: int = UPRIGHT
    """As EXIF numbers it, 1 to 8; anything else counts as 1."""
    buffered: int = 0
    """Bytes that a decoder holds besides the pixels."""


def too_many_parts(image_format: str) -> ImageTooComplex:
    """The error of a file with more than `MAX_PARTS`."""
    return ImageTooComplex(f"The {image_format} image has more than {MAX_PARTS} parts.")
