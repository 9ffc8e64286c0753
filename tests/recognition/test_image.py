"""Every kind of file comes out as the same picture."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.image import decode_image, sniff_format
from tests.conftest import encode_image
from tests.recognition.conftest import FORMATS, assert_same_picture


@pytest.mark.parametrize("image_format", FORMATS)
def test_every_format_gives_the_same_picture(sheet: Image.Image, image_format: str) -> None:
    lossy: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}
    data = encode_image(sheet, image_format, **lossy.get(image_format, {}))
    assert sniff_format(data) == image_format
    assert_same_picture(decode_image(data), sheet, tolerance=40 if image_format == "JPEG" else 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_png_mode_gives_the_same_picture(sheet: Image.Image, mode: str) -> None:
    assert_same_picture(decode_image(encode_image(sheet.convert(mode))), sheet)


def test_cmyk_jpeg_is_not_inverted(sheet: Image.Image) -> None:
    data = encode_image(sheet.convert("RGB").convert("CMYK"), "JPEG", quality=95)
    assert_same_picture(decode_image(data), sheet, tolerance=40)


def test_16_bit_grey_keeps_its_range(sheet: Image.Image) -> None:
    deep = Image.fromarray(np.asarray(sheet).astype(np.uint16) * 257)
    assert_same_picture(decode_image(encode_image(deep)), sheet)


def test_16_bit_grey_with_a_transparent_paper_keeps_its_ink() -> None:
    values = np.full((40, 60), 65535, np.uint16)
    values[4:24, 6:14] = 0
    data = encode_image(Image.fromarray(values), transparency=65535)
    decoded = decode_image(data)
    assert decoded[0, 0] == 255
    assert decoded[10, 10] == 0


def test_only_the_first_frame_counts(sheet: Image.Image) -> None:
    second = Image.new("L", sheet.size, 0)
    for image_format in ("GIF", "WEBP", "PNG"):
        options = {"lossless": True} if image_format == "WEBP" else {}
        data = encode_image(
            sheet, image_format, save_all=True, append_images=[second] * 5, **options
        )
        assert_same_picture(decode_image(data), sheet)


def test_jpeg_with_a_second_picture_inside_is_its_first(sheet: Image.Image) -> None:
    second = Image.new("L", sheet.size, 0)
    data = encode_image(sheet, "MPO", save_all=True, append_images=[second], quality=95)
    assert_same_picture(decode_image(data), sheet, tolerance=40)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_exif_orientation_is_undone(
    sheet: Image.Image, orientation: int, image_format: str
) -> None:
    as_stored = {
        1: sheet,
        2: sheet.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: sheet.rotate(180),
        4: sheet.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: sheet.transpose(Image.Transpose.TRANSPOSE),
        6: sheet.rotate(90, expand=True),
        7: sheet.transpose(Image.Transpose.TRANSVERSE),
        8: sheet.rotate(-90, expand=True),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if image_format == "WEBP" else {}
    data = encode_image(as_stored, image_format, exif=exif, **options)
    assert_same_picture(decode_image(data), sheet, tolerance=60 if image_format == "JPEG" else 0)


def test_damaged_exif_does_not_cost_the_picture(sheet: Image.Image) -> None:
    data = encode_image(sheet, "JPEG", quality=95, exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert_same_picture(decode_image(data), sheet, tolerance=40)


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (60, 255), (200, 0)])
def test_transparent_paper_becomes_the_opposite_of_the_ink(ink: int, paper: int) -> None:
    canvas = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).rectangle((6, 4, 13, 23), fill=(ink, ink, ink, 255))
    decoded = decode_image(encode_image(canvas))
    assert decoded[30, 50] == paper
    assert decoded[10, 10] == ink


def test_palette_with_a_transparent_colour_is_composited(sheet: Image.Image) -> None:
    palette = sheet.convert("RGB").quantize(2)
    white = palette.getpixel((0, 0))
    for image_format in ("PNG", "GIF"):
        decoded = decode_image(encode_image(palette, image_format, transparency=white))
        assert (decoded[30, 50], decoded[10, 10]) == (255, 0)


def test_transparent_corners_continue_the_paper() -> None:
    shot = Image.new("RGBA", (60, 40), (250, 250, 250, 255))
    draw = ImageDraw.Draw(shot)
    draw.rectangle((20, 8, 26, 30), fill=(10, 10, 10, 255))
    draw.rectangle((0, 0, 5, 5), fill=(0, 0, 0, 0))
    assert decode_image(encode_image(shot))[2, 2] == 250


def test_wholly_transparent_image_is_white_paper() -> None:
    decoded = decode_image(encode_image(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))
    assert (decoded == 255).all()


def test_smallest_and_narrowest_images_are_read() -> None:
    assert decode_image(encode_image(Image.new("L", (1, 1), 7))).tolist() == [[7]]
    assert decode_image(encode_image(Image.new("L", (20_000, 1), 7))).shape == (1, 20_000)
