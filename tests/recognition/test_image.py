"""Every kind of file comes out as the same picture, and no hostile one costs more than its cap."""

import csv
import os
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from recognition import image as image_module
from recognition.errors import (
    CorruptImage,
    ImageError,
    ImageTooComplex,
    ImageTooLarge,
    UnsupportedImage,
)
from recognition.image import MAX_BYTES, MAX_JPEG_SCANS, MAX_PIXELS, decode_image, sniff_format
from tests.conftest import encode_image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


@pytest.fixture
def sheet() -> Image.Image:
    """White paper, 60×40, with a black bar in its upper left quarter: no two turns of it agree."""
    sheet = Image.new("L", (60, 40), 255)
    ImageDraw.Draw(sheet).rectangle((6, 4, 13, 23), fill=0)
    return sheet


def assert_same_picture(decoded: np.ndarray, expected: Image.Image, tolerance: int = 0) -> None:
    assert decoded.dtype == np.uint8
    assert decoded.shape == (expected.height, expected.width)
    difference = np.abs(decoded.astype(int) - np.asarray(expected.convert("L")).astype(int))
    assert difference.max() <= tolerance


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


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an image",
        b"II*\x00\x08\x00\x00\x00",  # TIFF
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"8BPS\x00\x01",
        b"\x00\x00\x00\x20ftypavif",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
)
def test_other_formats_never_reach_a_parser(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_anyway(*_: object, **__: object) -> None:
        raise AssertionError("a parser was entered")

    monkeypatch.setattr(Image, "open", open_anyway)
    with pytest.raises(UnsupportedImage):
        decode_image(data)


@pytest.mark.parametrize("image_format", FORMATS)
def test_truncation_anywhere_is_corrupt_or_unsupported(
    sheet: Image.Image, image_format: str
) -> None:
    data = encode_image(sheet, image_format)
    # A PNG's last pixel stands before 20 bytes of checksums and its end mark.
    trailer = 20 if image_format == "PNG" else 1
    for length in range(0, len(data) - trailer, 10):
        with pytest.raises((CorruptImage, UnsupportedImage)):
            decode_image(data[:length])


def test_one_byte_over_the_cap_is_too_large(sheet: Image.Image) -> None:
    data = encode_image(sheet)
    padded = data + bytes(MAX_BYTES - len(data))  # nobody reads what follows a PNG's end
    assert_same_picture(decode_image(padded), sheet)
    with pytest.raises(ImageTooLarge, match="4 MiB"):
        decode_image(padded + b"\x00")


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size, and then holds no pixel."""
    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x00\x00\x00\x00"
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + len(header).to_bytes(4)
        + chunk
        + zlib.crc32(chunk).to_bytes(4)
        + b"\x00\x00\x00\x00IDAT"
        + zlib.crc32(b"IDAT").to_bytes(4)
    )


@pytest.mark.parametrize(
    ("width", "height"),
    [(5001, 5000), (10_000, 10_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)],
)
def test_pixel_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    # No pixel is there to decode: had anything tried, the image would be corrupt.
    with pytest.raises(ImageTooLarge, match="25 megapixels"):
        decode_image(png_header(width, height))


def test_largest_allowed_header_goes_on_to_its_pixels() -> None:
    assert MAX_PIXELS == 5000 * 5000
    with pytest.raises(CorruptImage):
        decode_image(png_header(5000, 5000))


def test_jpeg_of_too_many_scans_is_refused_before_decoding(sheet: Image.Image) -> None:
    data = encode_image(sheet, "JPEG", progressive=True, quality=95)
    scans = data.count(b"\xff\xda")
    # A comment may hold anything: markers in it count, but cost the decoder nothing.
    at_cap = b"\xff\xda" * (MAX_JPEG_SCANS - scans)
    assert_same_picture(decode_image(with_comment(data, at_cap)), sheet, tolerance=40)
    with pytest.raises(ImageTooComplex, match="scans"):
        decode_image(with_comment(data, at_cap + b"\xff\xda"))


def with_comment(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + jpeg[2:]


def test_decoding_stops_at_its_deadline(
    sheet: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_module, "MAX_SECONDS", -1.0)
    with pytest.raises(ImageTooComplex, match="decode"):
        decode_image(encode_image(sheet))


def test_text_chunk_bomb_is_refused_at_little_cost() -> None:
    text = zlib.compress(bytes(200_000_000), 9)
    chunk = b"zTXt" + b"Comment\x00\x00" + text
    data = encode_image(Image.new("L", (4, 4)))
    bomb = (
        data[:33] + (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) + data[33:]
    )
    started = time.process_time()
    with pytest.raises(ImageError):
        decode_image(bomb)
    assert time.process_time() - started < 2


def test_messages_hold_nothing_of_the_image() -> None:
    with pytest.raises(UnsupportedImage) as caught:
        decode_image(b"<script>alert(1)</script>")
    assert "script" not in str(caught.value)


@given(st.sampled_from(FORMATS), st.data())
def test_damaged_bytes_decode_or_raise_an_image_error(
    image_format: str, data: st.DataObject
) -> None:
    sheet = Image.new("L", (24, 24), 255)
    sheet.paste(0, (4, 4, 9, 18))
    damaged = bytearray(encode_image(sheet, image_format))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded = decode_image(bytes(damaged))
    except ImageError:
        return
    assert decoded.dtype == np.uint8
    assert decoded.ndim == 2
    assert decoded.size <= MAX_PIXELS


BAD_IMAGES = os.environ.get("INKLING_BAD_IMAGES")


@pytest.mark.skipif(
    BAD_IMAGES is None, reason="INKLING_BAD_IMAGES names no folder of hostile images"
)
def test_hostile_images_end_as_their_manifest_says() -> None:
    folder = Path(BAD_IMAGES or "")
    with (folder / "manifest.tsv").open(newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    assert rows
    outcomes = {}
    for row in rows:
        started = time.process_time()
        try:
            decode_image((folder / row["path"]).read_bytes())
        except ImageError:
            outcomes[row["path"]] = "reject"
        else:
            outcomes[row["path"]] = "accept"
        assert time.process_time() - started < 2, row["path"]
    assert outcomes == {row["path"]: row["expected"] for row in rows}
