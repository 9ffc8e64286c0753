"""One fault at a time, at five levels: where the recogniser begins to fail, and at what."""

from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image

from model_export.drawing.lens import add_noise, compress, defocus
from model_export.drawing.light import add_light, add_shadow
from model_export.drawing.marks import add_box, add_ruling, add_specks
from model_export.drawing.page import Page, lay_down, measure_line, take_up
from model_export.drawing.paper import LONGEST_SIDE
from recognition.image import GreyImage

LEVELS: Final = range(1, 6)
Corruption = Callable[[GreyImage, int, np.random.Generator], GreyImage]
"""A picture of either polarity and a level, 1 to 5, to a picture dark on light."""
_Fault = Callable[[Page, float, np.random.Generator], Page]

_QUALITIES: Final = (40, 25, 15, 9, 5)
_CONTRASTS: Final = (0.6, 0.4, 0.27, 0.18, 0.12)
"""Of white: the lightest, faintest pencil is three times a blank's own contrast."""
_DEGREES: Final = 7
"""At each level: 7 to 35, either way."""
_BLUR_LINES: Final = 0.2
"""At each level: the Gaussian's standard deviation over the line's width."""


def _spoil(fault: _Fault) -> Corruption:
    """Let a fault grow evenly with the level, on paper that is not quite white."""

    def corrupt(picture: GreyImage, level: int, generator: np.random.Generator) -> GreyImage:
        page = fault(lay_down(picture, LONGEST_SIDE), level / LEVELS[-1], generator)
        return take_up(page * np.float32(0.9))

    return corrupt


def _blur(picture: GreyImage, level: int, generator: np.random.Generator) -> GreyImage:
    page = lay_down(picture, LONGEST_SIDE)
    return defocus(take_up(page), _BLUR_LINES * level * measure_line(page))


def _compress(picture: GreyImage, level: int, generator: np.random.Generator) -> GreyImage:
    return compress(take_up(lay_down(picture, LONGEST_SIDE)), _QUALITIES[level - 1])


def _fade(picture: GreyImage, level: int, generator: np.random.Generator) -> GreyImage:
    page = lay_down(picture, LONGEST_SIDE)
    return take_up(0.9 - np.float32(_CONTRASTS[level - 1]) * (1 - page))


def _rotate(picture: GreyImage, level: int, generator: np.random.Generator) -> GreyImage:
    page = lay_down(picture, LONGEST_SIDE)
    degrees = _DEGREES * level * (1 if generator.random() < 0.5 else -1)
    turned = Image.fromarray(take_up(page)).rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    return np.asarray(turned)


CORRUPTIONS: Final[dict[str, Corruption]] = {
    "noise": _spoil(lambda page, amount, generator: add_noise(page, 2 * amount, generator)),
    "blur": _blur,
    "JPEG": _compress,
    "light": _spoil(lambda page, amount, generator: add_light(page, 1.6 * amount, generator)),
    "shadow": _spoil(lambda page, amount, generator: add_shadow(page, 1.3 * amount, generator)),
    "specks": _spoil(add_specks),
    "ruled lines": _spoil(add_ruling),
    "box": _spoil(add_box),
    "low contrast": _fade,
    "rotation": _rotate,
}
"""By the name that the report gives each."""
