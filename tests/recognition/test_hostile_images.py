"""No file costs more than its cap, and none ends in anything but an image or an `ImageError`."""

import csv
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from recognition.errors import (
    CorruptImage,
    ImageError,
    UnsupportedImage,
)
from recognition.image import MAX_PIXELS, decode_image
from tests.conftest import encode_image
from tests.recognition.conftest import FORMATS
from tests.recognition.costs import measure_cost
from tests.recognition.hostile import FILES, HostileFile, png


def write_other_formats() -> dict[str, bytes]:
    """Files that are something else, whatever they are called."""
    picture = Image.new("L", (8, 8), 255)
    written = ("TIFF", "PDF", "EPS", "PPM", "ICO", "AVIF", "JPEG2000", "TGA", "PCX", "SGI", "DDS")
    return {name: encode_image(picture, name) for name in written} | {
        "nothing": b"",
        "text": b"not an image",
        "TIFF, little-endian": b"II*\x00\x08\x00\x00\x00",
        "TIFF, big-endian": b"MM\x00*\x00\x00\x00\x08",
        "BigTIFF": b"II+\x00\x08\x00\x00\x00",
        "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "SVG with a declaration": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "EPS with a preview": b"\xc5\xd0\xd3\xc6" + bytes(28),
        "PSD": b"8BPS\x00\x01",
        "AVIF": b"\x00\x00\x00\x20ftypavif",
        "HEIC": b"\x00\x00\x00\x18ftypheic",
        "HTML": b"<!doctype html><img src=x>",
        "ZIP": b"PK\x03\x04",
        "QOI": b"qoif\x00\x00\x00\x01\x00\x00\x00\x01\x04\x00",
        "JPEG XL": b"\xff\x0a\xfa\x1f",
        "WAV": b"RIFF\x00\x00\x00\x00WAVE",
        "a PNG after a space": b" \x89PNG\r\n\x1a\n",
        "a PNG's first seven bytes": b"\x89PNG\r\n\x1a",
        "a PNG from a text-mode transfer": b"\x89PNG\n\x1a\n",
    }


@pytest.mark.parametrize(("name", "data"), write_other_formats().items(), ids=lambda each: "")
def test_other_formats_never_reach_a_parser(
    name: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
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


@pytest.mark.parametrize("name", [b"IHDR", b"PLTE", b"tRNS", b"tEXt", b"IDAT", b"eXIf", b"IEND"])
def test_a_wrong_checksum_anywhere_is_corrupt(name: bytes) -> None:
    palette, alpha = png.chunk(b"PLTE", bytes(6)), png.chunk(b"tRNS", b"\x00")
    more = png.chunk(b"tEXt", b"a\x00b") + png.chunk(b"eXIf", b"MM\x00*")
    data = png.flat(4, 4, png.PALETTE, between=palette + alpha + more)
    assert decode_image(data).shape == (4, 4)
    with pytest.raises(CorruptImage):
        decode_image(png.damage(data, name))


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


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured by /proc")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_hostile_file_ends_as_it_must_at_a_bounded_cost(file: HostileFile) -> None:
    cost = measure_cost(file.build())
    error = cost.outcome if cost.outcome[0].isupper() else None  # an outcome is in lower case
    assert error == (file.expected and file.expected.__name__)
    assert cost.seconds < 2
    assert cost.mebibytes < 256


BAD_IMAGES = os.environ.get("INKLING_BAD_IMAGES")


def read_manifest() -> list[dict[str, str]]:
    with (Path(BAD_IMAGES or "") / "manifest.tsv").open(newline="") as manifest:
        return list(csv.DictReader(manifest, delimiter="\t"))


@pytest.mark.skipif(
    BAD_IMAGES is None, reason="INKLING_BAD_IMAGES names no folder of hostile images"
)
def test_hostile_images_end_as_their_manifest_says() -> None:
    folder = Path(BAD_IMAGES or "")
    rows = read_manifest()
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


@pytest.mark.slow
@pytest.mark.skipif(
    BAD_IMAGES is None, reason="INKLING_BAD_IMAGES names no folder of hostile images"
)
def test_hostile_images_cost_no_more_than_they_may() -> None:
    for row in read_manifest():
        cost = measure_cost((Path(BAD_IMAGES or "") / row["path"]).read_bytes())
        assert cost.seconds < 2, row["path"]
        assert cost.mebibytes < 256, row["path"]
