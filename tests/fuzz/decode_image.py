"""A coverage-guided fuzzer for `decode_image`, and for what makes a digit of its result.

`python -m tests.fuzz.decode_image FOLDER -max_total_time=60` writes seeds to a new folder and goes
on from there; other options are libFuzzer's. A file that ends in anything but a grey image or an
ImageError stops it, and is left beside the seeds.
"""

import random
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["recognition", "PIL"]):
    from recognition.errors import ImageError
    from recognition.image import decode_image
    from recognition.preprocessing import normalize_digit

import numpy as np
from PIL import Image

from recognition.limits import MAX_PIXELS
from tests.recognition.encodings import encode_everyhow
from tests.recognition.hostile import gif, jpeg, png, webp

NORMALIZED_PIXELS: Final = 100_000
"""Larger results are looked at no further: a second each would go into averaging them."""
SMALL: Final = 4096
"""Bytes of a seed, at most."""


def fuzz(data: bytes) -> None:
    try:
        grey = decode_image(data)
    except ImageError:
        return
    assert grey.dtype == np.uint8
    assert grey.ndim == 2
    assert 0 < grey.size <= MAX_PIXELS
    if grey.size > NORMALIZED_PIXELS:
        return
    normalized = normalize_digit(grey)
    if normalized is not None:
        assert normalized.pixels.shape == (28, 28)
        assert 0 <= normalized.pixels.min() <= normalized.pixels.max() <= 1


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """libFuzzer's own mutation, with sums and lengths set right three times out of four: else no
    damage would get past them."""
    mutated = atheris.Mutate(data, max_size)
    if random.Random(seed).random() < 0.75:
        return (repair_png(mutated) or repair_webp(mutated) or mutated)[:max_size]
    return bytes(mutated)


def repair_png(data: bytes) -> bytes | None:
    """The checksums."""
    if not data.startswith(png.SIGNATURE):
        return None
    repaired, start = bytearray(data), len(png.SIGNATURE)
    while start + 12 <= len(repaired):
        (length,) = struct.unpack_from(">I", repaired, start)
        end = start + 8 + length
        if end + 4 > len(repaired):
            break
        repaired[end : end + 4] = struct.pack(">I", zlib.crc32(repaired[start + 4 : end]))
        start = end + 4
    return bytes(repaired)


def repair_webp(data: bytes) -> bytes | None:
    """The length of the whole."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def write_seeds(folder: Path) -> None:
    """Every encoding of a small picture, and what is hostile in little."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet = Image.new("L", (12, 12), 255)
    sheet.paste(0, (5, 2, 7, 10))
    seeds: dict[str, bytes] = {each.name: each.data for each in encode_everyhow(sheet)}
    hostile: dict[str, Callable[[], bytes]] = {
        "gif": gif.gif_of_a_picture_beside_its_screen,
        "scans": lambda: jpeg.progressive(64, 64, 6, components=3),
        "animation": lambda: webp.animation(8, webp.frame(webp.still(4), 4, 4) * 3),
    }
    seeds |= {name: build() for name, build in hostile.items()}
    for number, data in enumerate(seeds.values()):
        if len(data) <= SMALL:
            (folder / f"seed-{number:03}").write_bytes(data)


def main() -> None:
    options = sys.argv[1:]
    folder = Path(next(option for option in options if not option.startswith("-")))
    write_seeds(folder)
    # What one file may take: longer than its limits allow, and more.
    limits = ["-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={folder}/", "-max_len=8192"]
    atheris.Setup([sys.argv[0], *limits, *options], fuzz, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
