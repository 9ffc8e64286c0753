"""Light on a page: never even. Each fault takes a page and an amount, 0 none to 1 the worst."""

from typing import Final

import numpy as np

from model_export.drawing.page import Page

_DARKEST_SIDE: Final = 0.55
_DARKEST_CORNER: Final = 0.5
_DEEPEST_SHADOW: Final = 0.6
"""Shares of the light that are lost."""


def add_light(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """Light from one side, or from a lamp near the page."""
    loss = np.float32(_DARKEST_SIDE * amount)
    if generator.random() < 0.6:
        return page * (1 - loss * _ramp(page, generator, start=0.0, length=1.0))
    height, width = page.shape
    x, y = generator.uniform(0.1, 0.9, 2)
    across = (np.linspace(0, 1, width, dtype=np.float32) - np.float32(x)) ** 2
    down = (np.linspace(0, 1, height, dtype=np.float32) - np.float32(y)) ** 2
    distance = down[:, None] + across
    lit: Page = page * (1 - loss * distance / distance.max())
    return lit


def add_vignette(page: Page, amount: float) -> Page:
    """Corners that a small lens leaves dark."""
    height, width = page.shape
    across = np.linspace(-1, 1, width, dtype=np.float32) ** 2
    down = np.linspace(-1, 1, height, dtype=np.float32) ** 2
    return page * (1 - np.float32(_DARKEST_CORNER * amount / 2) * (down[:, None] + across))


def add_shadow(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """Half the page in the shadow of a hand or a phone, with a soft or a hard edge."""
    softness = float(np.exp(generator.uniform(np.log(0.02), np.log(0.6))))
    shadow = _ramp(page, generator, start=generator.uniform(0.15, 0.75), length=softness)
    return page * (1 - np.float32(_DEEPEST_SHADOW * amount) * shadow)


def _ramp(page: Page, generator: np.random.Generator, *, start: float, length: float) -> Page:
    """float32 (height, width): 0 to 1 along a random direction, from `start` on, for `length`."""
    height, width = page.shape
    angle = generator.uniform(0, 2 * np.pi)
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32) * np.float32(np.cos(angle))
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32) * np.float32(np.sin(angle))
    reach = (abs(np.cos(angle)) + abs(np.sin(angle))) / 2
    # From -reach to reach becomes 0 to 1, of which the ramp takes `length`.
    scale = np.float32(1 / (2 * reach * length))
    offset = np.float32((0.5 - start) / length)
    ramp: Page = np.clip(down[:, None] * scale + (across * scale + offset), 0, 1)
    return ramp
