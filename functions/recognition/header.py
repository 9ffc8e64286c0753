"""`read_header`: what a file says of its image, without decoding it."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image

from recognition.errors import CorruptImage, ImageError, UnsupportedImage
from recognition.formats.webp import WebPContents
from recognition.image import READERS, sniff_format

MAX_DRAWING_BYTES: Final = 64 * 1024
MAX_DRAWING_PIXELS: Final = 640 * 640
"""The sheet of a large screen. Of thirty patterns of that size, stripes, dots, lines and noise, the
slowest is read in 40 ms, and most in ten; a digit in two or three."""


@dataclass(frozen=True, slots=True)
class Header:
    format: str
    """As `sniff_format` names it."""
    width: int
    """Pixels, as stored; so is the height."""
    height: int
    mode: str
    """Pillow's name for a pixel's channels and their depth: `L`, `RGBA`, `P`, `I;16`, …"""


def read_header(data: bytes) -> Header:
    """Read a PNG's, JPEG's, WebP's, GIF's or BMP's header. Raises ImageError."""
    image_format = sniff_format(data)
    if image_format is None:
        raise UnsupportedImage("The bytes are not a PNG, JPEG, WebP, GIF or BMP image.")
    try:
        contents = READERS[image_format](data)
        if isinstance(contents, WebPContents):
            mode = "RGBA" if contents.has_alpha else "RGB"
        else:
            with Image.open(io.BytesIO(contents.data), formats=(image_format,)) as image:
                mode = image.mode
    except ImageError:
        raise
    except Exception as error:  # whatever hostile bytes provoke, as in `decode_image`
        raise CorruptImage(f"The {image_format} image is damaged.") from error
    return Header(image_format, contents.width, contents.height, mode)


def is_drawing(data: bytes) -> bool:
    """Whether it's such a PNG as a canvas makes of a drawing, by its size: one that's soon read."""
    if len(data) > MAX_DRAWING_BYTES or sniff_format(data) != "PNG":
        return False
    try:
        contents = READERS["PNG"](data)
    except Exception:  # as soon as it's to be read it's refused, and that is soon as well
        return True
    return contents.width * contents.height <= MAX_DRAWING_PIXELS
