"""A picture to write in every format, and to know again."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


@pytest.fixture
def sheet() -> Image.Image:
    """White paper, 60×40, with a black bar in its upper left quarter: no two turns of it agree."""
    sheet = Image.new("L", (60, 40), 255)
    ImageDraw.Draw(sheet).rectangle((6, 4, 13, 23), fill=0)
    return sheet


def assert_same_picture(decoded: np.ndarray, expected: Image.Image, tolerance: int = 0) -> None:
    assert decoded.dtype == np.uint8
    assert decoded.shape == (expected.height, expected.width)
    difference = np.abs(decoded.astype(int) - np.asarray(expected.convert("L")).astype(int))
    assert difference.max() <= tolerance
