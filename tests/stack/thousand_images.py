"""`draw_images`: a thousand files of all kinds, drawn and spoiled by our own hand."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from PIL import Image

from model_export.drawing.allographs import draw_allograph, write_digit
from model_export.drawing.blanks import draw_blank
from model_export.drawing.canvas import draw_on_canvas, encode_canvas, random_canvas
from model_export.drawing.letters import draw_letter
from model_export.drawing.paper import photograph
from model_export.drawing.scribbles import draw_scribble
from model_export.drawing.strokes import Pen, render_strokes
from tests.conftest import encode_image
from tests.recognition.encodings import encode_everyhow

_PENS: Final = {28: 0.12, 64: 0.1, 97: 0.08, 280: 0.06, 500: 0.03}
"""Side of a sheet in pixels, to the width of its line."""


def draw_images() -> list[bytes]:
    """The same files at each call."""
    generator = np.random.default_rng(2026)
    images = [
        *_draw_in_every_encoding(generator),
        *_draw_on_canvases(generator),
        *_photograph(generator),
        *(encode_image(Image.fromarray(draw_blank(generator))) for _ in range(60)),
    ]
    return [*images, *_damage(images, generator)]


def _draw_in_every_encoding(generator: np.random.Generator) -> Iterator[bytes]:
    """All formats, modes, depths, palettes, alpha and orientations."""
    for digit, (side, width) in enumerate(_PENS.items()):
        sheet = render_strokes(write_digit(digit, generator), side=side, pen=Pen(width=width))
        yield from (encoding.data for encoding in encode_everyhow(sheet))


def _draw_on_canvases(generator: np.random.Generator) -> Iterator[bytes]:
    """Any size, pen and polarity; three in ten are no digit."""
    for index in range(300):
        if index % 10 < 7:
            _, strokes = draw_allograph(generator)
        else:
            strokes = (draw_letter if index % 2 else draw_scribble)(generator)
        yield encode_canvas(strokes, random_canvas(generator), generator)


def _photograph(generator: np.random.Generator) -> Iterator[bytes]:
    """Paper under all kinds of light, from thumbnails to two megapixels."""
    for side in np.geomspace(60, 1400, 120).astype(int).tolist():
        _, strokes = draw_allograph(generator)
        sheet = draw_on_canvas(strokes, random_canvas(generator), generator)
        photo = Image.fromarray(photograph(sheet, generator))
        size = (side, max(20, side * photo.height // photo.width))
        yield encode_image(photo.resize(size).convert("RGB"), "JPEG", quality=85)


def _damage(images: list[bytes], generator: np.random.Generator) -> Iterator[bytes]:
    """Cut off, overwritten, or no image at all."""
    for index in generator.integers(len(images), size=120):
        image = bytearray(images[index])
        place = int(generator.integers(len(image)))
        yield bytes(image[:place])
        image[place : place + 8] = generator.bytes(8)
        yield bytes(image)
    for length in (0, 1, 100, 10_000):
        yield generator.bytes(length)
