"""From the bytes that people send to the answer that they get."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from model_export.drawing.strokes import Pen
from recognition.card import load_model
from recognition.classifier import DigitClassifier
from recognition.errors import UnsupportedImage
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.conftest import DrawDigit, encode_image

DIGITS = range(10)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_drawn_digit_is_read_in_every_format(
    recognizer: Recognizer, draw_digit: DrawDigit, digit: int, image_format: str
) -> None:
    recognition = recognizer.recognize(draw_digit(digit, image_format))
    assert (recognition.outcome, recognition.digit) == (Outcome.DIGIT, digit)
    assert recognition.confidence > 0.5


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("ink", [0, 255])
def test_a_transparent_canvas_is_read_in_either_ink(
    recognizer: Recognizer, draw_digit: DrawDigit, digit: int, ink: int
) -> None:
    data = draw_digit(digit, pen=Pen(ink=ink), transparent=True)
    assert recognizer.recognize(data).digit == digit


@pytest.mark.parametrize("pen", [Pen(0.02), Pen(0.05), Pen(0.12), Pen(0.07, ink=90, paper=190)])
@pytest.mark.parametrize("side", [64, 280, pytest.param(1400, marks=pytest.mark.slow)])
def test_pens_and_sizes_change_no_answer(
    recognizer: Recognizer, draw_digit: DrawDigit, pen: Pen, side: int
) -> None:
    answers = [recognizer.recognize(draw_digit(d, pen=pen, side=side)).digit for d in DIGITS]
    assert answers == list(DIGITS)


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_an_empty_sheet_is_blank(recognizer: Recognizer, paper: int) -> None:
    recognition = recognizer.recognize(encode_image(Image.new("L", (280, 280), paper)))
    assert recognition.outcome is Outcome.BLANK
    assert recognition.digit is None
    assert recognition.pixels is None
    assert recognition.box is None
    assert recognition.strangeness == 1
    assert sum(recognition.scores) == pytest.approx(1)


def test_an_empty_transparent_canvas_is_blank(recognizer: Recognizer) -> None:
    data = encode_image(Image.new("RGBA", (280, 280), (0, 0, 0, 0)))
    assert recognizer.recognize(data).outcome is Outcome.BLANK


def test_an_answer_below_the_threshold_is_uncertain(draw_digit: DrawDigit) -> None:
    model, card = load_model()
    demanding = Recognizer(DigitClassifier(model), dataclasses.replace(card, uncertain_below=1.01))
    recognition = demanding.recognize(draw_digit(7))
    assert (recognition.outcome, recognition.digit) == (Outcome.UNCERTAIN, 7)


def test_what_is_stranger_than_the_threshold_is_no_digit(draw_digit: DrawDigit) -> None:
    model, card = load_model()
    wary = Recognizer(DigitClassifier(model), dataclasses.replace(card, not_a_digit_above=-1))
    recognition = wary.recognize(draw_digit(7))
    assert (recognition.outcome, recognition.digit) == (Outcome.NOT_A_DIGIT, None)
    assert recognition.nearest_digit == 7


def test_the_answer_says_what_the_model_saw(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    recognition = recognizer.recognize(draw_digit(7))
    assert recognition.pixels is not None
    assert recognition.pixels.shape == (28, 28)
    assert recognition.box is not None
    assert recognition.confidence == max(recognition.scores)
    assert recognition.nearest_digit == 7
    assert np.isclose(sum(recognition.scores), 1)


def test_what_is_no_image_is_an_error_not_an_answer(recognizer: Recognizer) -> None:
    with pytest.raises(UnsupportedImage):
        recognizer.recognize(b"7")


def test_numbers_have_the_digits_that_float32_has_and_no_more(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    """As a float64, 0.9999038 would be written 0.9999037981033325."""
    recognition = recognizer.recognize(draw_digit(7))
    for number in (*recognition.scores, recognition.strangeness):
        assert repr(number) == repr(float(str(np.float32(number))))
        assert len(repr(number).partition("e")[0].strip("0.").replace(".", "")) <= 9
