"""Each limit has an error of its own, and is where it says: at it passes, one over fails."""

import io
import struct
import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model_export.drawing.strokes import render_strokes
from model_export.examples import DIGIT_STROKES
from recognition import image as image_module
from recognition.errors import (
    CorruptImage,
    DecodingTooSlow,
    ImageTooComplex,
    TooManyBytes,
    TooManyPixels,
    TooManyScans,
)
from recognition.image import MAX_BYTES, MAX_JPEG_SCANS, MAX_PIXELS, decode_image
from recognition.limits import (
    MAX_DECODER_BYTES,
    MAX_PARTS,
    MAX_RUN_LENGTH_PIXELS,
    MAX_SCANNED_PIXELS,
    MAX_SECONDS,
    MAX_SIDE,
    MAX_UPLOADED_BYTES,
)
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.conftest import encode_image
from tests.recognition.conftest import assert_same_picture
from tests.recognition.hostile import bmp, gif, jpeg, png, webp

LARGEST: dict[str, dict[str, Any]] = {
    "PNG": {"compress_level": 1},
    "JPEG": {"quality": 30},
    "WEBP": {"lossless": True, "quality": 0, "method": 0},
    "GIF": {},
    "BMP": {},
}
"""Formats to what makes the largest image quickly."""


def test_four_mebibytes_are_read_and_one_byte_more_is_not(sheet: Image.Image) -> None:
    assert MAX_BYTES == 4 * 1024**2
    data = encode_image(sheet)
    padded = data + bytes(MAX_BYTES - len(data))  # nobody reads what follows a PNG's end
    assert_same_picture(decode_image(padded), sheet)
    with pytest.raises(TooManyBytes, match="4 MiB"):
        decode_image(padded + b"\x00")


def test_an_upload_may_have_twenty_mebibytes(
    recognizer: Recognizer, draw_digit: Callable[[int], bytes]
) -> None:
    assert MAX_UPLOADED_BYTES == 20 * 1024**2
    data = draw_digit(7)
    padded = data + bytes(MAX_UPLOADED_BYTES - len(data))
    assert recognizer.recognize(padded, max_bytes=MAX_UPLOADED_BYTES).digit == 7
    with pytest.raises(TooManyBytes, match="20 MiB"):
        recognizer.recognize(padded + b"\x00", max_bytes=MAX_UPLOADED_BYTES)


@pytest.mark.slow
@pytest.mark.parametrize("image_format", LARGEST)
def test_25_megapixels_are_read_and_one_row_more_is_not(image_format: str) -> None:
    assert MAX_PIXELS == 5000 * 5000
    mode = "1" if image_format in ("PNG", "GIF", "BMP") else "L"
    at_limit, over = (
        encode_image(Image.new(mode, (5000, rows), 255), image_format, **LARGEST[image_format])
        for rows in (5000, 5001)
    )
    decoded = decode_image(at_limit)
    assert decoded.shape == (5000, 5000)
    assert (decoded == 255).all()
    with pytest.raises(TooManyPixels, match="25 megapixels"):
        decode_image(over)


@pytest.mark.parametrize(
    ("width", "height"),
    [(5001, 5000), (10_000, 10_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)],
)
def test_pixel_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    # No pixel is there to decode: had anything tried, the image would be corrupt.
    with pytest.raises(TooManyPixels, match="25 megapixels"):
        decode_image(png.png(png.header(width, height), png.chunk(b"IDAT")))


def test_largest_allowed_header_goes_on_to_its_pixels() -> None:
    with pytest.raises(CorruptImage):
        decode_image(png.png(png.header(5000, 5000), png.chunk(b"IDAT")))


@pytest.mark.parametrize("upright", [True, False])
def test_the_longest_side_is_read_and_one_pixel_more_is_not(upright: bool) -> None:
    for length, over in ((MAX_SIDE, False), (MAX_SIDE + 1, True)):
        width, height = (1, length) if upright else (length, 1)
        if over:
            with pytest.raises(TooManyPixels, match="65535 pixels on one side"):
                decode_image(png.flat(width, height))
        else:
            assert decode_image(png.flat(width, height)).shape == (height, width)


def test_200_scans_are_read_and_one_more_is_not(sheet: Image.Image) -> None:
    assert MAX_JPEG_SCANS == 200
    assert decode_image(jpeg.progressive(8, 8, 200)).shape == (8, 8)
    with pytest.raises(TooManyScans, match="200 scans"):
        decode_image(jpeg.progressive(8, 8, 201))


def test_jpeg_of_too_many_scans_is_refused_before_decoding(sheet: Image.Image) -> None:
    data = encode_image(sheet, "JPEG", progressive=True, quality=95)
    scans = data.count(b"\xff\xda")
    # A comment may hold anything: markers in it count, but cost the decoder nothing.
    at_cap = b"\xff\xda" * (MAX_JPEG_SCANS - scans)
    with_comment = jpeg.insert(data, jpeg.segment(0xFE, at_cap))
    assert_same_picture(decode_image(with_comment), sheet, tolerance=40)
    with pytest.raises(TooManyScans, match="scans"):
        decode_image(jpeg.insert(data, jpeg.segment(0xFE, at_cap + b"\xff\xda")))


def test_large_jpegs_may_have_fewer_scans() -> None:
    assert MAX_SCANNED_PIXELS == 20 * MAX_PIXELS
    assert decode_image(jpeg.progressive(2500, 1000, 200)).shape == (1000, 2500)
    with pytest.raises(TooManyScans, match="for its size"):
        decode_image(jpeg.progressive(2500, 1001, 200))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_two_seconds_of_decoding_are_allowed_and_no_more(
    sheet: Image.Image, image_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode_image(sheet, image_format)
    for spent, is_late in ((MAX_SECONDS, False), (MAX_SECONDS + 0.001, True)):
        times = iter([100.0])  # when it starts; then it takes so long
        clock = SimpleNamespace(thread_time=lambda: next(times, 100.0 + spent))  # noqa: B023
        monkeypatch.setattr(image_module, "time", clock)
        if is_late:
            with pytest.raises(DecodingTooSlow, match="2 s"):
                decode_image(data)
        else:
            decode_image(data)


def test_decoding_stops_at_its_deadline(
    sheet: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_module, "MAX_SECONDS", -1.0)
    for data in (encode_image(sheet), jpeg.progressive(4800, 4800, 20)):
        with pytest.raises(DecodingTooSlow, match="decode"):
            decode_image(data)


def test_a_stalled_machine_refuses_nobody(
    sheet: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = iter(range(0, 10**9, 3600))  # an hour passes between any two looks at the clock
    for clock in ("monotonic", "perf_counter", "time"):
        monkeypatch.setattr(f"time.{clock}", lambda: float(next(stall)))
    assert_same_picture(decode_image(encode_image(sheet)), sheet)


PART_BOMBS: dict[str, Callable[[int], bytes]] = {
    # IHDR, IDAT and IEND are parts too, and so on.
    "PNG": lambda parts: png.small(png.chunk(b"teSt") * (parts - 3)),
    "JPEG": lambda parts: jpeg.insert(
        jpeg.small(), jpeg.segment(0xFE, b"") * (parts - count_segments(jpeg.small()))
    ),
    "GIF": lambda parts: (
        gif.screen(1, 1)
        + b"!\xfe"
        + b"\x01a" * (parts - 3)
        + b"\x00"
        + gif.picture(0, 0, 1, 1)
        + b";"
    ),
    "WEBP": lambda parts: webp.webp(
        webp.extended(4, 4, 0), webp.still(4)[12:], webp.chunk(b"none", b"") * (parts - 2)
    ),
}


def count_segments(data: bytes) -> int:
    """Up to the first scan's."""
    stream = io.BytesIO(data[2:])
    for number in range(1, 1000):
        code, length = struct.unpack(">xBH", stream.read(4))
        stream.seek(length - 2, io.SEEK_CUR)
        if code == 0xDA:
            return number
    raise AssertionError


@pytest.mark.parametrize("image_format", PART_BOMBS)
def test_100000_parts_are_read_and_one_more_is_not(image_format: str) -> None:
    assert MAX_PARTS == 100_000
    decode_image(PART_BOMBS[image_format](MAX_PARTS))
    with pytest.raises(ImageTooComplex, match="100000 parts"):
        decode_image(PART_BOMBS[image_format](MAX_PARTS + 1))


def test_a_megapixel_of_run_lengths_is_read_and_one_row_more_is_not() -> None:
    assert MAX_RUN_LENGTH_PIXELS == 1000 * 1000
    row = b"\xff\x07" * 3 + b"\xeb\x07" + b"\x00\x00"
    decoded = decode_image(bmp.bmp(1000, 1000, row * 1000, compression=bmp.RLE8))
    assert decoded.shape == (1000, 1000)
    with pytest.raises(ImageTooComplex, match="run-length"):
        decode_image(bmp.bmp(1000, 1001, row * 1001, compression=bmp.RLE8))


def test_more_runs_than_pixels_are_refused() -> None:
    with pytest.raises(ImageTooComplex, match="run-length"):
        decode_image(bmp.bmp(100, 100, b"\xff\x00" * 20_000, compression=bmp.RLE8))


def test_a_jpeg_that_takes_too_much_memory_is_refused_by_its_header() -> None:
    # Four colours in full: a byte of each, and two of a coefficient of each.
    rows = MAX_DECODER_BYTES // (12 * 4096) // 8 * 8
    assert decode_image(jpeg.progressive(4096, rows, 1, components=4)).shape == (rows, 4096)
    with pytest.raises(ImageTooComplex, match="memory"):
        decode_image(jpeg.progressive(4096, rows + 8, 1, components=4))


def test_without_its_colours_a_large_jpeg_is_a_level_off_at_most(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blue ink on yellowish paper, in shade: as a photograph has it."""
    ink = np.asarray(render_strokes(DIGIT_STROKES[4], side=600))[..., None] / 255
    shade = np.linspace(1, 0.7, 600)[:, None, None]
    colours = ink * (235, 230, 210) * shade + (1 - ink) * (40, 50, 140)
    picture = Image.fromarray(colours.astype(np.uint8))
    data = encode_image(picture, "JPEG", progressive=True, subsampling=0, quality=90)
    whole, answer = decode_image(data), recognizer.recognize(data)
    monkeypatch.setattr(image_module, "MAX_DECODER_BYTES", 600 * 600 * 8)  # of 10 in colour
    brightness = decode_image(data)
    assert np.abs(whole.astype(int) - brightness).max() <= 1
    again = recognizer.recognize(data)
    assert (again.outcome, again.digit) == (answer.outcome, answer.digit) == (Outcome.DIGIT, 4)
    monkeypatch.setattr(image_module, "MAX_DECODER_BYTES", 600 * 600 * 7 - 1)
    with pytest.raises(ImageTooComplex, match="memory"):
        decode_image(data)


def test_text_chunk_bomb_is_never_inflated() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    for chunk in (
        png.chunk(b"zTXt", b"Comment\x00\x00" + bomb),
        png.chunk(b"iTXt", b"Comment\x00\x01\x00\x00\x00" + bomb),
        png.chunk(b"iCCP", b"profile\x00\x00" + bomb),
    ):
        # As long as the rest of it takes: no deadline has to stop anything.
        assert decode_image(png.small(chunk)).shape == (4, 4)
