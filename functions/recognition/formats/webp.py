"""`read_webp`: a WebP's first frame, as a file of its own, and its place in the picture.

The container is RFC 9649's: chunks of pixels, transparency, animation and metadata.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from recognition.formats.contents import UPRIGHT, Contents, too_many_parts
from recognition.formats.exif import read_orientation
from recognition.limits import MAX_PARTS, check_size

_CHUNK: Final = struct.Struct("<4sI")
_RIFF_HEADER: Final = 12
_FRAME_HEADER: Final = 16
_EXTENDED: Final = b"VP8X"
_LOSSY: Final = b"VP8 "
_LOSSLESS: Final = b"VP8L"
_IS_ANIMATED: Final = 0x02
_HAS_ALPHA: Final = 0x10


@dataclass(frozen=True, slots=True)
class WebPContents(Contents):
    """A WebP's first frame; `data` is a file of that alone, which may be smaller than the image."""

    left: int = 0
    """Pixels of the image at the frame's left; so is `top`, above it."""
    top: int = 0
    has_alpha: bool = False


@dataclass(frozen=True, slots=True)
class _Bitstream:
    """The chunks of one frame."""

    name: bytes
    pixels: memoryview
    alpha: memoryview | None

    @property
    def size(self) -> tuple[int, int]:
        if self.name == _LOSSY:
            width, height = struct.unpack_from("<HH", self.pixels, 6)
            return width & 0x3FFF, height & 0x3FFF
        (packed,) = struct.unpack_from("<I", self.pixels, 1)
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1

    @property
    def buffered(self) -> int:
        """Bytes that libwebp holds besides the result: four a pixel for what is coded without loss,
        and one for transparency."""
        width, height = self.size
        return width * height * (4 * (self.name == _LOSSLESS) + 5 * (self.alpha is not None))

    @property
    def has_alpha(self) -> bool:
        if self.name == _LOSSY:
            return self.alpha is not None
        return bool(self.pixels[4] & _HAS_ALPHA)


def read_webp(data: bytes) -> WebPContents:
    """Find what a WebP's first frame comes from.

    Raises:
        TooManyPixels: see `check_size`.
        ImageTooComplex: more than `MAX_PARTS` chunks.
        ValueError, IndexError, struct.error: cut short, or against the format.
    """
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise ValueError("the file is cut short")
    view = memoryview(data)[: length + 8]
    chunks = _list_chunks(view[_RIFF_HEADER:])
    name, chunk = next(chunks)
    if name != _EXTENDED:
        return _place(_read_bitstream(iter([(name, chunk)])))
    flags, canvas = chunk[0], _read_size(chunk, 4)
    check_size(*canvas)
    exif = b""
    frame = None
    still: list[tuple[bytes, memoryview]] = []
    for name, chunk in chunks:
        if name == b"EXIF" and not exif:
            exif = bytes(chunk)
        elif name == b"ANMF" and frame is None:
            frame = chunk
        elif name in (b"ALPH", _LOSSY, _LOSSLESS):
            still.append((name, chunk))
    orientation = read_orientation(exif)
    if not flags & _IS_ANIMATED:
        return _place(_read_bitstream(iter(still)), canvas, orientation)
    if frame is None:
        raise ValueError("no frame")
    bitstream = _read_bitstream(_list_chunks(frame[_FRAME_HEADER:]))
    if bitstream.size != _read_size(frame, 6):
        raise ValueError("the frame is of another size")
    return _place(
        bitstream,
        canvas,
        orientation,
        left=2 * _read_24_bits(frame, 0),
        top=2 * _read_24_bits(frame, 3),
        has_alpha=bool(flags & _HAS_ALPHA),
    )


def _list_chunks(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    start = parts = 0
    while start + _CHUNK.size <= len(view):
        parts += 1
        if parts > MAX_PARTS:
            raise too_many_parts("WebP")
        name, length = _CHUNK.unpack_from(view, start)
        start += _CHUNK.size
        if start + length > len(view):
            raise ValueError("a chunk is cut short")
        yield name, view[start : start + length]
        start += length + length % 2


def _read_bitstream(chunks: Iterator[tuple[bytes, memoryview]]) -> _Bitstream:
    """The first image among chunks, and the transparency that stands before it."""
    alpha = None
    for name, chunk in chunks:
        if name == b"ALPH":
            alpha = chunk
        elif name in (_LOSSY, _LOSSLESS):
            bitstream = _Bitstream(name, chunk, alpha if name == _LOSSY else None)
            check_size(*bitstream.size)
            return bitstream
    raise ValueError("no image")


def _place(
    bitstream: _Bitstream,
    canvas: tuple[int, int] | None = None,
    orientation: int = UPRIGHT,
    *,
    left: int | None = None,
    top: int = 0,
    has_alpha: bool | None = None,
) -> WebPContents:
    width, height = bitstream.size
    canvas = canvas or (width, height)
    if left is None:
        left = 0
        if (width, height) != canvas:
            raise ValueError("the image is of another size")
    if left + width > canvas[0] or top + height > canvas[1]:
        raise ValueError("the frame is not within the image")
    return WebPContents(
        data=_write_still(bitstream),
        width=canvas[0],
        height=canvas[1],
        orientation=orientation,
        buffered=bitstream.buffered,
        left=left,
        top=top,
        has_alpha=bitstream.has_alpha if has_alpha is None else has_alpha,
    )


def _write_still(bitstream: _Bitstream) -> bytes:
    chunks = [(bitstream.name, bytes(bitstream.pixels))]
    if bitstream.alpha is not None:
        width, height = bitstream.size
        header = struct.pack("<B3x", _HAS_ALPHA)
        header += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks = [(_EXTENDED, header), (b"ALPH", bytes(bitstream.alpha)), *chunks]
    body = b"".join(
        _CHUNK.pack(name, len(chunk)) + chunk + b"\x00" * (len(chunk) % 2) for name, chunk in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _read_size(chunk: memoryview, start: int) -> tuple[int, int]:
    return _read_24_bits(chunk, start) + 1, _read_24_bits(chunk, start + 3) + 1


def _read_24_bits(chunk: memoryview, start: int) -> int:
    if start + 3 > len(chunk):
        raise ValueError("a chunk is too short")
    return int.from_bytes(chunk[start : start + 3], "little")
