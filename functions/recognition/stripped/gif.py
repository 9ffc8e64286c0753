"""`strip_gif`: a GIF's first image, and what its pixels mean. GIF89a, by CompuServe."""

import io
from typing import Final

from PIL.GifImagePlugin import GifImageFile

from recognition.formats.contents import Contents, too_many_parts
from recognition.limits import MAX_PARTS

_SCREEN: Final = 13
_CONTROL: Final = 8
_IMAGE: Final = 10
_EXTENSION: Final = 0x21
_TRAILER: Final = b";"


def strip_gif(image: bytes, contents: Contents) -> bytes:
    """Raises:
    ImageTooComplex: the image is in more than `MAX_PARTS` blocks.
    OSError: the image ends before its last pixel. Pillow takes what follows for its pixels then.
    """
    data = contents.data
    position = _SCREEN + _palette_size(data[10])
    if data[position] == _EXTENSION:  # of the transparent colour: the only one that was left
        position += _CONTROL
    position += _IMAGE + _palette_size(data[position + 9]) + 1
    for _ in range(MAX_PARTS):
        if position >= len(data):  # it breaks off
            return data
        size = data[position]
        position += 1 + size
        if size == 0:
            break
    else:
        raise too_many_parts("GIF")
    if data[position:] not in (b"", _TRAILER):
        with GifImageFile(io.BytesIO(data[:position])) as whole:
            whole.load()
    return data[:position] + _TRAILER


def _palette_size(flags: int) -> int:
    """Bytes, by the flags of what has a palette, or has none."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
