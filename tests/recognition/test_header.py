"""What a file says of its image, in every format and mode, and what becomes of it where it lies."""

import os
from pathlib import Path

import pytest
from PIL import Image

from recognition.errors import ImageError, UnsupportedImage
from recognition.header import Header, is_drawing, read_header
from recognition.image import decode_image
from tests.conftest import encode_image

MODES = [
    ("PNG", "1"),
    ("PNG", "L"),
    ("PNG", "LA"),
    ("PNG", "P"),
    ("PNG", "RGB"),
    ("PNG", "RGBA"),
    ("PNG", "I;16"),
    ("JPEG", "L"),
    ("JPEG", "RGB"),
    ("JPEG", "CMYK"),
    ("WEBP", "RGB"),
    ("WEBP", "RGBA"),
    ("GIF", "P"),
    ("BMP", "1"),
    ("BMP", "L"),
    ("BMP", "RGB"),
]


@pytest.mark.parametrize(("image_format", "mode"), MODES)
def test_a_header_tells_format_size_and_mode(image_format: str, mode: str) -> None:
    image = encode_image(Image.new(mode, (30, 20)), image_format)
    assert read_header(image) == Header(image_format, 30, 20, mode)


def test_the_size_is_as_stored() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    image = encode_image(Image.new("L", (30, 20)), "JPEG", exif=exif)
    assert read_header(image) == Header("JPEG", 30, 20, "L")


@pytest.mark.parametrize("data", [b"", b"GIF", b"%PDF-1.7", b"II*\0"])
def test_what_is_no_image_has_no_header(data: bytes) -> None:
    with pytest.raises(UnsupportedImage):
        read_header(data)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_file_that_is_cut_off_has_a_header_or_none(image_format: str) -> None:
    image = encode_image(Image.new("RGB", (30, 20)), image_format)
    for length in range(len(image)):
        try:
            header = read_header(image[:length])
        except ImageError:
            continue
        assert (header.format, header.width, header.height) == (image_format, 30, 20)


@pytest.mark.parametrize(
    ("image", "is_one"),
    [
        (encode_image(Image.new("RGBA", (640, 640)), "PNG"), True),
        (encode_image(Image.new("L", (280, 280)), "PNG")[:60], True),  # refused at once
        (encode_image(Image.new("1", (641, 640)), "PNG"), False),
        (encode_image(Image.effect_noise((280, 280), 90), "PNG"), False),
        (encode_image(Image.new("L", (280, 280)), "JPEG"), False),
        (b"", False),
    ],
    ids=["canvas", "cut off", "too large", "too many bytes", "photo", "nothing"],
)
def test_a_drawing_is_a_small_png(image: bytes, is_one: bool) -> None:
    assert is_drawing(image) is is_one


@pytest.mark.skipif(
    "INKLING_BAD_IMAGES" not in os.environ,
    reason="INKLING_BAD_IMAGES names no folder of hostile images",
)
def test_whatever_is_decoded_has_a_header() -> None:
    folder = Path(os.environ["INKLING_BAD_IMAGES"])
    decoded = 0
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        try:
            grey = decode_image(data)
        except ImageError:
            continue
        header = read_header(data)
        assert {header.width, header.height} == set(grey.shape), file
        decoded += 1
    assert decoded
