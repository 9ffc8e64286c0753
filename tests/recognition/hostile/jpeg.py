"""JPEGs: scans without end, coefficients that must all be held, segments, second pictures."""

import struct
from typing import Final

import numpy as np
from PIL import Image

from recognition.errors import (
    CorruptImage,
    ImageTooComplex,
    TooManyPixels,
    TooManyScans,
)
from tests.conftest import encode_image
from tests.recognition.hostile.files import hostile
from tests.recognition.hostile.metadata import sharing_exif

START, END = b"\xff\xd8", b"\xff\xd9"
_LONGEST_RUN: Final = 2**15 - 1


def segment(code: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(data) + 2) + data


def progressive(width: int, height: int, scans: int, components: int = 1) -> bytes:
    """Scans that each pass over all coefficients of a component, and find them zero.

    A run of blocks without any takes 15 bits: the code 0, of length 1, and how long the run is.
    """
    factors = b"".join(bytes((each, 0x11, 0)) for each in range(1, components + 1))
    blocks = -(-width // 8) * -(-height // 8)
    bits = ""
    while blocks > 0:
        run = min(blocks, _LONGEST_RUN)
        power = run.bit_length() - 1
        bits += f"{power:04b}" + (f"{run - 2**power:0{power}b}" if power else "")
        blocks -= run
    bits += "1" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\x00")
    # Sixteen codes of four bits would hold all ones, which no code may: fifteen are enough.
    codes = bytes((0, 0, 0, 15, *[0] * 12, *(power << 4 for power in range(15))))
    parts = [
        START,
        segment(0xDB, bytes((0, *[1] * 64))),
        segment(0xC2, struct.pack(">BHHB", 8, height, width, components) + factors),
        segment(0xC4, b"\x10" + codes),
    ]
    for scan in range(scans):
        # The first of a component is coarse, later ones refine it: these look at each coefficient.
        precision = 0x01 if scan < components else 0x10
        component = scan % components + 1
        parts += [segment(0xDA, bytes((1, component, 0, 1, 63, precision))), body]
    return b"".join([*parts, END])


def noise(side: int, mode: str = "RGB") -> Image.Image:
    """Colours that change every few pixels."""
    random = np.random.default_rng(1)
    grain = random.integers(0, 256, (side // 8, side // 8, len(mode)), np.uint8)
    return Image.fromarray(grain, mode).resize((side, side), Image.Resampling.BILINEAR)


def insert(jpeg: bytes, *segments: bytes) -> bytes:
    """Segments right after a JPEG's start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def small() -> bytes:
    return encode_image(Image.new("L", (8, 8), 7), "JPEG")


@hostile(TooManyScans)
def jpeg_of_10000_scans() -> bytes:
    return progressive(4800, 4800, 10_000)


@hostile(TooManyScans)
def jpeg_of_200_scans_of_25_megapixels() -> bytes:
    return progressive(5000, 5000, 200)


@hostile()
def jpeg_of_200_scans_of_the_most_pixels_for_them() -> bytes:
    return progressive(1600, 1560, 200, components=3)


@hostile()
def jpeg_of_20_scans_of_25_megapixels() -> bytes:
    return progressive(5000, 5000, 20, components=3)


@hostile()
def jpeg_progressive_with_all_colours_25_megapixels() -> bytes:
    return encode_image(noise(5000), "JPEG", progressive=True, subsampling=0, quality=20)


@hostile()
def jpeg_with_all_colours_25_megapixels() -> bytes:
    return encode_image(noise(5000), "JPEG", subsampling=0, quality=20)


@hostile()
def jpeg_cmyk_25_megapixels() -> bytes:
    return encode_image(Image.new("CMYK", (5000, 5000), (9, 9, 9, 9)), "JPEG", quality=5)


@hostile(ImageTooComplex)
def jpeg_progressive_cmyk_25_megapixels() -> bytes:
    return progressive(5000, 5000, 8, components=4)


@hostile()
def jpeg_progressive_cmyk_15_megapixels() -> bytes:
    return progressive(5000, 3000, 8, components=4)


@hostile(TooManyPixels)
def jpeg_of_four_gigapixels_declared() -> bytes:
    return progressive(65_535, 65_535, 1)


@hostile(CorruptImage)
def jpeg_of_no_height() -> bytes:
    data = bytearray(small())
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 7] = b"\x00\x00"
    return bytes(data)


@hostile(CorruptImage)
def jpeg_of_two_frames() -> bytes:
    data = small()
    start = data.index(b"\xff\xc0")
    (length,) = struct.unpack_from(">H", data, start + 2)
    return insert(data, data[start : start + 2 + length])


@hostile(ImageTooComplex)
def jpeg_of_a_million_comments() -> bytes:
    return insert(small(), segment(0xFE, b"") * 1_000_000)


@hostile()
def jpeg_of_90000_quantization_tables() -> bytes:
    return insert(small(), segment(0xDB, b"") * 90_000)


@hostile()
def jpeg_with_exif_entries_that_share_60_kilobytes() -> bytes:
    exif = sharing_exif(60_000)
    pieces = [exif[start : start + 65_000] for start in range(0, len(exif), 65_000)]
    return insert(small(), *(segment(0xE1, b"Exif\x00\x00" + piece) for piece in pieces))


@hostile()
def jpeg_with_4_megabytes_of_profile() -> bytes:
    pieces = [bytes((number, 60)) + bytes(65_000) for number in range(1, 61)]
    return insert(small(), *(segment(0xE2, b"ICC_PROFILE\x00" + piece) for piece in pieces))


@hostile()
def mpo_of_many_pictures() -> bytes:
    picture = Image.new("RGB", (64, 64), "white")
    return encode_image(picture, "MPO", save_all=True, append_images=[picture] * 100)


@hostile(CorruptImage)
def jpeg_that_is_all_filling() -> bytes:
    return b"\xff\xd8" + b"\xff" * 4_000_000


@hostile(CorruptImage)
def jpeg_that_is_all_stuffing() -> bytes:
    return b"\xff\xd8" + b"\xff\x00" * 2_000_000
