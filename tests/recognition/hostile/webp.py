"""WebPs: the most pixels in every way that they are coded, frames without end."""

import struct

from PIL import Image

from recognition.errors import CorruptImage, ImageTooComplex, TooManyPixels
from tests.conftest import encode_image
from tests.recognition.hostile.files import hostile
from tests.recognition.hostile.jpeg import noise
from tests.recognition.hostile.metadata import sharing_exif

ANIMATED, WITH_EXIF, WITH_ALPHA = 0x02, 0x08, 0x10


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)


def webp(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def extended(width: int, height: int, flags: int) -> bytes:
    return chunk(b"VP8X", struct.pack("<I", flags) + size(width, height))


def size(width: int, height: int) -> bytes:
    return (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def frame(image: bytes, width: int, height: int, left: int = 0, top: int = 0) -> bytes:
    """A frame of an animation, from a still file."""
    place = (left // 2).to_bytes(3, "little") + (top // 2).to_bytes(3, "little")
    return chunk(b"ANMF", place + size(width, height) + bytes(4) + image[12:])


def still(side: int, colour: int | tuple[int, ...] = 0, mode: str = "RGB") -> bytes:
    return encode_image(
        Image.new(mode, (side, side), colour), "WEBP", lossless=True, quality=0, method=0
    )


def animation(side: int, *frames: bytes) -> bytes:
    return webp(extended(side, side, ANIMATED | WITH_ALPHA), chunk(b"ANIM", bytes(6)), *frames)


def stripes(mode: str) -> Image.Image:
    """25 megapixels, of one row again and again."""
    return noise(400, mode).crop((0, 0, 400, 1)).resize((5000, 5000), Image.Resampling.NEAREST)


@hostile()
def webp_lossy_25_megapixels() -> bytes:
    return encode_image(noise(5000), "WEBP", quality=1, method=0)


@hostile()
def webp_lossless_25_megapixels() -> bytes:
    return encode_image(stripes("RGB"), "WEBP", lossless=True, quality=0, method=0)


@hostile()
def webp_lossless_with_alpha_25_megapixels() -> bytes:
    return encode_image(stripes("RGBA"), "WEBP", lossless=True, quality=0, method=0)


@hostile(ImageTooComplex)
def webp_lossy_with_alpha_25_megapixels() -> bytes:
    return colours_with_alpha(5000, 5000)


@hostile()
def webp_lossy_with_alpha_22_megapixels() -> bytes:
    return colours_with_alpha(5000, 4400)


def colours_with_alpha(width: int, height: int) -> bytes:
    """Colours with loss, and transparency coded as if it were colours: it takes four bytes a pixel
    while it is decoded, where one would do."""
    bounds = (0, 0, width, height)
    alpha = encode_image(stripes("RGB").crop(bounds), "WEBP", lossless=True, quality=0, method=0)
    alpha = b"\x01" + alpha[12 + 8 + 5 :]  # without the header that says its size
    opaque = encode_image(noise(5000).crop(bounds), "WEBP", quality=1, method=0)
    return webp(extended(width, height, WITH_ALPHA), chunk(b"ALPH", alpha), opaque[12:])


@hostile()
def webp_animation_of_25_megapixels() -> bytes:
    return animation(5000, frame(still(4998), 4998, 4998, 2, 2))


@hostile()
def webp_animation_of_20000_frames() -> bytes:
    return animation(4, frame(still(4), 4, 4) * 20_000)


@hostile(ImageTooComplex)
def webp_of_500000_chunks() -> bytes:
    return webp(extended(4, 4, 0), still(4)[12:], chunk(b"none", b"") * 500_000)


@hostile()
def webp_with_exif_entries_that_share_3_megabytes() -> bytes:
    return webp(extended(4, 4, WITH_EXIF), still(4)[12:], chunk(b"EXIF", sharing_exif(3_000_000)))


@hostile(TooManyPixels)
def webp_of_a_canvas_of_281_terapixels() -> bytes:
    return animation(2**24, frame(still(4), 4, 4))


@hostile(CorruptImage)
def webp_with_a_frame_beyond_its_canvas() -> bytes:
    return animation(4, frame(still(4), 4, 4, left=2**24))


@hostile(CorruptImage)
def webp_with_a_frame_larger_than_it_says() -> bytes:
    return animation(8, frame(still(64), 4, 4))


@hostile(CorruptImage)
def webp_with_an_image_larger_than_its_canvas() -> bytes:
    return webp(extended(4, 4, 0), still(64)[12:])


@hostile(CorruptImage)
def webp_that_says_it_is_longer_than_it_is() -> bytes:
    data = still(4)
    return data[:4] + struct.pack("<I", 2**31) + data[8:]
