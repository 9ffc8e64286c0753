"""What the load test sends: drawings, photographs and what is none, drawn by the project's code.

Needs NumPy and Pillow alone, so that Locust's environment stays small. Each has the answer that it
must have, which the tests hold the recogniser to.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from PIL import Image

from model_export.drawing.lens import defocus
from model_export.drawing.light import add_light
from model_export.drawing.page import take_up
from model_export.drawing.paper import add_texture
from model_export.drawing.strokes import Pen, ink_coverage, render_strokes
from model_export.examples import DIGIT_STROKES

_PENS: Final = (
    Pen(width=0.05),
    Pen(width=0.07),
    Pen(width=0.09),
    Pen(width=0.07, ink=255, paper=0),
)
_SIDES: Final = (200, 280, 400)
"""Pixels. The page's own pad sends 280."""

_PHOTO: Final = (1440, 1080)
"""Pixels: what a phone's browser makes of a photo before it's sent."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file, and what is to be answered."""

    content: bytes
    outcome: str
    digit: int | None = None
    media_type: str = "image/png"


@cache
def draw_pad() -> tuple[Picture, ...]:
    """Digits as canvases send them: on paper of either colour, and as ink alone."""
    drawn = []
    for digit, strokes in DIGIT_STROKES.items():
        for number, pen in enumerate(_PENS):
            side = _SIDES[(digit + number) % len(_SIDES)]
            sheet = render_strokes(strokes, side=side, pen=pen)
            drawn.append(Picture(encode(sheet), "digit", digit))
        ink = Image.new("RGBA", (280, 280), (20, 20, 60, 255))
        ink.putalpha(ink_coverage(strokes, side=280, width=0.07))
        drawn.append(Picture(encode(ink), "digit", digit))
    return tuple(drawn)


@cache
def draw_blank() -> Picture:
    """The pad before its first stroke."""
    return Picture(encode(Image.new("L", (280, 280), 255)), "blank")


@cache
def photograph() -> tuple[Picture, ...]:
    """Each digit on paper, in uneven light: a JPEG of 1.5 megapixels."""
    return tuple(
        Picture(draw_photo(digit, _PHOTO, 700), "digit", digit, "image/jpeg")
        for digit in DIGIT_STROKES
    )


def draw_photo(digit: int, size: tuple[int, int], side: int) -> bytes:
    """A digit in the middle of a photographed sheet, as a JPEG.

    Args:
        size: width and height, in pixels.
        side: of the square that the digit is drawn in, in pixels.
    """
    generator = np.random.default_rng(digit)
    sheet = Image.new("L", size, 255)
    drawing = render_strokes(DIGIT_STROKES[digit], side=side, pen=Pen(width=0.05, ink=40))
    sheet.paste(drawing, ((size[0] - side) // 2, (size[1] - side) // 2))
    page = (0.2 + 0.6 * np.asarray(sheet) / 255).astype(np.float32)
    page = add_light(add_texture(page, 0.3, generator), 0.5, generator)
    photo = Image.fromarray(defocus(take_up(page), 1.5)).convert("RGB")
    return encode(photo, "JPEG", quality=85)


def encode(image: Image.Image, image_format: str = "PNG", **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()
