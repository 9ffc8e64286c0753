"""`send_digit`: an MNIST digit as somebody might send it: larger, elsewhere, on paper, cut out."""

import io
from typing import Final

import numpy as np
from PIL import Image

from model_export.drawing.paper import photograph
from recognition.image import GreyImage, decode_image

_FILTERS: Final = (
    Image.Resampling.NEAREST,
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)
_PHOTOGRAPHED: Final = 0.5
_CUT_OUT: Final = 0.25
_COMPRESSED: Final = 0.25
_INVERTED: Final = 0.4


def send_digit(digit: GreyImage, generator: np.random.Generator) -> GreyImage:
    """Enlarge a digit onto a sheet of any size, ink and paper; cut some out, photograph others.

    Args:
        digit: uint8 (28, 28), 0 paper to 255 ink, as MNIST has it.

    Returns:
        uint8 (height, width), 0 black to 255 white, of either polarity.
    """
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    ink = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = np.exp(generator.uniform(np.log(0.7), np.log(9)))
    width, height = (max(2, round(side * scale)) for side in ink.shape[::-1])
    method = _FILTERS[generator.choice(4, p=(0.1, 0.3, 0.4, 0.2))]
    coverage = np.asarray(Image.fromarray(ink).resize((width, height), method), np.float32) / 255
    if generator.random() < 0.4:  # as a scanner or a canvas has it: hard edges
        steepness = generator.uniform(1.5, 6)
        coverage = np.clip((coverage - 0.45) * steepness + 0.5, 0, 1)
    sheet = _place(coverage, generator)
    dark, light = generator.integers(0, 90), generator.integers(180, 256)
    if generator.random() < 0.5:
        dark, light = np.int64(0), np.int64(255)
    inverted = generator.random() < _INVERTED
    paper, pen = (dark, light) if inverted else (light, dark)
    picture = np.rint(paper + (pen - paper) * sheet).astype(np.uint8)
    if generator.random() < _PHOTOGRAPHED:
        return photograph(picture, generator)
    return _compress(picture, generator) if generator.random() < _COMPRESSED else picture


def _place(coverage: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Put the ink on a sheet with any margins, or with hardly any."""
    longer = max(coverage.shape)
    loosest = 0.08 if generator.random() < _CUT_OUT else np.exp(generator.uniform(-2, 1))
    margins = np.rint(generator.uniform(0.03, 1, 4) * loosest * longer).astype(int)
    return np.pad(coverage, (tuple(margins[:2]), tuple(margins[2:])))


def _compress(picture: GreyImage, generator: np.random.Generator) -> GreyImage:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=int(generator.integers(35, 95)))
    return decode_image(buffer.getvalue())
