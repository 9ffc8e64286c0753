"""`strip_webp`: a WebP's first frame, and its place in the picture. RFC 9649."""

import struct
from typing import Final

from recognition.formats.contents import Contents
from recognition.formats.webp import WebPContents, read_webp
from recognition.stripped.exif import write_exif

_RIFF_HEADER: Final = 12
_EXTENDED: Final = b"VP8X"
_EXTENDED_SIZE: Final = 18
_IS_ANIMATED: Final = 0x02
_HAS_EXIF: Final = 0x08
_HAS_ALPHA: Final = 0x10


def strip_webp(image: bytes, contents: Contents) -> bytes:
    assert isinstance(contents, WebPContents)
    exif = write_exif(contents.orientation)
    still = read_webp(contents.data)
    # A frame that is smaller than the picture, or says less of its transparency, needs an animation
    # around it.
    fills = (still.width, still.height) == (contents.width, contents.height)
    is_still = fills and still.has_alpha == contents.has_alpha
    if is_still and not exif:
        return contents.data
    frame = contents.data[_RIFF_HEADER:]
    if frame.startswith(_EXTENDED):
        frame = frame[_EXTENDED_SIZE:]
    flags = _IS_ANIMATED * (not is_still) | _HAS_EXIF * bool(exif) | _HAS_ALPHA * contents.has_alpha
    chunks = [_chunk(_EXTENDED, struct.pack("<I", flags) + _size(contents)), frame]
    if not is_still:
        place = _24_bits(contents.left // 2) + _24_bits(contents.top // 2)
        chunks[1:] = [
            _chunk(b"ANIM", bytes(6)),
            _chunk(b"ANMF", place + _size(still) + bytes(4) + frame),
        ]
    if exif:
        chunks.append(_chunk(b"EXIF", exif))
    return b"RIFF" + struct.pack("<I", 4 + sum(map(len, chunks))) + b"WEBP" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)


def _size(contents: Contents) -> bytes:
    return _24_bits(contents.width - 1) + _24_bits(contents.height - 1)


def _24_bits(value: int) -> bytes:
    return value.to_bytes(3, "little")
