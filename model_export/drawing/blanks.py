"""Pictures with nothing to read: paper, light, noise and patterns."""

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
"""uint8 (height, width), 0 black to 255 white."""
Field = NDArray[np.float64]
"""float64 (height, width), grey levels that may leave 0 to 255."""

MIN_SIDE: Final = 28
MAX_SIDE: Final = 400
"""Of a picture, in pixels; small ones come up as often as large ones."""
MAX_ASPECT: Final = 1.6
_FIBRE: Final = 8
"""Pixels that a fibre of paper is long; it is one wide."""


def draw_blank(generator: np.random.Generator) -> Picture:
    """Draw a picture of a random kind and size, with no digit in it.

    Returns:
        uint8 (height, width), 0 black to 255 white; either side 28 to 400 pixels.
    """
    kinds = tuple(BLANKS.values())
    return kinds[generator.integers(len(kinds))](generator)


def _draw_size(generator: np.random.Generator) -> tuple[int, int]:
    """Height and width."""
    side = np.exp(generator.uniform(np.log(MIN_SIDE), np.log(MAX_SIDE)))
    aspect = MAX_ASPECT ** generator.uniform(-0.5, 0.5) if generator.random() < 0.5 else 1.0
    height, width = np.clip(np.rint([side * aspect, side / aspect]), MIN_SIDE, MAX_SIDE)
    return int(height), int(width)


def _positions(size: tuple[int, int]) -> tuple[Field, Field]:
    """How far down and across each pixel is, 0 to 1, the longer side 1."""
    height, width = size
    down, across = np.mgrid[:height, :width] / max(size)
    return down, across


def _to_picture(field: Field) -> Picture:
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)


def _draw_levels(generator: np.random.Generator, least: float) -> tuple[float, float]:
    """Two grey levels, at least so far apart, either one the lighter."""
    low = generator.uniform(0, 255 - least)
    high = generator.uniform(low + least, 255)
    return (low, high) if generator.random() < 0.5 else (high, low)


def _blend(share: Field, generator: np.random.Generator, least: float = 30) -> Picture:
    """A picture between two greys; `share` is 0 to 1, how much of the second."""
    first, second = _draw_levels(generator, least)
    return _to_picture(first + (second - first) * share)


def _add_noise(field: Field, deviation: float, generator: np.random.Generator) -> Field:
    return field + deviation * generator.standard_normal(field.shape)


def _soften(size: tuple[int, int], cells: int, generator: np.random.Generator) -> Field:
    """Smooth noise: so many random values along the longer side, interpolated; deviation 1."""
    height, width = size
    rows = max(2, round(cells * height / max(size)))
    columns = max(2, round(cells * width / max(size)))
    values = generator.standard_normal((rows, columns)).astype(np.float32)
    smooth = Image.fromarray(values).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(smooth, dtype=np.float64)


def _draw_empty(generator: np.random.Generator) -> Picture:
    """White, or black as an empty canvas with a dark page is."""
    return np.full(_draw_size(generator), generator.choice([0, 255]), np.uint8)


def _draw_flat(generator: np.random.Generator) -> Picture:
    return np.full(_draw_size(generator), generator.integers(0, 256), np.uint8)


def _draw_gradient(generator: np.random.Generator) -> Picture:
    down, across = _positions(_draw_size(generator))
    angle = generator.uniform(0, 2 * np.pi)
    way = np.cos(angle) * down + np.sin(angle) * across
    return _blend((way - way.min()) / np.ptp(way), generator)


def _draw_glow(generator: np.random.Generator) -> Picture:
    """Light or shade from one spot, falling off over all of the picture."""
    down, across = _positions(_draw_size(generator))
    row, column = generator.uniform(-0.2, 1.2, 2)
    distance = np.hypot(down - row, across - column)
    return _blend(distance / distance.max(), generator)


def _draw_uniform_noise(generator: np.random.Generator) -> Picture:
    low, high = sorted(_draw_levels(generator, 60))
    return _to_picture(generator.uniform(low, high, _draw_size(generator)))


def _draw_gaussian_noise(generator: np.random.Generator) -> Picture:
    field = np.full(_draw_size(generator), generator.uniform(20, 235))
    return _to_picture(_add_noise(field, generator.uniform(2, 60), generator))


def _draw_salt_and_pepper(generator: np.random.Generator) -> Picture:
    size = _draw_size(generator)
    field = np.full(size, generator.integers(0, 256), np.uint8)
    field[generator.random(size) < generator.uniform(0.01, 0.3)] = 0
    field[generator.random(size) < generator.uniform(0.01, 0.3)] = 255
    return field


def _draw_clouds(generator: np.random.Generator) -> Picture:
    """Smooth noise of several scales."""
    size = _draw_size(generator)
    fall = generator.uniform(0.3, 0.8)
    field = np.zeros(size)
    for octave in range(int(generator.integers(1, 6))):
        field += fall**octave * _soften(size, 3 * 2**octave, generator)
    return _blend((field - field.min()) / np.ptp(field), generator)


def _draw_blotches(generator: np.random.Generator) -> Picture:
    """Smooth noise cut at one level, many patches of it."""
    size = _draw_size(generator)
    field = _soften(size, int(generator.integers(9, 20)), generator)
    return _blend(np.clip(field * generator.uniform(2, 20) + 0.5, 0, 1), generator)


def _draw_paper(generator: np.random.Generator) -> Picture:
    """Fibres and grain on a light ground."""
    size = _draw_size(generator)
    field = np.full(size, generator.uniform(170, 250))
    field += generator.uniform(0, 6) * _soften(size, 40, generator)
    narrow = _soften((size[0], -(-size[1] // _FIBRE)), 30, generator)
    field += generator.uniform(0, 5) * np.repeat(narrow, _FIBRE, axis=1)[:, : size[1]]
    return _to_picture(_add_noise(field, generator.uniform(0.5, 6), generator))


def _draw_uneven_light(generator: np.random.Generator) -> Picture:
    """Bare paper, photographed: a shadow across it, and a sensor's noise."""
    size = _draw_size(generator)
    down, across = _positions(size)
    angle = generator.uniform(0, 2 * np.pi)
    way = np.cos(angle) * (down - 0.5) + np.sin(angle) * (across - 0.5)
    shadow = 1 / (1 + np.exp(-(way - generator.uniform(-0.3, 0.3)) * generator.uniform(3, 25)))
    light = generator.uniform(150, 250) * (1 - generator.uniform(0.1, 0.6) * shadow)
    light += generator.uniform(0, 10) * _soften(size, 4, generator)
    return _to_picture(_add_noise(light, generator.uniform(0.3, 6), generator))


def _draw_stripes(generator: np.random.Generator) -> Picture:
    """Five or more, hard or soft, in any direction."""
    down, across = _positions(_draw_size(generator))
    angle = generator.uniform(0, np.pi)
    way = (np.cos(angle) * down + np.sin(angle) * across) * generator.uniform(7, 14)
    wave = np.sin(2 * np.pi * way + generator.uniform(0, 2 * np.pi))
    return _blend(np.clip(wave * generator.uniform(0.5, 10) + 0.5, 0, 1), generator)


def _draw_checkerboard(generator: np.random.Generator) -> Picture:
    down, across = _positions(_draw_size(generator))
    cells = generator.integers(4, 15)
    odd = (np.floor(down * cells) + np.floor(across * cells)) % 2
    return _blend(odd, generator)


def _draw_halftone(generator: np.random.Generator) -> Picture:
    """Dots on a grid, larger towards one side."""
    down, across = _positions(_draw_size(generator))
    cells = generator.uniform(6, 16)
    angle = generator.uniform(0, np.pi / 2)
    u = (np.cos(angle) * across - np.sin(angle) * down) * cells
    v = (np.sin(angle) * across + np.cos(angle) * down) * cells
    distance = np.hypot(u - np.rint(u), v - np.rint(v))
    radius = 0.15 + 0.3 * (across if generator.random() < 0.5 else down)
    return _blend(np.clip((radius - distance) * 8 + 0.5, 0, 1), generator)


def _draw_plasma(generator: np.random.Generator) -> Picture:
    """A few plane and round waves on top of each other."""
    down, across = _positions(_draw_size(generator))
    field = np.zeros(down.shape)
    for _ in range(4):
        row, column = generator.uniform(-1, 2, 2)
        pitch = generator.uniform(8, 30)
        field += np.sin(pitch * np.hypot(down - row, across - column))
    return _blend((field - field.min()) / np.ptp(field), generator)


def _draw_compressed_noise(generator: np.random.Generator) -> Picture:
    """Noise after a JPEG of low quality: blocks and ripples."""
    stream = io.BytesIO()
    Image.fromarray(_draw_gaussian_noise(generator)).save(
        stream, "JPEG", quality=int(generator.integers(5, 50))
    )
    with Image.open(stream) as picture:
        return np.asarray(picture.convert("L"))


BLANKS: Final[dict[str, Callable[[np.random.Generator], Picture]]] = {
    "empty": _draw_empty,
    "flat": _draw_flat,
    "gradient": _draw_gradient,
    "glow": _draw_glow,
    "uniform noise": _draw_uniform_noise,
    "gaussian noise": _draw_gaussian_noise,
    "salt and pepper": _draw_salt_and_pepper,
    "clouds": _draw_clouds,
    "blotches": _draw_blotches,
    "paper": _draw_paper,
    "uneven light": _draw_uneven_light,
    "stripes": _draw_stripes,
    "checkerboard": _draw_checkerboard,
    "halftone": _draw_halftone,
    "plasma": _draw_plasma,
    "compressed noise": _draw_compressed_noise,
}
"""The kinds, by name; each draws one in a size of its own."""
