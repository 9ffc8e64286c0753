"""BMPs: run lengths that keep Pillow's decoder in Python busy, sizes that are not there."""

import struct

from PIL import Image

from recognition.errors import CorruptImage, ImageTooComplex, TooManyPixels
from tests.conftest import encode_image
from tests.recognition.hostile.files import hostile

RAW, RLE8 = 0, 1


def bmp(
    width: int,
    height: int,
    pixels: bytes,
    *,
    bits: int = 8,
    compression: int = RAW,
    palette: bytes = b"",
) -> bytes:
    """Args:
    palette: four bytes for each of the first colours; the others are black.
    """
    palette = palette.ljust(4 * 2**bits, b"\x00") if bits <= 8 else b""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    offset = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, offset) + header + palette + pixels


@hostile()
def bmp_1_bit_25_megapixels() -> bytes:
    return encode_image(Image.new("1", (5000, 5000)), "BMP")


@hostile(TooManyPixels)
def bmp_of_the_largest_size_declared() -> bytes:
    return bmp(2**31 - 1, 2**31 - 1, b"")


@hostile(CorruptImage)
def bmp_of_a_negative_width() -> bytes:
    return bmp(-4, 4, bytes(16))


@hostile(CorruptImage)
def bmp_without_its_pixels() -> bytes:
    return bmp(5000, 5000, b"")


@hostile(ImageTooComplex)
def bmp_run_lengths_of_25_megapixels() -> bytes:
    return bmp(5000, 5000, b"\x00\x00" * 5000, compression=RLE8)


@hostile()
def bmp_run_lengths_of_empty_rows() -> bytes:
    return bmp(1000, 1000, b"\x01\x00\x00\x00" * 1000, compression=RLE8)


@hostile(CorruptImage)
def bmp_of_a_million_runs_beyond_their_row() -> bytes:
    return bmp(1000, 1000, b"\xff\x00" * 1_000_000, compression=RLE8)


@hostile(ImageTooComplex)
def bmp_of_two_million_runs_beyond_their_row() -> bytes:
    return bmp(1000, 1000, b"\xff\x00" * 2_000_000, compression=RLE8)
