"""Of a file nothing is left but its picture, and that is the same."""

import csv
import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from recognition.errors import CorruptImage, ImageError, ImageTooComplex, UnsupportedImage
from recognition.formats.exif import read_orientation
from recognition.image import decode_image
from recognition.stripping import strip_metadata
from tests.conftest import encode_image
from tests.recognition.conftest import FORMATS
from tests.recognition.encodings import Encoding, encode_everyhow
from tests.recognition.hostile import FILES, HostileFile, bmp, gif, jpeg, png, webp

PLANTED: Final = b"zebra-4711"
"""What must be found in no file that was stripped."""
BEYOND: Final = bytes(8192)

SHEET = Image.new("L", (24, 20), 255)
SHEET.paste(0, (4, 4, 9, 18))
ENCODINGS = encode_everyhow(SHEET)


def assert_same_picture_alone(image: bytes) -> bytes:
    """Strip a file that is read, and return what is left."""
    stripped = strip_metadata(image)
    assert len(stripped) <= len(image)
    assert strip_metadata(stripped) == stripped
    assert np.array_equal(decode_image(stripped), decode_image(image))
    return stripped


def write_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(PLANTED.decode(), PLANTED)
    return buffer.getvalue()


def personal_exif(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x010F] = exif[0x9286] = PLANTED.decode()  # description, maker, comment
    exif[0xA430] = PLANTED.decode()  # the camera's owner
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 27: PLANTED})  # where
    return exif


def thumbnail() -> bytes:
    return encode_image(Image.new("L", (8, 8)), "JPEG", comment=PLANTED)


def photo() -> bytes:
    """With all that a camera, a phone and a program may add."""
    exif = personal_exif().tobytes() + thumbnail()
    data = encode_image(
        SHEET, "JPEG", exif=exif, icc_profile=PLANTED * 7000, comment=PLANTED, xmp=b"<x>" + PLANTED
    )
    photoshop = jpeg.segment(0xED, b"Photoshop 3.0\x008BIM" + PLANTED)
    second = jpeg.segment(0xE1, b"Exif\x00\x00" + PLANTED)
    small = jpeg.segment(0xE0, b"JFXX\x00\x10" + thumbnail())
    return jpeg.insert(data, second, photoshop, small) + write_zip()


def jfif_with_thumbnail() -> bytes:
    data = encode_image(SHEET, "JPEG")
    pixels = PLANTED * 3
    thumb = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01" + bytes((len(pixels) // 3, 1)) + pixels
    return data[:2] + jpeg.segment(0xE0, thumb) + data[20:]


def words_between_scans() -> bytes:
    data = encode_image(SHEET.convert("RGB"), "JPEG", progressive=True)
    at = [match.start() for match in re.finditer(b"\xff\xda", data)]
    words = jpeg.segment(0xFE, PLANTED) + jpeg.segment(0xE5, PLANTED)
    starts = [0, *at, len(data)]
    return words.join(data[start:end] for start, end in pairwise(starts)) + write_zip()


def words_before_the_end() -> bytes:
    data = encode_image(SHEET, "JPEG")
    return data[:-2] + jpeg.segment(0xFE, PLANTED) + b"\xff\xd9"


def drawing() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", PLANTED.decode())
    words.add_text(PLANTED.decode(), "x", zip=True)
    words.add_itxt("XML:com.adobe.xmp", PLANTED.decode(), PLANTED.decode())
    words.add(b"prVt", PLANTED)
    words.add(b"prVt", PLANTED, after_idat=True)
    second = Image.new("L", SHEET.size)
    data = encode_image(
        SHEET,
        pnginfo=words,
        exif=personal_exif(),
        icc_profile=PLANTED,
        save_all=True,
        append_images=[second],
    )
    return data + write_zip()


def png_of_colours_without_use() -> bytes:
    words = png.chunk(b"PLTE", PLANTED * 3) + png.chunk(b"tRNS", b"\x00\x01" + PLANTED)
    return png.flat(4, 4, between=words)


def png_of_colours_again_and_again() -> bytes:
    palette, again = png.chunk(b"PLTE", PLANTED * 3), png.chunk(b"PLTE", bytes(6) + PLANTED + b"ab")
    alpha = png.chunk(b"tRNS", PLANTED) + png.chunk(b"tRNS", b"\xff\x00" + PLANTED)
    return png.flat(4, 4, png.PALETTE, 1, between=palette + again + alpha)


def png_with_words_after_its_pixels() -> bytes:
    """In the same chunk, where no one looks for chunks, and in others."""
    pixels = png.chunk(b"IDAT", zlib.compress(bytes(20)) + write_zip())
    return png.png(png.header(4, 4), pixels, png.chunk(b"IDAT", PLANTED))


def sticker() -> bytes:
    data = encode_image(
        SHEET.convert("RGB"),
        "WEBP",
        lossless=True,
        exif=personal_exif(),
        xmp=b"<x>" + PLANTED,
        icc_profile=PLANTED,
    )
    length = struct.pack("<I", len(data) - 8 + 8 + len(PLANTED))
    return data[:4] + length + data[8:] + webp.chunk(b"prvt", PLANTED) + write_zip()


def moving_sticker() -> bytes:
    """Whose first frame is smaller than it."""
    frame = webp.frame(webp.still(8), 8, 8, left=2, top=2)
    words = webp.chunk(b"prvt", PLANTED)
    data = webp.animation(16, frame, words, frame, webp.chunk(b"XMP ", PLANTED))
    return data + write_zip()


def cartoon() -> bytes:
    """A GIF with a comment, an application's blocks, text and another frame."""
    words = bytes((len(PLANTED),)) + PLANTED + b"\x00"
    application = b"!\xff\x0bXMP DataXMP" + words
    text = b"!\x01\x0c" + bytes(12) + words
    blocks = b"!\xfe" + words + application + text
    picture = gif.picture(0, 0, 1, 1)
    return gif.screen(1, 1) + blocks + gif.control(0, 1) + picture + blocks + picture + b";"


def bmp_with_profile() -> bytes:
    """BITMAPV5HEADER, with the path of a profile, and words before and after its pixels."""
    header = struct.pack("<IiiHHIIiiII", 124, 2, 2, 1, 24, 0, 16, 0, 0, 0, 0)
    masks = bytes(16)
    header += masks + b"KNIL" + (PLANTED * 6)[:48] + struct.pack("<IIII", 4, 156, len(PLANTED), 0)
    pixels = bytes(range(16))
    file = b"BM" + struct.pack("<I4sI", 0, PLANTED[:4], 14 + len(header) + len(PLANTED))
    return file + header + PLANTED + pixels + PLANTED


def bmp_in_runs() -> bytes:
    rows = b"\x04\x00\x00\x00" * 3 + b"\x00\x04\x01\x02\x03\x04\x00\x01"
    return bmp.bmp(4, 4, rows + PLANTED, compression=bmp.RLE8)


CARRIERS: Final[tuple[Callable[[], bytes], ...]] = (
    photo,
    jfif_with_thumbnail,
    words_between_scans,
    words_before_the_end,
    drawing,
    png_of_colours_without_use,
    png_of_colours_again_and_again,
    png_with_words_after_its_pixels,
    sticker,
    moving_sticker,
    cartoon,
    bmp_with_profile,
    bmp_in_runs,
)


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda each: each.__name__)
def test_nothing_that_was_planted_is_left(carrier: Callable[[], bytes]) -> None:
    image = carrier()
    assert PLANTED in image
    stripped = assert_same_picture_alone(image)
    assert PLANTED not in stripped
    assert PLANTED[:4] not in stripped
    assert b"Exif\x00\x00" not in stripped.replace(
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01", b""
    )


@pytest.mark.parametrize("image_format", FORMATS)
def test_what_follows_the_picture_goes(image_format: str) -> None:
    image = encode_image(SHEET, image_format)
    for rest in (b"x", write_zip(), image, b"\xff\xd9" * 40_000):
        assert assert_same_picture_alone(image + rest) == image


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.name)
def test_every_encoding_stays_the_same_picture(encoding: Encoding) -> None:
    stripped = assert_same_picture_alone(encoding.data)
    if len(stripped) == len(encoding.data):
        with Image.open(io.BytesIO(stripped)) as image:  # whole for others too
            image.load()


@pytest.mark.parametrize("image_format", FORMATS)
def test_a_file_with_nothing_to_strip_stays_as_it_is(image_format: str) -> None:
    image = encode_image(SHEET, image_format)
    assert strip_metadata(image) == image


@pytest.mark.parametrize("orientation", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_orientation_alone_stays_of_exif(image_format: str, orientation: int) -> None:
    options = {"exif": personal_exif(orientation)}
    stripped = assert_same_picture_alone(encode_image(SHEET, image_format, **options))
    with Image.open(io.BytesIO(stripped)) as image:
        exif = image.getexif()
    assert dict(exif) == ({0x0112: orientation} if orientation in range(2, 9) else {})
    assert len(exif.get_ifd(0x8825)) == 0


def test_a_gif_whose_pixels_are_what_follows_them_is_corrupt() -> None:
    """Pillow goes on after the end of the blocks, into a comment or the next frame."""
    image = encode_image(SHEET, "GIF")
    start = len(gif.screen(1, 1)) - 6 + (3 << (image[10] & 7) + 1) + 11
    blocks = image[start:-1]
    torn = image[:start] + b"\x01" + blocks[1:2] + b"\x00"
    rest = blocks[2 : 1 + blocks[0]]
    image = torn + bytes((len(rest),)) + rest + b"\x00;"
    assert decode_image(image).shape == (20, 24)
    with pytest.raises(CorruptImage):
        strip_metadata(image)


@pytest.mark.parametrize(
    "image",
    [
        words_between_scans().replace(b"\xff\xfe", jpeg.segment(0xFE, b"") * 20_000 + b"\xff\xfe"),
        gif.screen(1, 1) + gif.picture(0, 0, 1, 1)[:11] + b"\x01\x44" * 110_000 + b"\x00;",
    ],
    ids=["JPEG", "GIF"],
)
def test_too_many_parts_are_too_complex(image: bytes) -> None:
    with pytest.raises(ImageTooComplex):
        strip_metadata(image)


@pytest.mark.parametrize("image", [b"", b"not an image", b"%PDF-1.7"])
def test_what_is_no_image_is_unsupported(image: bytes) -> None:
    with pytest.raises(UnsupportedImage):
        strip_metadata(image)


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", [each for each in FILES if each.expected is None], ids=lambda file: file.name
)
def test_every_hostile_file_that_is_read_stays_the_same_picture(file: HostileFile) -> None:
    assert_same_picture_alone(file.build())


BAD_IMAGES = os.environ.get("INKLING_BAD_IMAGES")


@pytest.mark.skipif(
    BAD_IMAGES is None, reason="INKLING_BAD_IMAGES names no folder of hostile images"
)
def test_every_bad_image_that_is_read_stays_the_same_picture() -> None:
    folder = Path(BAD_IMAGES or "")
    with (folder / "manifest.tsv").open(newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    accepted = [row["path"] for row in rows if row["expected"] == "accept"]
    assert accepted
    for path in accepted:
        assert_same_picture_alone((folder / path).read_bytes())


def assert_same_picture_or_image_error(image: bytes) -> None:
    try:
        expected = decode_image(image)
    except ImageError:
        return
    try:
        stripped = strip_metadata(image)
    except CorruptImage:
        assert image.startswith(b"GIF")
        return
    assert len(stripped) <= len(image)
    assert strip_metadata(stripped) == stripped
    if image.startswith(b"\xff\xd8"):
        # libjpeg has two ways to read damaged codes, by whether much follows them.
        expected, stripped = decode_image(image + BEYOND), stripped + BEYOND
    assert np.array_equal(decode_image(stripped), expected)


@given(st.sampled_from(ENCODINGS), st.data())
@settings(deadline=None, max_examples=300)
def test_any_file_with_bytes_changed_stays_the_same_picture(
    encoding: Encoding, data: st.DataObject
) -> None:
    damaged = bytearray(encoding.data)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert_same_picture_or_image_error(bytes(damaged))


INSERTS: Final = (
    jpeg.segment(0xFE, b"ab"),
    jpeg.segment(0xE0, b"JFIF\x00" + bytes(9)),
    b"\xff\xd9",
    b"\xff\xd3",
    b"\xff",
    b"\x00",
    png.chunk(b"tEXt", b"a\x00b"),
    png.chunk(b"PLTE", bytes(6)),
    webp.chunk(b"XMP ", b"ab"),
    b"!\xfe\x02ab\x00",
    b"\x00\x01",
)


@given(st.sampled_from(ENCODINGS), st.sampled_from(INSERTS), st.data())
@settings(deadline=None, max_examples=300)
def test_any_file_with_parts_put_in_stays_the_same_picture(
    encoding: Encoding, part: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(encoding.data)))
    assert_same_picture_or_image_error(encoding.data[:at] + part + encoding.data[at:])


@given(st.integers(2, 8), st.binary(max_size=200))
def test_any_exif_is_written_anew(orientation: int, rest: bytes) -> None:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    assert read_orientation(exif + rest) == orientation
    image = png.flat(4, 6, between=png.chunk(b"eXIf", exif + rest))
    assert assert_same_picture_alone(image) == png.flat(4, 6, between=png.chunk(b"eXIf", exif))
