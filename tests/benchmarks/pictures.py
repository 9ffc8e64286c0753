"""What the programs are sent: a digit of our own pen, in the three files that the figures name."""

import base64
import io
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image

from model_export.drawing.strokes import ink_coverage, render_strokes
from model_export.examples import DIGIT_STROKES
from tests.load.pictures import draw_photo

DIGIT: Final = 3
SIDE: Final = 280
"""Pixels; the page's own pad sends so many."""
PHOTO: Final = (1632, 1224)
"""Pixels, 2.0 million of them."""
PHOTO_DIGIT: Final = 1100
"""Pixels of the square that holds the digit in the photo. It fills the sheet as far as the simplest
preprocessing needs to read it: the picture as it is, made small."""


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    media_type: str
    digit: int = DIGIT


@cache
def draw_grey() -> Picture:
    return Picture(encode(render_strokes(DIGIT_STROKES[DIGIT], side=SIDE), "PNG"), "image/png")


@cache
def draw_canvas() -> Picture:
    """RGBA, the ink alone on nothing, as a canvas gives it."""
    sheet = Image.new("RGBA", (SIDE, SIDE), (20, 20, 60, 255))
    sheet.putalpha(ink_coverage(DIGIT_STROKES[DIGIT], side=SIDE, width=0.07))
    return Picture(encode(sheet, "PNG"), "image/png")


@cache
def take_photo() -> Picture:
    return Picture(draw_photo(DIGIT, PHOTO, PHOTO_DIGIT), "image/jpeg")


def write_data_url(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"


def encode(image: Image.Image, image_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format)
    return buffer.getvalue()
