"""`photograph`: a clean picture as a camera or a scanner finds it on paper.

First what is printed on the page, then its own tone and texture, the light on it, the lens before
it, and the file that comes of it.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image

from model_export.drawing.lens import add_noise, compress, defocus, smear, tilt_page
from model_export.drawing.light import add_light, add_shadow, add_vignette
from model_export.drawing.marks import add_box, add_fragments, add_ruling, add_specks
from model_export.drawing.page import Page, lay_down, measure_line, take_up
from recognition.image import GreyImage

LONGEST_SIDE: Final = 320
"""Pixels, to which larger pictures are averaged down."""
_BLACKBOARD_SHARE: Final = 0.08
"""Chalk on a board, and negatives. Drawings that are light on dark become ink on paper else."""
_WIDEST_BLUR: Final = 0.45
"""Standard deviation over the line's width: beyond it a person can't read the digit either."""
_FULL_LINE: Final = 4.0
"""Pixels, from which a line bears the palest ink and the most noise; a thinner one, less."""
_MOST_MOTTLE: Final = 0.07
_MOST_GRAIN: Final = 0.04
"""Standard deviations of the paper's tone, between regions and between pixels."""

_MARKS: Final = (
    (add_ruling, 0.3),
    (add_box, 0.15),
    (add_specks, 0.25),
    (add_fragments, 0.15),
    (tilt_page, 0.3),
)
_LIGHTS: Final = ((add_light, 0.6), (add_shadow, 0.35))
"""How often each is there, at full strength."""


def photograph(
    picture: GreyImage, generator: np.random.Generator, strength: float = 1.0
) -> GreyImage:
    """Photograph or scan a drawing, with any faults that people's pictures have.

    Args:
        picture: uint8 (height, width) of either polarity, its rim paper.
        strength: 0 a good scan to 1 a bad photo at the worst; each picture draws its own below it.

    Returns:
        uint8 (height, width), the longer side `LONGEST_SIDE` at most; dark on light but for a few.
    """
    page = lay_down(picture, LONGEST_SIDE)
    line = measure_line(page)
    firmness = min(1.0, line / _FULL_LINE)
    for mark, share in _MARKS:
        if generator.random() < share * strength:
            page = mark(page, strength * generator.uniform(0.1, 1), generator)
    paper, ink = _choose_tones(firmness * strength, generator)
    page = ink + (paper - ink) * page
    page = add_texture(page, strength * generator.random() ** 2, generator)
    for light, share in _LIGHTS:
        if generator.random() < share * strength:
            page = light(page, strength * generator.random(), generator)
    if generator.random() < 0.25 * strength:
        page = add_vignette(page, strength * generator.random())
    photo = blur(page, line, strength * generator.random(), generator)
    noise = strength * firmness * abs(paper - ink) * generator.random() ** 2
    if noise > 0.04:
        photo = _add_noise(photo, noise, generator)
    return compress(photo, round(95 - 65 * strength * generator.random()))


def _choose_tones(amount: float, generator: np.random.Generator) -> tuple[float, float]:
    """How light paper and ink are, 0 black to 1 white: the more, the greyer and the paler."""
    if generator.random() < _BLACKBOARD_SHARE:
        return generator.uniform(0.05, 0.1 + 0.25 * amount), generator.uniform(0.6, 1)
    paper = 1 - 0.45 * amount * generator.random()
    return paper, paper * generator.uniform(0.03, 0.15 + 0.45 * amount)


def _add_noise(photo: GreyImage, amount: float, generator: np.random.Generator) -> GreyImage:
    return take_up(add_noise(photo.astype(np.float32) / np.float32(255), amount, generator))


def add_texture(page: Page, amount: float, generator: np.random.Generator) -> Page:
    """A paper's own unevenness: cloudy over the page, and grain from pixel to pixel."""
    knots = generator.standard_normal(generator.integers(2, 7, 2), dtype=np.float32)
    clouds = Image.fromarray(knots).resize(page.shape[::-1], Image.Resampling.BICUBIC)
    texture = np.float32(_MOST_MOTTLE * amount) * np.asarray(clouds)
    if amount > 0.25:
        grain = generator.standard_normal(page.shape, dtype=np.float32)
        texture = texture + np.float32(_MOST_GRAIN * amount) * grain
    return page * (1 + texture)


def blur(page: Page, line: float, amount: float, generator: np.random.Generator) -> GreyImage:
    """Out of focus, or moved; never so far that a line of this many pixels is lost."""
    photo = take_up(page)
    sigma = amount * min(_WIDEST_BLUR * line, max(page.shape) / 70)
    if sigma < 0.3:
        return photo
    if generator.random() < 0.25:
        return smear(photo, 1 + 2 * sigma, generator)
    return defocus(photo, sigma)


def photograph_plainly(picture: GreyImage, generator: np.random.Generator) -> GreyImage:
    """Grey paper, uneven light, blur and JPEG, each as strong in every picture.

    Args:
        picture: uint8 (height, width) of either polarity, its rim paper.

    Returns:
        uint8 (height, width), dark on light, the longer side `LONGEST_SIDE` at most.
    """
    page = lay_down(picture, LONGEST_SIDE)
    line = measure_line(page)
    page = add_texture(0.15 + 0.6 * page, 0.4, generator)
    light = (add_light, add_shadow)[generator.integers(2)]
    page = light(page, 0.6, generator)
    photo = defocus(take_up(page), min(0.35 * line, 2.0))
    return compress(_add_noise(photo, 0.15, generator), 50)


PAPER: Final[dict[str, Callable[[GreyImage, np.random.Generator], GreyImage]]] = {
    "paper, light, blur and JPEG": photograph_plainly
}
"""What evaluation does to each of `canvas.RENDERINGS`, by the name that the report gives it."""
