"""A page to spoil: a digit by our own pen."""

import numpy as np

from model_export.drawing.page import Page, lay_down
from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.image import GreyImage


def draw_picture(digit: int = 4, side: int = 200, pen: Pen | None = None) -> GreyImage:
    return np.asarray(render_strokes(DIGIT_STROKES[digit], side=side, pen=pen))


def draw_page(digit: int = 4, side: int = 200) -> Page:
    return lay_down(draw_picture(digit, side), side)
