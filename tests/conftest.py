"""What every room's tests share: the shipped recogniser, and digits drawn by our own pen."""

import io
from functools import cache
from typing import Any, Final, Protocol

import pytest
from PIL import Image

from model_export.drawing.strokes import Pen, ink_coverage, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.recognizer import Recognizer

pytest_plugins = ["tests.pace", "tests.stack.building", "tests.edge.playing"]

_PEN: Final = Pen()


class DrawDigit(Protocol):
    def __call__(
        self,
        digit: int,
        image_format: str = ...,
        *,
        side: int = ...,
        pen: Pen = ...,
        transparent: bool = ...,
    ) -> bytes: ...


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    return Recognizer.load()


@pytest.fixture(scope="session")
def draw_digit() -> DrawDigit:
    """A digit as the bytes of an image file; `transparent` keeps its ink alone."""

    @cache
    def draw(
        digit: int,
        image_format: str = "PNG",
        *,
        side: int = 280,
        pen: Pen = _PEN,
        transparent: bool = False,
    ) -> bytes:
        strokes = DIGIT_STROKES[digit]
        if transparent:
            sheet = Image.new("RGBA", (side, side), (pen.ink,) * 3 + (255,))
            sheet.putalpha(ink_coverage(strokes, side=side, width=pen.width))
        else:
            sheet = render_strokes(strokes, side=side, pen=pen)
        return encode_image(sheet, image_format)

    return draw


def encode_image(image: Image.Image, image_format: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()
