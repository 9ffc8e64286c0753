"""What a camera or a scanner does to a page. Amounts go from 0 for nothing to 1 for the worst."""

import io
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from model_export.drawing.page import Page
from recognition.image import GreyImage, decode_image

_MOST_NOISE: Final = 0.12
"""Standard deviation, as a share of white."""
_MOST_TURN: Final = np.deg2rad(7)
_MOST_SLANT: Final = 0.08
"""Of the page's side: how far perspective pulls a corner out."""
_KERNEL_SIDE: Final = 5
"""Pixels: the largest kernel that Pillow convolves with."""


def tilt_page(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """See a page from a little aside: turned, in perspective, all of it still in the picture."""
    height, width = page.shape
    angle = generator.uniform(-_MOST_TURN, _MOST_TURN) * amount
    pulls = 1 + 2 * _MOST_SLANT * amount * generator.uniform(0, 1, (4, 1))
    corners = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]]) / 2  # Pillow's order for a quad
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    sides = np.array([width, height])
    # A turned sheet needs a larger picture to be whole in.
    whole = np.cos(angle) + abs(np.sin(angle)) * max(sides) / min(sides)
    quad = (corners * pulls * sides * whole) @ turn + sides / 2
    tilted = Image.fromarray((page * 255).astype(np.uint8)).transform(
        (width, height),
        Image.Transform.QUAD,
        quad.ravel().tolist(),
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    return np.asarray(tilted, np.float32) / np.float32(255)


def defocus(picture: GreyImage, sigma: float) -> GreyImage:
    """Blur evenly; `sigma` is the Gaussian's standard deviation in pixels."""
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(float(sigma))))


def smear(picture: GreyImage, pixels: float, generator: np.random.Generator) -> GreyImage:
    """Move the camera while it looks: a blur along one direction, 1 to 5 pixels long."""
    middle = _KERNEL_SIDE // 2
    angle = generator.uniform(0, np.pi)
    along = np.linspace(-0.5, 0.5, 9) * (min(pixels, _KERNEL_SIDE) - 1)
    kernel = np.zeros((_KERNEL_SIDE, _KERNEL_SIDE))
    rows = np.rint(middle + along * np.sin(angle)).astype(int)
    columns = np.rint(middle + along * np.cos(angle)).astype(int)
    np.add.at(kernel, (rows, columns), 1)
    weights = ImageFilter.Kernel((_KERNEL_SIDE, _KERNEL_SIDE), kernel.ravel().tolist())
    return np.asarray(Image.fromarray(picture).filter(weights))


def add_noise(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """A sensor's noise in each pixel."""
    noise = generator.standard_normal(page.shape, dtype=np.float32)
    return page + np.float32(_MOST_NOISE * amount) * noise


def compress(picture: GreyImage, quality: int) -> GreyImage:
    """To a JPEG of this quality, 1 to 95, and back as the server reads it."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return decode_image(buffer.getvalue())
