"""PNGs: bombs of pixels, text, metadata, chunks and frames; wrong checksums."""

import struct
import zlib
from typing import Final

import numpy as np
from PIL import Image

from recognition.errors import CorruptImage, ImageTooComplex, TooManyPixels
from tests.conftest import encode_image
from tests.recognition.hostile.files import hostile
from tests.recognition.hostile.metadata import sharing_exif

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
GREY, COLOUR, PALETTE, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 3, 4, 6
CHANNELS: Final = {GREY: 1, COLOUR: 3, PALETTE: 1, GREY_ALPHA: 2, COLOUR_ALPHA: 4}
PAETH: Final = 4


def chunk(name: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def header(width: int, height: int, colour: int = GREY, bits: int = 8, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace))


def png(*chunks: bytes) -> bytes:
    return SIGNATURE + b"".join(chunks) + chunk(b"IEND")


def flat(
    width: int, height: int, colour: int = GREY, bits: int = 8, *, between: bytes = b""
) -> bytes:
    """All zeros, each row under the slowest filter."""
    row = bytes((PAETH,)) + bytes(-(-width * bits * CHANNELS[colour] // 8))
    return png(header(width, height, colour, bits), between, pixels(row, height))


def pixels(row: bytes, rows: int) -> bytes:
    compressor = zlib.compressobj(1)
    parts = [compressor.compress(row) for _ in range(rows)]
    return chunk(b"IDAT", b"".join([*parts, compressor.flush()]))


def small(*between: bytes) -> bytes:
    """A picture of 4×4, with chunks before its pixels."""
    return png(header(4, 4), *between, chunk(b"IDAT", zlib.compress(bytes(5 * 4))))


def damage(data: bytes, name: bytes) -> bytes:
    """The same with a wrong checksum in one chunk."""
    start = data.index(name) - 4
    (length,) = struct.unpack_from(">I", data, start)
    last = start + 11 + length
    return data[:last] + bytes((data[last] ^ 1,)) + data[last + 1 :]


@hostile(TooManyPixels)
def png_of_a_gigapixel_declared() -> bytes:
    return png(header(2**15, 2**15), chunk(b"IDAT"))


@hostile(TooManyPixels)
def png_of_the_largest_size_declared() -> bytes:
    return png(header(2**31 - 1, 2**31 - 1), chunk(b"IDAT"))


@hostile(TooManyPixels)
def png_of_one_row_of_25_megapixels() -> bytes:
    return flat(25_000_000, 1, COLOUR_ALPHA, 16)


@hostile(CorruptImage)
def png_of_no_size() -> bytes:
    return png(header(0, 4), chunk(b"IDAT"))


@hostile()
def png_rgba_16_bit_25_megapixels() -> bytes:
    return flat(5000, 5000, COLOUR_ALPHA, 16)


@hostile()
def png_rgba_25_megapixels() -> bytes:
    return flat(5000, 5000, COLOUR_ALPHA)


@hostile()
def png_rgba_25_megapixels_in_the_longest_rows() -> bytes:
    return flat(65_535, 381, COLOUR_ALPHA, 16)


@hostile()
def png_grey_16_bit_with_a_transparent_level_25_megapixels() -> bytes:
    return flat(5000, 5000, GREY, 16, between=chunk(b"tRNS", b"\x00\x01"))


@hostile()
def png_palette_with_alpha_25_megapixels() -> bytes:
    palette = chunk(b"PLTE", bytes(range(24)))
    return flat(5000, 5000, PALETTE, 1, between=palette + chunk(b"tRNS", bytes(range(8))))


@hostile()
def png_rgb_with_a_transparent_colour_25_megapixels() -> bytes:
    return flat(5000, 5000, COLOUR, 8, between=chunk(b"tRNS", bytes(6)))


@hostile()
def png_interlaced_rgba_16_bit_25_megapixels() -> bytes:
    compressor = zlib.compressobj(1)
    parts = []
    passes = [(8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2)]  # pixels across, down
    for across, down in passes:
        row = bytes((PAETH,)) + bytes(5000 // across * 8)
        parts += [compressor.compress(row) for _ in range(5000 // down)]
    data = b"".join([*parts, compressor.flush()])
    return png(header(5000, 5000, COLOUR_ALPHA, 16, interlace=1), chunk(b"IDAT", data))


@hostile()
def png_20000_by_1() -> bytes:
    return flat(20_000, 1)


@hostile()
def png_1_by_20000() -> bytes:
    return flat(1, 20_000)


@hostile()
def png_with_text_that_inflates_to_200_megabytes() -> bytes:
    return small(chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9)))


@hostile()
def png_with_sixty_texts_of_a_megabyte_in_wide_characters() -> bytes:
    text = zlib.compress("😀".encode() + b"a" * (1024**2 - 8), 9)
    return small(*(chunk(b"iTXt", b"%d\x00\x01\x00\x00\x00" % i + text) for i in range(60)))


@hostile()
def png_with_a_profile_that_inflates_to_200_megabytes() -> bytes:
    return small(chunk(b"iCCP", b"profile\x00\x00" + zlib.compress(bytes(200_000_000), 9)))


@hostile()
def png_with_exif_entries_that_share_3_megabytes() -> bytes:
    return small(chunk(b"eXIf", sharing_exif(3_000_000)))


@hostile(ImageTooComplex)
def png_of_340000_chunks() -> bytes:
    return small(chunk(b"tEXt") * 340_000)


@hostile(ImageTooComplex)
def png_of_340000_empty_chunks_of_pixels() -> bytes:
    return png(header(4, 4), chunk(b"IDAT") * 340_000)


@hostile()
def png_of_90000_empty_chunks_of_pixels() -> bytes:
    return small(chunk(b"IDAT") * 90_000)


@hostile()
def apng_of_20000_frames() -> bytes:
    frame = struct.pack(">IIIIHHBB", 4, 4, 0, 0, 1, 10, 0, 0)
    data = zlib.compress(bytes(5 * 4))
    frames = [chunk(b"fcTL", bytes(4) + frame), chunk(b"IDAT", data)]
    for number in range(1, 39_999, 2):
        frames.append(chunk(b"fcTL", struct.pack(">I", number) + frame))
        frames.append(chunk(b"fdAT", struct.pack(">I", number + 1) + data))
    return png(header(4, 4), chunk(b"acTL", struct.pack(">II", 20_000, 0)), *frames)


@hostile()
def png_of_more_pixels_than_its_header_says() -> bytes:
    return png(header(4, 4), chunk(b"IDAT", zlib.compress(bytes(50_000_000))))


@hostile()  # as browsers have it: what there is
def png_of_fewer_pixels_than_its_header_says() -> bytes:
    return png(header(5000, 5000), chunk(b"IDAT", zlib.compress(bytes(5001 * 4999))))


@hostile(CorruptImage)
def png_with_a_wrong_checksum_on_its_pixels() -> bytes:
    return damage(encode_image(Image.fromarray(np.arange(256, dtype=np.uint8)[None])), b"IDAT")


@hostile(CorruptImage)
def png_with_a_wrong_checksum_on_its_header() -> bytes:
    return damage(small(), b"IHDR")


@hostile(CorruptImage)
def png_with_a_wrong_checksum_on_its_text() -> bytes:
    return damage(small(chunk(b"tEXt", b"a\x00b")), b"tEXt")


@hostile(CorruptImage)
def png_with_a_wrong_checksum_on_its_end() -> bytes:
    return damage(small(), b"IEND")
