"""GIFs: the most pixels from the fewest bytes, frames and comments without end."""

import struct

from PIL import Image

from recognition.errors import CorruptImage, ImageTooComplex, TooManyPixels
from tests.conftest import encode_image
from tests.recognition.hostile.files import hostile


def screen(width: int, height: int) -> bytes:
    """A header, and a palette of black and white."""
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00" * 3 + b"\xff" * 3


def picture(left: int, top: int, width: int, height: int) -> bytes:
    """An image of one pixel's data, whatever its size."""
    head = b"," + struct.pack("<HHHHB", left, top, width, height, 0)
    return head + b"\x02\x02\x44\x01\x00"


def control(disposal: int, transparent: int | None = None) -> bytes:
    flags = disposal << 2 | (transparent is not None)
    return b"!\xf9\x04" + bytes((flags, 1, 0, transparent or 0, 0))


@hostile()
def gif_25_megapixels() -> bytes:
    return encode_image(Image.new("P", (5000, 5000), 0), "GIF", interlace=1)


@hostile()
def gif_transparent_and_to_be_restored_25_megapixels() -> bytes:
    data = encode_image(Image.new("P", (5000, 5000), 0), "GIF", transparency=0, interlace=0)
    start = data.index(b"!\xf9")
    return data[:start] + control(3, 0) + data[start + 8 :]


@hostile(TooManyPixels)
def gif_of_the_largest_size_declared() -> bytes:
    return screen(65_535, 65_535) + picture(0, 0, 1, 1) + b";"


@hostile(TooManyPixels)
def gif_of_a_picture_far_beyond_its_screen() -> bytes:
    return screen(1, 1) + picture(65_534, 65_534, 1, 1) + b";"


@hostile()
def gif_of_a_picture_beside_its_screen() -> bytes:
    return screen(4, 4) + picture(5, 5, 1, 1) + b";"


@hostile()
def gif_of_20000_frames() -> bytes:
    return screen(1, 1) + (control(2) + picture(0, 0, 1, 1)) * 20_000 + b";"


@hostile(ImageTooComplex)
def gif_of_a_comment_in_two_million_blocks() -> bytes:
    return screen(1, 1) + b"!\xfe" + b"\x01a" * 2_000_000 + b"\x00" + picture(0, 0, 1, 1) + b";"


@hostile(ImageTooComplex)
def gif_of_500000_controls() -> bytes:
    return screen(1, 1) + control(2, 0) * 500_000 + picture(0, 0, 1, 1) + b";"


@hostile(CorruptImage)
def gif_of_no_picture() -> bytes:
    return screen(1, 1) + b";"


@hostile(CorruptImage)
def gif_of_a_picture_of_no_size() -> bytes:
    return screen(0, 0) + picture(0, 0, 0, 0) + b";"
