"""Whatever bytes there are, decoding ends in a grey image or an `ImageError`."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from recognition.errors import ImageError
from recognition.formats.exif import read_orientation
from recognition.image import MAX_PIXELS, decode_image
from tests.recognition.encodings import encode_everyhow
from tests.recognition.hostile import png

SHEET = Image.new("L", (24, 20), 255)
SHEET.paste(0, (4, 4, 9, 18))
ENCODINGS = [encoding.data for encoding in encode_everyhow(SHEET)]

SIGNATURES = [
    png.SIGNATURE,
    b"\xff\xd8\xff",
    b"RIFF\x40\x00\x00\x00WEBP",
    b"GIF89a",
    b"GIF87a",
    b"BM",
    b"",
]


def assert_grey_or_image_error(data: bytes) -> None:
    try:
        decoded = decode_image(data)
    except ImageError:
        return
    assert decoded.dtype == np.uint8
    assert decoded.ndim == 2
    assert 0 < decoded.size <= MAX_PIXELS


@given(st.sampled_from(SIGNATURES), st.binary(max_size=500))
@settings(deadline=None, max_examples=300)
def test_any_bytes_after_any_signature(signature: bytes, rest: bytes) -> None:
    assert_grey_or_image_error(signature + rest)


@given(st.sampled_from(ENCODINGS), st.data())
@settings(deadline=None, max_examples=300)
def test_any_file_with_bytes_changed(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert_grey_or_image_error(bytes(damaged))


@given(st.sampled_from(ENCODINGS), st.sampled_from(ENCODINGS), st.data())
@settings(deadline=None, max_examples=300)
def test_any_file_cut_and_joined_with_another(
    first: bytes, second: bytes, data: st.DataObject
) -> None:
    until = data.draw(st.integers(0, len(first)))
    since = data.draw(st.integers(0, len(second)))
    assert_grey_or_image_error(first[:until] + second[since:])


@given(
    size=st.tuples(st.integers(0, 70_000), st.integers(0, 70_000)),
    depth=st.sampled_from([0, 1, 2, 4, 8, 16, 32]),
    colour=st.integers(0, 7),
    interlace=st.integers(0, 2),
    pixels=st.binary(max_size=200),
    between=st.binary(max_size=40),
)
@settings(deadline=None, max_examples=300)
def test_any_png_with_right_checksums(
    *,
    size: tuple[int, int],
    depth: int,
    colour: int,
    interlace: int,
    pixels: bytes,
    between: bytes,
) -> None:
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlace)
    for name in (b"PLTE", b"tRNS", b"eXIf"):
        chunks = [png.chunk(b"IHDR", header), png.chunk(name, between)]
        assert_grey_or_image_error(png.png(*chunks, png.chunk(b"IDAT", zlib.compress(pixels))))


@given(st.sampled_from([b"", b"MM\x00*", b"II*\x00", b"Exif\x00\x00MM\x00*"]), st.binary())
def test_any_exif_has_an_orientation(start: bytes, rest: bytes) -> None:
    assert isinstance(read_orientation(start + rest), int)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("kind", "field"), [(1, "B3x"), (3, "H2x"), (4, "I")])
def test_every_spelling_of_an_orientation_is_understood(order: str, kind: int, field: str) -> None:
    mark = {"<": b"II*\x00", ">": b"MM\x00*"}[order]
    entry = struct.pack(f"{order}HHI{field}", 0x0112, kind, 1, 6)
    other = struct.pack(f"{order}HHII", 0x0100, 4, 1, 3)
    exif = mark + struct.pack(f"{order}IH", 8, 2) + other + entry
    assert read_orientation(exif) == 6
    assert read_orientation(b"Exif\x00\x00" + exif) == 6
