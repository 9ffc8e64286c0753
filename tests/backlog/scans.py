"""Scans of digits, drawn by the project's own pens."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model_export.drawing.allographs import write_digit
from model_export.drawing.canvas import encode_canvas, random_canvas


@dataclass(frozen=True, slots=True)
class Scan:
    key: str
    digit: int
    image: bytes


def draw_scans(count: int, prefix: str, seed: int = 0) -> Iterator[Scan]:
    """So many digits, each in turn, the same for the same seed."""
    generator = np.random.default_rng(seed)
    for i in range(count):
        digit = i % 10
        canvas = random_canvas(generator)
        image = encode_canvas(write_digit(digit, generator), canvas, generator)
        yield Scan(f"{prefix}{i // 1000:03}/{i:05}.{find_type(image)}", digit, image)


def find_type(image: bytes) -> str:
    return "png" if image.startswith(b"\x89PNG") else "jpg"
