"""A page is dark on light, whatever the picture was."""

import numpy as np
import pytest

from model_export.drawing.page import find_digit, lay_down, measure_line, take_up
from model_export.drawing.strokes import Pen
from tests.model_export.drawing.pages import draw_page, draw_picture


def test_either_polarity_becomes_dark_on_light() -> None:
    dark, light = draw_picture(), draw_picture(pen=Pen(ink=255, paper=0))
    assert np.allclose(lay_down(dark, 320), lay_down(light, 320), atol=0.01)
    assert lay_down(dark, 320)[0, 0] == 1


def test_faint_ink_becomes_black_and_grey_paper_white() -> None:
    page = lay_down(draw_picture(pen=Pen(ink=150, paper=190)), 320)
    assert (page.min(), page.max()) == (0, 1)


def test_flat_picture_is_an_empty_page() -> None:
    assert (lay_down(np.full((30, 40), 90, np.uint8), 320) == 1).all()


def test_large_picture_is_brought_to_the_longest_side() -> None:
    assert lay_down(np.zeros((300, 600), np.uint8), 320).shape == (160, 320)
    assert lay_down(np.zeros((300, 200), np.uint8), 320).shape == (300, 200)


def test_page_comes_back_as_a_picture() -> None:
    picture = draw_picture()
    assert np.array_equal(take_up(lay_down(picture, 320)), picture)
    assert take_up(np.array([[-0.5, 1.5]], np.float32)).tolist() == [[0, 255]]


def test_digit_is_found() -> None:
    page = np.ones((50, 60), np.float32)
    page[10:30, 20:25] = 0
    assert find_digit(page) == (20, 10, 25, 30)
    assert find_digit(np.ones((50, 60), np.float32)) == (0, 0, 60, 50)


def test_line_is_measured() -> None:
    for digit in range(10):
        assert measure_line(draw_page(digit, 400)) == pytest.approx(28, rel=0.2)
