"""`decode_webp`: a WebP's pixels by libwebp's own decoder, where Pillow's copy of it can be found.

Pillow knows WebP as animations alone: two canvases of four bytes a pixel, and two copies of the
frame. 25 megapixels need 429 MiB so, and half of that by one call into the library that Pillow has
loaded anyway.
"""

import ctypes
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import PIL
from PIL import Image
from PIL.WebPImagePlugin import WebPImageFile

from recognition.formats.webp import WebPContents

_SYSTEM: Final = ("libwebp.so.7", "libwebp.7.dylib")
"""The library's names where Pillow was built for a system that has it."""

Decode = Callable[..., Any]


def decode_webp(contents: WebPContents) -> Image.Image:
    """The first frame ("RGBA", or "RGBX" when all of it is opaque) on a transparent canvas.

    Raises:
        ValueError, OSError: the pixels are damaged.
    """
    size = (contents.width, contents.height)
    mode = "RGBA" if contents.has_alpha else "RGBX"
    if _DECODE is None:
        return _decode_by_pillow(contents, size, mode)
    canvas = np.zeros((contents.height, contents.width, 4), np.uint8)
    start = contents.top * canvas.strides[0] + contents.left * canvas.strides[1]
    done = _DECODE(
        contents.data,
        len(contents.data),
        canvas.ctypes.data + start,
        canvas.nbytes - start,
        canvas.strides[0],
    )
    if not done:
        raise ValueError("libwebp can't decode it")
    return Image.frombuffer(mode, size, canvas, "raw", mode, 0, 1)


def _decode_by_pillow(contents: WebPContents, size: tuple[int, int], mode: str) -> Image.Image:
    with WebPImageFile(io.BytesIO(contents.data)) as frame:
        frame.load()
        if frame.size == size:
            return frame.copy() if mode == frame.mode else frame.convert(mode)
        canvas = Image.new(mode, size)
        canvas.paste(frame.convert(mode), (contents.left, contents.top))
        return canvas


def _find_decoder() -> Decode | None:
    """`uint8_t* WebPDecodeRGBAInto(data, size, buffer, buffer_size, stride)`: null for a failure.

    It never writes outside the buffer: a frame that doesn't fit is one.
    """
    for library in _list_libraries():
        try:
            decode = ctypes.CDLL(str(library)).WebPDecodeRGBAInto
        except (OSError, AttributeError):
            continue
        decode.argtypes = (
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_void_p,
            ctypes.c_size_t,
            ctypes.c_int,
        )
        decode.restype = ctypes.c_void_p
        return decode
    return None


def _list_libraries() -> Iterator[Path | str]:
    pillow = Path(PIL.__file__).parent
    yield from (pillow.parent / "pillow.libs").glob("libwebp-*.so*")  # Linux
    yield from (pillow / ".dylibs").glob("libwebp.*dylib")  # macOS
    yield from _SYSTEM


_DECODE: Final = _find_decoder()
