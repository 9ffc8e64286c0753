"""However a digit was drawn, the model sees it the same way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.preprocessing import DIGIT_SIDE, FIELD_SIDE, WORKING_SIDE, normalize_digit
from recognition.result import Box

DIGITS = range(10)


def draw(digit: int, *, side: int = 280, pen: Pen | None = None) -> np.ndarray:
    return np.asarray(render_strokes(DIGIT_STROKES[digit], side=side, pen=pen))


def pixels_of(image: np.ndarray) -> np.ndarray:
    normalized = normalize_digit(image)
    assert normalized is not None
    return normalized.pixels


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_is_fitted_and_centred_as_mnist_has_it(digit: int) -> None:
    pixels = pixels_of(draw(digit))
    assert pixels.shape == (FIELD_SIDE, FIELD_SIDE)
    assert pixels.dtype == np.float32
    assert pixels.min() == 0
    assert pixels.max() == 1
    inked = pixels > 0.5
    longer = max(inked.any(axis=0).sum(), inked.any(axis=1).sum())
    assert longer in (DIGIT_SIDE - 1, DIGIT_SIDE, DIGIT_SIDE + 1)
    for axis in (0, 1):
        mass = pixels.sum(axis=1 - axis)
        centre = (mass @ (np.arange(FIELD_SIDE) + 0.5)) / mass.sum()
        assert abs(centre - FIELD_SIDE / 2) <= 0.15


@pytest.mark.parametrize("digit", DIGITS)
def test_polarity_makes_no_difference(digit: int) -> None:
    image = draw(digit)
    np.testing.assert_allclose(pixels_of(image), pixels_of(255 - image), atol=1e-6)


@pytest.mark.parametrize("pen", [Pen(ink=80, paper=200), Pen(ink=230, paper=120)])
def test_contrast_makes_no_difference(pen: Pen) -> None:
    for digit in DIGITS:
        difference = np.abs(pixels_of(draw(digit, pen=pen)) - pixels_of(draw(digit)))
        assert difference.max() < 0.05


def test_place_makes_no_difference() -> None:
    image = draw(7, side=140)
    sheets = np.full((2, 600, 400), 255, np.uint8)
    sheets[0, :140, :140] = image
    sheets[1, -140:, -140:] = image
    np.testing.assert_array_equal(pixels_of(sheets[0]), pixels_of(sheets[1]))


@pytest.mark.parametrize("side", [560, 1120, 2800])
def test_size_makes_little_difference(side: int) -> None:
    for digit in DIGITS:
        difference = np.abs(pixels_of(draw(digit, side=side)) - pixels_of(draw(digit, side=280)))
        assert difference.mean() < 0.02


def test_an_mnist_image_stays_nearly_as_it_is() -> None:
    once = pixels_of(draw(3))
    again = pixels_of((once * 255).astype(np.uint8))
    assert np.abs(once - again).mean() < 0.02


def test_the_box_is_where_the_ink_is() -> None:
    image = np.full((100, 200), 255, np.uint8)
    image[20:60, 30:50] = 0
    normalized = normalize_digit(image)
    assert normalized is not None
    assert normalized.box == Box(left=30, top=20, right=50, bottom=60)


def test_the_box_of_a_large_image_is_in_its_own_pixels() -> None:
    image = np.full((3000, 2000), 255, np.uint8)
    image[600:1800, 500:900] = 0
    normalized = normalize_digit(image)
    assert normalized is not None
    box = normalized.box
    factor = 3000 // WORKING_SIDE
    expected = (500, 600, 900, 1800)
    for value, edge in zip((box.left, box.top, box.right, box.bottom), expected, strict=True):
        assert abs(value - edge) <= factor


@pytest.mark.parametrize("level", [0, 1, 128, 254, 255])
def test_flat_images_are_blank(level: int) -> None:
    assert normalize_digit(np.full((50, 50), level, np.uint8)) is None


def test_faint_grain_is_blank() -> None:
    grain = np.random.default_rng(1).normal(240, 2, (300, 300))
    assert normalize_digit(grain.clip(0, 255).astype(np.uint8)) is None


def test_jpeg_halos_do_not_widen_the_box() -> None:
    sheet = render_strokes(DIGIT_STROKES[1], pen=Pen(width=0.05))
    clean = normalize_digit(np.asarray(sheet))
    noisy = np.asarray(sheet).astype(int) + np.random.default_rng(1).integers(-12, 13, (280, 280))
    halo = normalize_digit(noisy.clip(0, 255).astype(np.uint8))
    assert clean is not None
    assert halo is not None
    assert abs(clean.box.left - halo.box.left) <= 2
    assert abs(clean.box.right - halo.box.right) <= 2


def test_a_thin_line_keeps_full_ink() -> None:
    image = np.full((280, 280), 255, np.uint8)
    image[40:240, 140] = 0
    assert pixels_of(image).max() == 1


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
@settings(deadline=None)
def test_any_picture_is_blank_or_in_range(image: np.ndarray) -> None:
    normalized = normalize_digit(image)
    if normalized is None:
        return
    assert normalized.pixels.shape == (FIELD_SIDE, FIELD_SIDE)
    assert np.isfinite(normalized.pixels).all()
    assert normalized.pixels.min() >= 0
    assert normalized.pixels.max() <= 1
    box, (height, width) = normalized.box, image.shape
    assert 0 <= box.left < box.right <= width
    assert 0 <= box.top < box.bottom <= height


def test_a_very_long_line_is_read() -> None:
    image = np.full((1, 20_000), 255, np.uint8)
    image[0, 5_000:9_000] = 0
    assert pixels_of(image).sum() > 0


@pytest.mark.parametrize(
    ("frame", "thickness", "pen"),
    [
        (0, 1, Pen()),
        (0, 3, Pen()),
        (128, 2, Pen()),
        (255, 4, Pen(ink=255, paper=0)),
        (90, 12, Pen(ink=20, paper=230)),
    ],
)
def test_a_frame_makes_no_difference(frame: int, thickness: int, pen: Pen) -> None:
    for digit in DIGITS:
        image = draw(digit, pen=pen).copy()
        expected = pixels_of(image)
        rim = np.ones(image.shape, bool)
        rim[thickness:-thickness, thickness:-thickness] = False
        image[rim] = frame
        np.testing.assert_allclose(pixels_of(image), expected, atol=1e-6)


def test_a_frame_keeps_the_box_in_the_whole_images_pixels() -> None:
    image = np.full((300, 200), 255, np.uint8)
    image[100:160, 80:120] = 0
    plain = normalize_digit(image)
    image[:2] = image[-2:] = image[:, :2] = image[:, -2:] = 0
    framed = normalize_digit(image)
    assert plain is not None
    assert framed is not None
    assert framed.box == plain.box


def test_an_empty_frame_is_blank() -> None:
    image = np.full((280, 280), 255, np.uint8)
    image[:2] = image[-2:] = image[:, :2] = image[:, -2:] = 0
    assert normalize_digit(image) is None


def test_bold_ink_up_to_the_edge_is_no_frame() -> None:
    ring = draw(0, side=400, pen=Pen(width=0.16))
    rows, columns = np.flatnonzero((ring < 128).any(1)), np.flatnonzero((ring < 128).any(0))
    tight = ring[rows[0] - 2 : rows[-1] + 3, columns[0] - 2 : columns[-1] + 3]
    np.testing.assert_allclose(pixels_of(tight), pixels_of(ring), atol=0.02)
