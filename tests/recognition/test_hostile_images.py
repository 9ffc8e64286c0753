"""No file costs more than its cap, and none ends in anything but an image or an `ImageError`."""

import csv
import os
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from recognition import image as image_module
from recognition.errors import (
    CorruptImage,
    ImageError,
    ImageTooComplex,
    ImageTooLarge,
    UnsupportedImage,
)
from recognition.image import MAX_BYTES, MAX_JPEG_SCANS, MAX_PIXELS, decode_image
from tests.conftest import encode_image
from tests.recognition.conftest import FORMATS, assert_same_picture


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
    def enter(*_: object, **__: object) -> None:
        raise AssertionError("a parser was entered")

    monkeypatch.setattr(Image, "open", enter)
    monkeypatch.setattr(ImageFile.ImageFile, "__init__", enter)
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


def test_text_chunk_bomb_is_never_inflated() -> None:
    text = zlib.compress(bytes(200_000_000), 9)
    chunk = b"zTXt" + b"Comment\x00\x00" + text
    data = encode_image(Image.new("L", (4, 4), 7))
    bomb = (
        data[:33] + (len(chunk) - 4).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) + data[33:]
    )
    started = time.process_time()
    assert (decode_image(bomb) == 7).all()
    assert time.process_time() - started < 0.1


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
