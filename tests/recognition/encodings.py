"""`encode_everyhow`: one grey picture in all the ways that files have for it."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from tests.conftest import encode_image
from tests.recognition.hostile import bmp, png, webp

LOSSY: Final = 60
"""Grey levels that a lossy format may be off by at an edge."""
TWO_LEVELS: Final = 128
"""And what has no grey."""

_TURNS: Final = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation to the turn that it undoes."""


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    data: bytes
    tolerance: int = 0
    """Grey levels that any pixel may be off by."""


def encode_everyhow(sheet: Image.Image) -> list[Encoding]:
    """Args:
    sheet: "L", dark ink on white paper.
    """
    return [
        *_pngs(sheet),
        *_raw_pngs(np.asarray(sheet)),
        *_jpegs(sheet),
        *_webps(sheet),
        *_gifs(sheet),
        *_bmps(sheet),
        *_turned(sheet),
    ]


def _ink_alone(sheet: Image.Image, mode: str) -> Image.Image:
    """Black, as opaque as the ink is dark."""
    ink = Image.new(mode, sheet.size)
    ink.putalpha(Image.eval(sheet, lambda level: 255 - level))
    return ink


def _reduce(sheet: Image.Image, levels: int) -> Image.Image:
    """A palette of evenly spaced greys."""
    step = 255 / (levels - 1)
    indices = np.rint(np.asarray(sheet) / step).astype(np.uint8)
    reduced = Image.fromarray(indices).convert("P")
    reduced.putpalette([round(i * step) for i in range(levels) for _ in "RGB"])
    return reduced


def _pngs(sheet: Image.Image) -> Iterator[Encoding]:
    for mode in ("L", "RGB", "RGBA", "LA", "P"):
        yield Encoding(f"PNG {mode}", encode_image(sheet.convert(mode)))
    yield Encoding("PNG 1", encode_image(sheet.convert("1", dither=Image.Dither.NONE)), TWO_LEVELS)
    for bits in (1, 2, 4):
        data = encode_image(_reduce(sheet, 2**bits), bits=bits)
        yield Encoding(f"PNG palette of {bits} bits", data, 255 // (2**bits - 1) // 2 + 1)
    palette = _reduce(sheet, 16)
    yield Encoding("PNG palette, paper transparent", encode_image(palette, transparency=15), 9)
    yield Encoding("PNG L, white transparent", encode_image(sheet, transparency=255))
    colour = encode_image(sheet.convert("RGB"), transparency=(255, 255, 255))
    yield Encoding("PNG RGB, white transparent", colour)
    for mode in ("LA", "RGBA"):
        yield Encoding(f"PNG {mode}, ink alone", encode_image(_ink_alone(sheet, mode)), 1)
    for level in (0, 9):
        data = encode_image(sheet, compress_level=level)
        yield Encoding(f"PNG compressed at level {level}", data)
    described = PngImagePlugin.PngInfo()
    described.add_text("Comment", "a digit")
    described.add_itxt("Title", "number", zip=True)
    data = encode_image(sheet, pnginfo=described, dpi=(72, 72), icc_profile=b"a profile")
    yield Encoding("PNG with text and a profile", data)
    second = Image.new("L", sheet.size, 0)
    data = encode_image(sheet, save_all=True, append_images=[second] * 2)
    yield Encoding("PNG, animated", data)


def _raw_pngs(grey: NDArray[np.uint8]) -> Iterator[Encoding]:
    """What Pillow writes none of: 16 bits, interlacing and pixels in many chunks."""
    opaque = np.full_like(grey, 255)
    colours = {
        "grey": (png.GREY, grey[..., None]),
        "grey and alpha": (png.GREY_ALPHA, np.dstack([grey, opaque])),
        "RGB": (png.COLOUR, np.dstack([grey] * 3)),
        "RGBA": (png.COLOUR_ALPHA, np.dstack([grey] * 3 + [opaque])),
    }
    for name, (colour, samples) in colours.items():
        deep = samples.astype(">u2") * 257
        yield Encoding(f"PNG {name} of 16 bits", write_png(deep, colour))
        yield Encoding(f"PNG {name}, interlaced", write_png(samples, colour, interlace=1))
        yield Encoding(f"PNG {name} of 16 bits, interlaced", write_png(deep, colour, interlace=1))
    yield Encoding("PNG in chunks of 100 bytes", write_png(grey[..., None], png.GREY, piece=100))


def write_png(
    samples: NDArray[Any], colour: int, *, interlace: int = 0, piece: int = 2**20
) -> bytes:
    """Args:
    samples: (height, width, channels), of 8 bits or of 16, big-endian.
    """
    height, width, _ = samples.shape
    passes = [(0, 0, 1, 1)]
    if interlace:  # Adam7: the first column and row, and the steps between them
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)]
        passes += [(0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = [
        b"\x00" + row.tobytes()
        for left, top, across, down in passes
        for row in samples[top::down, left::across]
    ]
    data = zlib.compress(b"".join(rows))
    return png.png(
        png.header(width, height, colour, 8 * samples.itemsize, interlace),
        *(png.chunk(b"IDAT", data[at : at + piece]) for at in range(0, len(data), piece)),
    )


def _jpegs(sheet: Image.Image) -> Iterator[Encoding]:
    colour = sheet.convert("RGB")
    options: dict[str, dict[str, Any]] = {
        "grey": {},
        "of quality 40": {"quality": 40},
        "progressive": {"progressive": True},
        "optimized": {"optimize": True},
        "with restarts": {"restart_marker_rows": 1},
        "with a comment and a profile": {"comment": b"a digit", "icc_profile": bytes(70_000)},
    }
    for name, each in options.items():
        data = encode_image(sheet, "JPEG", **{"quality": 90, **each})
        yield Encoding(f"JPEG {name}", data, LOSSY)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        data = encode_image(colour, "JPEG", quality=90, subsampling=subsampling)
        yield Encoding(f"JPEG {subsampling}", data, LOSSY)
    data = encode_image(colour, "JPEG", quality=90, progressive=True, subsampling=0)
    yield Encoding("JPEG 4:4:4, progressive", data, LOSSY)
    yield Encoding("JPEG RGB", encode_image(colour, "JPEG", quality=90, keep_rgb=True), LOSSY)
    yield Encoding("JPEG CMYK", encode_image(colour.convert("CMYK"), "JPEG", quality=90), LOSSY)
    yield Encoding("JPEG YCCK", _write_ycck(sheet), LOSSY)
    second = Image.new("RGB", sheet.size)
    data = encode_image(colour, "MPO", save_all=True, append_images=[second], quality=90)
    yield Encoding("JPEG with a second picture", data, LOSSY)


def _write_ycck(sheet: Image.Image) -> bytes:
    """The brightness is all in K. Adobe's marker tells the transform of the others."""
    black = Image.eval(sheet, lambda level: 255 - level)
    full, none = Image.new("L", sheet.size, 255), Image.new("L", sheet.size, 127)
    data = encode_image(Image.merge("CMYK", (full, none, none, black)), "JPEG", quality=90)
    transform = data.index(b"Adobe") + 11
    assert data[transform] == 0
    return data[:transform] + b"\x02" + data[transform + 1 :]


def _webps(sheet: Image.Image) -> Iterator[Encoding]:
    colour, ink = sheet.convert("RGB"), _ink_alone(sheet, "RGBA")
    yield Encoding("WebP lossless", encode_image(colour, "WEBP", lossless=True))
    yield Encoding("WebP lossy", encode_image(colour, "WEBP", quality=90), LOSSY)
    yield Encoding("WebP lossless, ink alone", encode_image(ink, "WEBP", lossless=True), 1)
    yield Encoding("WebP lossy, ink alone", encode_image(ink, "WEBP", quality=90), LOSSY)
    data = encode_image(colour, "WEBP", lossless=True, icc_profile=b"a profile", xmp=b"<x/>")
    yield Encoding("WebP with a profile and XMP", data)
    second = Image.new("RGB", sheet.size)
    data = encode_image(colour, "WEBP", lossless=True, save_all=True, append_images=[second])
    yield Encoding("WebP, animated", data)
    width, height = sheet.size
    inner = colour.crop((2, 2, width - 2, height - 2))
    frame = encode_image(inner, "WEBP", lossless=True)
    canvas = webp.extended(width, height, webp.ANIMATED | webp.WITH_ALPHA)
    frame = webp.frame(frame, *inner.size, left=2, top=2)
    data = webp.webp(canvas, webp.chunk(b"ANIM", bytes(6)), frame)
    yield Encoding("WebP whose first frame is smaller", data)


def _gifs(sheet: Image.Image) -> Iterator[Encoding]:
    for interlace in (0, 1):
        name = "GIF, interlaced" if interlace else "GIF"
        yield Encoding(name, encode_image(sheet, "GIF", interlace=interlace))
    palette = _reduce(sheet, 16)
    yield Encoding("GIF of 16 greys", encode_image(palette, "GIF"), 9)
    yield Encoding("GIF, paper transparent", encode_image(palette, "GIF", transparency=15), 9)
    data = encode_image(sheet, "GIF", save_all=True, append_images=[Image.new("L", sheet.size)])
    yield Encoding("GIF, animated", data)
    yield Encoding("GIF with a comment", encode_image(sheet, "GIF", comment=b"a digit" * 100))


def _bmps(sheet: Image.Image) -> Iterator[Encoding]:
    grey = np.asarray(sheet)
    height, width = grey.shape
    for mode in ("L", "RGB", "P"):
        yield Encoding(f"BMP {mode}", encode_image(sheet.convert(mode), "BMP"))
    one = sheet.convert("1", dither=Image.Dither.NONE)
    yield Encoding("BMP 1", encode_image(one, "BMP"), TWO_LEVELS)
    yield Encoding("BMP with alpha", encode_image(sheet.convert("RGBA"), "BMP"))
    colour = np.dstack([grey] * 3)
    rows = np.pad(colour.reshape(height, -1), ((0, 0), (0, -3 * width % 4)))
    yield Encoding("BMP, rows from the top", bmp.bmp(width, -height, rows.tobytes(), bits=24))
    filled = np.dstack([colour, np.zeros_like(grey)])[::-1]
    yield Encoding("BMP of 32 bits", bmp.bmp(width, height, filled.tobytes(), bits=32))
    level = grey.astype("<u2") >> 3
    packed = np.pad((level << 10 | level << 5 | level)[::-1], ((0, 0), (0, width % 2)))
    yield Encoding("BMP of 16 bits", bmp.bmp(width, height, packed.tobytes(), bits=16), 8)
    old = struct.pack("<IHHHH", 12, width, height, 1, 24)
    data = b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(old)) + old + rows[::-1].tobytes()
    yield Encoding("BMP with the oldest header", data)
    runs = b"".join(
        b"".join(bytes((1, index)) for index in row) + b"\x00\x00"
        for row in np.asarray(one.convert("L"))[::-1] // 255
    )
    data = bmp.bmp(
        width, height, runs, compression=bmp.RLE8, palette=b"\x00\x00\x00\x00\xff\xff\xff\x00"
    )
    yield Encoding("BMP in runs", data, TWO_LEVELS)


def _turned(sheet: Image.Image) -> Iterator[Encoding]:
    for orientation, turn in _TURNS.items():
        stored = sheet if turn is None else sheet.transpose(turn)
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encode_image(stored, exif=exif)
        yield Encoding(f"PNG of orientation {orientation}", data)
        data = encode_image(stored, "JPEG", exif=exif, quality=90)
        yield Encoding(f"JPEG of orientation {orientation}", data, LOSSY)
        data = encode_image(stored.convert("RGB"), "WEBP", exif=exif, lossless=True)
        yield Encoding(f"WebP of orientation {orientation}", data)
