"""Drawings in the thinnest of lines, in the worst of light."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from recognition.hairline import SMALLEST, find_hairlines
from recognition.paper import measure_contrast

SIDE = 300
PAPER, INK = 230, 90
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))


def draw(width: int = 3, side: int = SIDE, paper: int = PAPER, ink: int = INK) -> np.ndarray:
    """A 7 in lines of so many pixels."""
    sheet = Image.new("L", (side, side), paper)
    points = [(x * side, y * side) for x, y in SEVEN]
    ImageDraw.Draw(sheet).line(points, fill=ink, width=width, joint="curve")
    return np.asarray(sheet)


def shade(image: np.ndarray, loss: float = 0.5) -> np.ndarray:
    """Under a hard shadow over a corner, whose edge crosses the 7."""
    down, across = np.indices(image.shape) / max(image.shape)
    return np.asarray(np.where(down + 2 * across > 1.6, image * (1 - loss), image), np.uint8)


def soften(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).filter(ImageFilter.BoxBlur(1)))


@pytest.mark.parametrize(
    ("paper", "ink", "loss"),
    [(PAPER, INK, 0.2), (PAPER, INK, 0.4), (160, 110, 0.2), (INK, PAPER, 0.2)],
)
def test_hairline_across_the_edge_of_a_shadow_is_the_only_ink(
    paper: int, ink: int, loss: float
) -> None:
    contrast, full, noise = measure_contrast(shade(draw(paper=paper, ink=ink), loss))
    found = contrast > (full + noise) / 2
    line = draw(paper=0, ink=1).astype(bool)
    near = draw(width=9, paper=0, ink=1).astype(bool)
    assert not found[~near].any()
    assert found[line].mean() > 0.7


def test_hairline_is_found_in_grain() -> None:
    grain = np.random.default_rng(1).normal(0, 5, (SIDE, SIDE))
    noisy = np.clip(shade(draw()) + grain, 0, 255).astype(np.uint8)
    assert find_hairlines(soften(noisy)) is not None


@pytest.mark.parametrize("width", [24, 45])
def test_bold_digit_is_not_a_drawing_in_hairlines(width: int) -> None:
    assert find_hairlines(soften(shade(draw(width)))) is None


def test_bold_digit_on_ruled_paper_is_not_a_drawing_in_hairlines() -> None:
    page = draw(30).copy()
    page[40::40] = 140
    assert find_hairlines(soften(page)) is None


def test_bold_digit_in_a_thin_box_is_not_a_drawing_in_hairlines() -> None:
    page = Image.fromarray(draw(30))
    ImageDraw.Draw(page).rectangle((30, 30, 270, 270), outline=100, width=2)
    assert find_hairlines(soften(np.asarray(page))) is None


def test_paper_between_a_stroke_and_a_shadow_is_no_light_line() -> None:
    page = draw(30).copy()
    page[85 + 12 :] = page[85 + 12 :] // 2  # a few pixels below the bar
    assert find_hairlines(soften(page)) is None


def test_shadow_alone_is_not_a_drawing() -> None:
    assert find_hairlines(soften(shade(np.full((SIDE, SIDE), PAPER, np.uint8)))) is None


def test_thumbnail_is_left_to_the_wider_elements() -> None:
    assert find_hairlines(soften(draw(2, side=SMALLEST - 1))) is None
    assert find_hairlines(soften(draw(2, side=SMALLEST + 20))) is not None
