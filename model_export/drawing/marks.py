"""What is on a page besides the digit. Each takes a page and an amount, 0 none to 1 the worst.

A mark darkens a clean page (`page.lay_down`), whose digit it finds to keep its measure.
"""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from model_export.drawing.page import Page, find_digit

_DARKEST_RULING: Final = 0.55
_DARKEST_BOX: Final = 0.85
"""Share of the light that a printed line takes. Ruling is fainter than ink, or it hides it."""
_MOST_SPECKS: Final = 60
_MOST_FRAGMENTS: Final = 4


def add_ruling(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """Ruled or squared paper: lines from a half to twice the digit's height apart."""
    left, top, right, bottom = find_digit(page)
    height, width = page.shape
    size = max(right - left, bottom - top)
    spacing = max(5.0, size * generator.uniform(0.5, 2))
    thickness = max(1.0, size * generator.uniform(0.005, 0.03))
    darkness = np.float32(_DARKEST_RULING * amount)
    ruled = page * (1 - darkness * _lines(height, spacing, thickness, generator)[:, None])
    if generator.random() < 0.5:
        ruled = ruled * (1 - darkness * _lines(width, spacing, thickness, generator))
    return ruled


def add_box(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """A printed field around the digit, as forms have; now and then the digit touches it."""
    left, top, right, bottom = find_digit(page)
    size = max(right - left, bottom - top)
    thickness = max(1, round(size * generator.uniform(0.01, 0.04)))
    gaps = size * np.exp(generator.uniform(np.log(0.08), np.log(0.5), 4)) + thickness
    if generator.random() < 0.12:
        gaps[generator.integers(4)] = size * generator.uniform(-0.02, 0.02)
    mask = Image.new("L", page.shape[::-1], 0)
    box = (left - gaps[0], top - gaps[1], right + gaps[2], bottom + gaps[3])
    whole = [round(float(edge)) for edge in box]
    ImageDraw.Draw(mask).rectangle(whole, outline=255, width=thickness)
    return _darken(page, mask, _DARKEST_BOX * amount)


def add_specks(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """Dust and specks, each up to a fiftieth of the page's side."""
    mask = Image.new("L", page.shape[::-1], 0)
    draw = ImageDraw.Draw(mask)
    largest = max(page.shape) * (0.003 + 0.007 * amount)
    for _ in range(int(generator.integers(1, 2 + round(_MOST_SPECKS * amount)))):
        x, y = generator.uniform(0, 1, 2) * mask.size
        across, down = generator.uniform(0.2, 1, 2) ** 2 * largest
        darkness = int(generator.integers(60, 256))
        draw.ellipse((x - across, y - down, x + across, y + down), fill=darkness)
    return _darken(page, mask, 0.4 + 0.5 * amount)


def add_fragments(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """Ends of the neighbours' strokes at the edge of what was cut out, clear of the digit."""
    left, top, right, bottom = find_digit(page)
    height, width = page.shape
    room = np.array([left, top, width - right, height - bottom])  # between digit and each edge
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    thickness = max(1, round(0.06 * max(right - left, bottom - top)))
    for _ in range(int(generator.integers(1, 2 + round((_MOST_FRAGMENTS - 1) * amount)))):
        edge = int(generator.integers(4))
        depth = min(0.06 * max(page.shape), 0.4 * float(room[edge]))
        if depth < 2:
            continue
        length = width if edge % 2 else height
        start, reach = generator.uniform(0, length), generator.normal(0, 0.08 * length)
        inward = depth * generator.uniform(0.2, 1)
        along = [(start, -thickness), (start + reach, inward), (start + 2 * reach, -thickness)]
        if edge % 2 == 0:
            along = [(deep, place) for place, deep in along]
        if edge == 2:
            along = [(width - x, y) for x, y in along]
        if edge == 3:
            along = [(x, height - y) for x, y in along]
        draw.line([(float(x), float(y)) for x, y in along], fill=255, width=thickness)
    return _darken(page, mask, 0.9)


def _lines(length: int, spacing: float, thickness: float, generator: np.random.Generator) -> Page:
    """float32 (length,): 1 where a line is, with soft edges."""
    offset = generator.uniform(0, spacing)
    places = (np.arange(length, dtype=np.float32) + np.float32(offset)) % np.float32(spacing)
    away = np.abs(places - np.float32(spacing / 2))
    lines: Page = np.clip(np.float32(thickness / 2 + 0.5) - away, 0, 1)
    return lines


def _darken(page: Page, mask: Image.Image, darkness: float) -> Page:
    return page * (1 - np.asarray(mask, np.float32) * np.float32(darkness / 255))
