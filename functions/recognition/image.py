"""`decode_image`: the bytes of a PNG, JPEG, WebP, GIF or BMP to a grey image, at a bounded cost.

Every cap is decided from the bytes and the header, before pixels are decoded; a deadline covers
what a header can't promise.
"""

import io
import time
import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from recognition.errors import CorruptImage, ImageTooComplex, ImageTooLarge, UnsupportedImage

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_PIXELS: Final = 25_000_000
MAX_JPEG_SCANS: Final = 200
"""Encoders write about ten. Each scan passes over the whole image again: 10,000 of them in 480 KB
keep a core busy for eleven seconds."""
MAX_SECONDS: Final = 2.0

# Named here so that Pillow registers these alone, at import: a format that it doesn't know makes
# it import all its plugins, and a JPEG with a second picture inside comes back as MPO.
_PLUGINS: Final = (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

# Pillow warns of sizes that the cap below refuses, and of metadata that nobody reads here. Once, at
# import: a filter set around each call would not be safe between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

_ORIENTATION_TAG: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation to the turn that undoes it (CIPA DC-008, tag 274)."""

_HALF: Final = 127
"""Of alpha, and of grey."""
_PAPER_COVERAGE: Final = 0.6
"""Even a marker's digit, cropped to its edges, leaves more than 40 % of its box bare."""
_PAPER_CONTRAST: Final = 64
"""Grey levels between the darkest and the lightest of what holds paper and ink both."""

GreyImage = NDArray[np.uint8]
"""uint8 (height, width), 0 black to 255 white."""


def decode_image(data: bytes) -> GreyImage:
    """Decode the first frame of an image, upright, on an opaque backdrop.

    Args:
        data: a whole PNG, JPEG, WebP, GIF or BMP file; its own first bytes decide which.

    Returns:
        uint8 (height, width), 0 black to 255 white.

    Raises:
        UnsupportedImage: the bytes are none of those formats.
        ImageTooLarge: over `MAX_BYTES` or `MAX_PIXELS`.
        ImageTooComplex: over `MAX_JPEG_SCANS` or `MAX_SECONDS`.
        CorruptImage: damaged or cut short.
    """
    if len(data) > MAX_BYTES:
        raise ImageTooLarge(f"The image has more than {MAX_BYTES // 1024**2} MiB.")
    image_format = sniff_format(data)
    if image_format is None:
        raise UnsupportedImage("The bytes are not a PNG, JPEG, WebP, GIF or BMP image.")
    if image_format == "JPEG" and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise ImageTooComplex(f"The JPEG has more than {MAX_JPEG_SCANS} scans.")
    try:
        with Image.open(_DeadlineReader(data), formats=(image_format,)) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise _too_many_pixels()
            image.load()
            return _upright(_to_grey(image), _orientation(image))
    except (ImageTooLarge, ImageTooComplex):
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:
        # Pillow's parsers raise whatever hostile bytes provoke: OSError and SyntaxError by
        # contract, but ValueError, IndexError, struct.error and zlib.error are on record too.
        raise CorruptImage(f"The {image_format} image is damaged.") from error


def sniff_format(data: bytes) -> str | None:
    """Name the format that the first bytes declare, or None if it is not one that is read."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"BM"):
        return "BMP"
    return None


class _DeadlineReader(io.BytesIO):
    """A file that stops being readable once decoding has had its time."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._deadline = time.monotonic() + MAX_SECONDS

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._deadline:
            raise ImageTooComplex(f"The image takes more than {MAX_SECONDS:g} s to decode.")
        return super().read(size)


def _too_many_pixels() -> ImageTooLarge:
    return ImageTooLarge(f"The image has more than {MAX_PIXELS // 1_000_000} megapixels.")


def _to_grey(image: Image.Image) -> Image.Image:
    """Any of Pillow's modes to "L"."""
    if image.mode.startswith("I"):  # 16-bit grey, which convert("L") would clip at 255
        return _composite_16_bit(image)
    if image.has_transparency_data:
        return _composite(image if image.mode in ("LA", "RGBA") else image.convert("RGBA"))
    if image.mode in ("1", "L", "RGB"):
        return image.convert("L")
    return image.convert("RGB").convert("L")


def _composite_16_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    grey = (values >> 8).clip(0, 255).astype(np.uint8)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        alpha = np.where(values == transparent, 0, 255).astype(np.uint8)
        return _composite(Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)]))
    return Image.fromarray(grey)


def _composite(image: Image.Image) -> Image.Image:
    """Put an image with alpha ("LA" or "RGBA") on a backdrop that its ink stands out from.

    A canvas keeps its strokes opaque and its paper transparent, so a fixed backdrop would lose
    either white or black ink. Where the opaque part holds paper and ink both (a screenshot with
    rounded corners, say), the backdrop continues the paper.
    """
    alpha = image.getchannel("A")
    grey = image.convert("L")
    visible = _levels(grey, alpha, above=_HALF) or _levels(grey, alpha, above=0)
    if visible is None:
        return Image.new("L", image.size, 255)
    coverage, dark, middle, light = visible
    if coverage > _PAPER_COVERAGE and light - dark > _PAPER_CONTRAST:
        backdrop = middle
    else:
        backdrop = 255 if middle < _HALF else 0
    return Image.composite(grey, Image.new("L", image.size, backdrop), alpha)


def _levels(
    grey: Image.Image, alpha: Image.Image, *, above: int
) -> tuple[float, int, int, int] | None:
    """How many pixels have more alpha, as a share, and their grey's 2nd, 50th, 98th percentile."""
    counts = np.cumsum(grey.histogram(alpha.point(lambda value: 255 * (value > above))))
    if counts[-1] == 0:
        return None
    dark, middle, light = np.searchsorted(counts, counts[-1] * np.array([0.02, 0.5, 0.98]))
    return counts[-1] / (grey.width * grey.height), int(dark), int(middle), int(light)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # metadata that can't be read must not cost the picture
        return 1


def _upright(grey: Image.Image, orientation: int) -> GreyImage:
    turn = _UPRIGHT.get(orientation)
    return np.asarray(grey if turn is None else grey.transpose(turn))
