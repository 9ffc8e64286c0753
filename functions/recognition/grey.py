"""`to_grey`: any of Pillow's modes to grey, on an opaque backdrop, a band of rows at a time.

A whole image in a second mode would be another four bytes a pixel, beside the one that is there.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_BAND_PIXELS: Final = 2_000_000

_HALF: Final = 127
"""Of alpha, and of grey."""
_PAPER_COVERAGE: Final = 0.6
"""Even a marker's digit, cropped to its edges, leaves more than 40 % of its box bare."""
_PAPER_CONTRAST: Final = 64
"""Grey levels between the darkest and the lightest of what holds paper and ink both."""

_Band = tuple[Image.Image, Image.Image]
"""Grey ("L") and alpha ("L") of some rows."""


def to_grey(image: Image.Image) -> NDArray[np.uint8]:
    """Flatten a decoded image. One with alpha is closed: what it held is twice what is left.

    Returns:
        uint8 (height, width), 0 black to 255 white.
    """
    width, height = image.size
    if image.has_transparency_data:
        bands = [_split(band, image.info.get("transparency")) for band in _cut(image)]
        image.close()
        greys: Iterator[Image.Image] = _composite(bands)
    else:
        greys = (_flatten(band) for band in _cut(image))
    first = next(greys)
    if first.height == height:
        return np.asarray(first)
    grey = np.empty((height, width), np.uint8)
    top = 0
    for band in chain([first], greys):
        grey[top : top + band.height] = np.asarray(band)
        top += band.height
    return grey


def _cut(image: Image.Image) -> Iterator[Image.Image]:
    rows = max(1, _BAND_PIXELS // image.width)
    if rows >= image.height:
        yield image
        return
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def _flatten(band: Image.Image) -> Image.Image:
    if band.mode == "L":
        return band
    if band.mode.startswith("I"):
        return Image.fromarray(_shorten(np.asarray(band)))
    if band.mode in ("1", "RGB", "RGBX"):
        return band.convert("L")
    return band.convert("RGB").convert("L")


def _shorten(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """The upper byte of 16-bit grey, which convert("L") would clip at 255."""
    return (values >> 8).clip(0, 255).astype(np.uint8)


def _split(band: Image.Image, transparent: object) -> _Band:
    if band.mode.startswith("I"):
        values = np.asarray(band)
        alpha = np.where(values == transparent, 0, 255).astype(np.uint8)
        return Image.fromarray(_shorten(values)), Image.fromarray(alpha)
    if band.mode not in ("LA", "RGBA"):
        band = band.convert("RGBA")
    return band.convert("L"), band.getchannel("A")


def _composite(bands: list[_Band]) -> Iterator[Image.Image]:
    """Put an image with alpha on a backdrop that its ink stands out from.

    A canvas keeps its strokes opaque and its paper transparent, so a fixed backdrop would lose
    either white or black ink. Where the opaque part holds paper and ink both (a screenshot with
    rounded corners, say), the backdrop continues the paper.
    """
    visible = _levels(bands, above=_HALF) or _levels(bands, above=0)
    if visible is None:
        yield from (Image.new("L", grey.size, 255) for grey, _ in bands)
        return
    coverage, dark, middle, light = visible
    if coverage > _PAPER_COVERAGE and light - dark > _PAPER_CONTRAST:
        backdrop = middle
    else:
        backdrop = 255 if middle < _HALF else 0
    bands.reverse()
    while bands:  # each is gone before the next is made
        grey, alpha = bands.pop()
        yield Image.composite(grey, Image.new("L", grey.size, backdrop), alpha)


def _levels(bands: list[_Band], *, above: int) -> tuple[float, int, int, int] | None:
    """How many pixels have more alpha, as a share, and their grey's 2nd, 50th, 98th percentile."""
    table = [255 * (value > above) for value in range(256)]
    counts = np.cumsum(sum(np.array(grey.histogram(alpha.point(table))) for grey, alpha in bands))
    if counts[-1] == 0:
        return None
    dark, middle, light = np.searchsorted(counts, counts[-1] * np.array([0.02, 0.5, 0.98]))
    pixels = sum(grey.width * grey.height for grey, _ in bands)
    return counts[-1] / pixels, int(dark), int(middle), int(light)
