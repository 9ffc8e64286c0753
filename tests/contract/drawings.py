"""What the requests carry: digits, a letter and blank sheets, drawn by our own pen."""

import base64
from functools import cache
from itertools import pairwise

from PIL import Image

from model_export.drawing.strokes import Pen, curve, ink_coverage, render_strokes
from model_export.examples import DIGIT_STROKES
from tests.conftest import encode_image

SIDE = 120


@cache
def draw_digit(digit: int, image_format: str = "PNG") -> bytes:
    return encode_image(render_strokes(DIGIT_STROKES[digit], side=SIDE, pen=Pen()), image_format)


@cache
def draw_transparent(digit: int) -> bytes:
    """The ink alone, as a canvas gives it."""
    sheet = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 255))
    sheet.putalpha(ink_coverage(DIGIT_STROKES[digit], side=SIDE, width=Pen().width))
    return encode_image(sheet)


@cache
def draw_chalk(digit: int) -> bytes:
    """White on black."""
    return encode_image(render_strokes(DIGIT_STROKES[digit], side=SIDE, pen=Pen(0.07, 255, 0)))


@cache
def draw_letter() -> bytes:
    """A W."""
    corners = [(0.15, 0.2), (0.32, 0.8), (0.5, 0.35), (0.68, 0.8), (0.85, 0.2)]
    strokes = [curve(*pair) for pair in pairwise(corners)]
    return encode_image(render_strokes(strokes, side=SIDE))


@cache
def draw_blank() -> bytes:
    return encode_image(Image.new("L", (SIDE, SIDE), 255))


def add_comment(jpeg: bytes) -> bytes:
    """The same picture, with words within the file and after it."""
    return jpeg[:2] + b"\xff\xfe\x00\x0aa writer" + jpeg[2:] + b"PK\x03\x04 by another"


def to_base64(image: bytes) -> str:
    return base64.b64encode(image).decode()


def to_data_url(image: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{to_base64(image)}"
