"""`pack_sprite`: many small pictures as one, so that the page holds every error in little space."""

import base64
import io
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

COLUMNS: Final = 40
"""In a sprite; a WebP may be 16,383 pixels wide and high."""
_LEVELS: Final = 16
"""Grey levels that are kept of what the model saw: as many as can be told apart, a third less."""

Pictures = NDArray[np.uint8]
"""uint8 (n, side, side), 0 black to 255 white."""


@dataclass(frozen=True, slots=True)
class Detail:
    """How finely pictures of what was sent are kept."""

    side: int
    """Pixels."""
    quality: int
    """WebP's, 0 to 100."""


FINENESS: Final = (Detail(64, 70), Detail(48, 60), Detail(40, 45), Detail(32, 30))
"""From the finest, for few pictures, to the coarsest."""


def pack_sent(pictures: Pictures, detail: Detail) -> bytes:
    """A WebP of the pictures, `COLUMNS` a row."""
    small = [
        np.asarray(Image.fromarray(picture).resize((detail.side,) * 2, Image.Resampling.BOX))
        for picture in pictures
    ]
    return _write_webp(_tile(np.array(small, np.uint8)), quality=detail.quality)


def pack_seen(pixels: NDArray[np.float32]) -> bytes:
    """A WebP of what the model saw: float32 (n, 28, 28), 0 black paper to 1 white ink."""
    levels = np.round(pixels * (_LEVELS - 1)) * (255 / (_LEVELS - 1))
    return _write_webp(_tile(levels.astype(np.uint8)), lossless=True, quality=80)


def embed(data: bytes) -> str:
    """A data URL of a WebP."""
    return "data:image/webp;base64," + base64.b64encode(data).decode("ascii")


def _tile(pictures: Pictures) -> Pictures:
    """uint8 (rows × side, columns × side); what the last row lacks is black."""
    count, side, _ = pictures.shape
    rows = math.ceil(count / COLUMNS)
    sheet = np.zeros((rows * COLUMNS, side, side), np.uint8)
    sheet[:count] = pictures
    grid = sheet.reshape(rows, COLUMNS, side, side).swapaxes(1, 2)
    return grid.reshape(rows * side, COLUMNS * side)


def _write_webp(picture: Pictures, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", method=4, **options)
    return buffer.getvalue()
