"""Whatever picture there is, it becomes a digit in MNIST's form, or is blank."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.preprocessing import NormalizedDigit, normalize_digit

SEEDS = st.integers(0, 2**32 - 1)


def assert_blank_or_in_form(image: np.ndarray) -> NormalizedDigit | None:
    normalized = normalize_digit(image)
    if normalized is not None:
        pixels, box = normalized.pixels, normalized.box
        assert pixels.shape == (28, 28)
        assert pixels.dtype == np.float32
        assert 0 <= pixels.min() <= pixels.max() <= 1
        assert 0 <= box.left < box.right <= image.shape[1]
        assert 0 <= box.top < box.bottom <= image.shape[0]
    return normalized


@given(
    st.one_of(
        st.tuples(st.integers(1, 3), st.integers(1, 20_000)),
        st.tuples(st.integers(1, 200), st.integers(1, 200)),
        st.tuples(st.integers(300, 1300), st.integers(300, 1300)),
    ),
    st.booleans(),
    st.sampled_from([1, 2, 5, 50]),
    SEEDS,
)
@settings(deadline=None, max_examples=100)
def test_any_shape_with_any_grain(
    shape: tuple[int, int], upright: bool, grain: int, seed: int
) -> None:
    """Levels at random, in squares."""
    height, width = shape[::-1] if upright else shape
    generator = np.random.default_rng(seed)
    levels = generator.integers(0, 256, (-(-height // grain), -(-width // grain)), np.uint8)
    image = np.kron(levels, np.ones((grain, grain), np.uint8))[:height, :width]
    assert_blank_or_in_form(np.ascontiguousarray(image))


@given(SEEDS, st.integers(1, 300), st.integers(1, 300))
@settings(deadline=None, max_examples=100)
def test_a_single_mark_anywhere(seed: int, height: int, width: int) -> None:
    generator = np.random.default_rng(seed)
    paper, ink = generator.integers(0, 256, 2, np.uint8)
    image = np.full((height, width), paper)
    image[generator.integers(height), generator.integers(width)] = ink
    assert_blank_or_in_form(image)


def draw(digit: int, side: int, pen: Pen) -> np.ndarray:
    return np.asarray(render_strokes(DIGIT_STROKES[digit], side=side, pen=pen))


PENS = st.builds(
    Pen,
    width=st.floats(0.03, 0.12),
    ink=st.integers(0, 90),
    paper=st.integers(170, 255),
)


@given(st.integers(0, 9), st.integers(28, 300), PENS)
@settings(deadline=None, max_examples=50)
def test_polarity_makes_no_difference(digit: int, side: int, pen: Pen) -> None:
    image = draw(digit, side, pen)
    normalized = [normalize_digit(each) for each in (image, 255 - image)]
    first, second = (each.pixels if each else None for each in normalized)
    assert first is not None
    assert second is not None
    np.testing.assert_allclose(first, second, atol=1e-5)


@given(st.integers(0, 9), st.integers(40, 150), PENS, st.integers(0, 200), st.integers(0, 200))
@settings(deadline=None, max_examples=50)
def test_place_makes_no_difference(digit: int, side: int, pen: Pen, left: int, top: int) -> None:
    """Within a sheet of at most the working side, of which nothing is averaged."""
    sheets = np.full((2, 400, 400), pen.paper, np.uint8)
    sheets[0, 125 : 125 + side, 125 : 125 + side] = draw(digit, side, pen)
    sheets[1, top : top + side, left : left + side] = draw(digit, side, pen)
    first, second = (normalize_digit(sheet) for sheet in sheets)
    assert first is not None
    assert second is not None
    np.testing.assert_allclose(first.pixels, second.pixels, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 65_535), (65_535, 1), (2, 30_000), (5000, 5000)])
def test_the_ends_of_every_range(shape: tuple[int, int]) -> None:
    for level in (0, 255):
        assert normalize_digit(np.full(shape, level, np.uint8)) is None
    image = np.zeros(shape, np.uint8)
    image[:, ::7] = 255
    assert_blank_or_in_form(image)
