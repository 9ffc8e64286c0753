"""However a digit was drawn, the model sees it the same way."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw

from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.errors import ImageError
from recognition.image import decode_image
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


@pytest.mark.parametrize("side", [560, 1120, pytest.param(2800, marks=pytest.mark.slow)])
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


def assert_blank_or_in_range(image: np.ndarray) -> None:
    normalized = normalize_digit(image)
    if normalized is None:
        return
    assert normalized.pixels.shape == (FIELD_SIDE, FIELD_SIDE)
    assert normalized.pixels.dtype == np.float32
    assert np.isfinite(normalized.pixels).all()
    assert normalized.pixels.min() >= 0
    assert normalized.pixels.max() <= 1
    box, (height, width) = normalized.box, image.shape
    assert 0 <= box.left < box.right <= width
    assert 0 <= box.top < box.bottom <= height


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))))
@settings(deadline=None)
def test_any_picture_is_blank_or_in_range(image: np.ndarray) -> None:
    assert_blank_or_in_range(image)


SIDES = st.integers(1, 500)


@given(SIDES, SIDES, st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_any_scene_is_blank_or_in_range(height: int, width: int, seed: int) -> None:
    """Light that changes, patches of any grey, and grain."""
    generator = np.random.default_rng(seed)
    down, across = np.mgrid[:height, :width] / max(height, width)
    slopes = generator.uniform(-200, 200, 2) * (generator.random() < 0.6)
    scene = generator.uniform(0, 255) + slopes[0] * down + slopes[1] * across
    for _ in range(int(generator.integers(0, 12))):
        top, left = generator.integers(0, (height, width))
        rows, columns = (max(1, int(side * generator.random() ** 2)) for side in (height, width))
        scene[top : top + rows, left : left + columns] = generator.uniform(0, 255)
    scene += generator.uniform(0, 40) * generator.random() ** 2 * generator.normal(size=scene.shape)
    assert_blank_or_in_range(scene.clip(0, 255).astype(np.uint8))


BAD_IMAGES = os.environ.get("INKLING_BAD_IMAGES")


@pytest.mark.skipif(
    BAD_IMAGES is None, reason="INKLING_BAD_IMAGES names no folder of hostile images"
)
def test_whatever_decodes_is_blank_or_in_range() -> None:
    decoded = 0
    for file in sorted(Path(BAD_IMAGES or "").glob("*/*")):
        try:
            image = decode_image(file.read_bytes())
        except ImageError:
            continue
        assert_blank_or_in_range(image)
        decoded += 1
    assert decoded


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


def measure_overlap(found: np.ndarray, drawn: np.ndarray) -> float:
    """0 to 1, both averaged over 3×3 first: a pixel's shift is no difference."""
    softened = [
        np.lib.stride_tricks.sliding_window_view(np.pad(pixels, 1), (3, 3)).mean(axis=(2, 3))
        for pixels in (found, drawn)
    ]
    return float(np.minimum(*softened).sum() / np.maximum(*softened).sum())


Sheet = np.ndarray
"""uint8 (height, width)."""


def crop_to_ink(sheet: Sheet) -> Sheet:
    rows, columns = np.flatnonzero((sheet < 128).any(1)), np.flatnonzero((sheet < 128).any(0))
    return sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def put_in_a_corner(sheet: Sheet) -> Sheet:
    """Twelve megapixels, of whose longer side the digit takes a thirtieth."""
    photo = np.full((4000, 3000), 255, np.uint8)
    photo[-260:-60, 60:260] = sheet
    return photo


def light(sheet: Sheet, share: np.ndarray) -> Sheet:
    return np.asarray(np.rint(sheet * share), np.uint8)


def light_from_the_right(sheet: Sheet) -> Sheet:
    return light(sheet, np.linspace(0.4, 1, sheet.shape[1]))


def cast_a_shadow(sheet: Sheet) -> Sheet:
    down, across = np.mgrid[: sheet.shape[0], : sheet.shape[1]] / max(sheet.shape)
    return light(sheet, np.where(across + down / 2 > 0.75, 0.45, 1))


def rule(sheet: Sheet) -> Sheet:
    ruled = sheet.copy()
    for row in range(28, 280, 56):
        ruled[row : row + 2] = np.minimum(ruled[row : row + 2], 110)
    return ruled


def cross_with_one_line(sheet: Sheet) -> Sheet:
    ruled = sheet.copy()
    ruled[140:143] = 0
    return ruled


def square(sheet: Sheet) -> Sheet:
    squared = sheet.copy()
    squared[20::40] = np.minimum(squared[20::40], 150)
    squared[:, 20::40] = np.minimum(squared[:, 20::40], 150)
    return squared


def sketch(sheet: Sheet, draw_on: Callable[[ImageDraw.ImageDraw], object]) -> Sheet:
    image = Image.fromarray(sheet)
    draw_on(ImageDraw.Draw(image))
    return np.asarray(image)


def put_in_a_box(sheet: Sheet) -> Sheet:
    return sketch(sheet, lambda pen: pen.rectangle((20, 20, 259, 259), outline=0, width=3))


def sprinkle(sheet: Sheet) -> Sheet:
    def add_specks(pen: ImageDraw.ImageDraw) -> None:
        generator = np.random.default_rng(3)
        for _ in range(40):
            (x, y), radius = generator.uniform(0, 280, 2), generator.uniform(0.5, 2)
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=40)

    return sketch(sheet, add_specks)


def cut_out_of_a_form(sheet: Sheet) -> Sheet:
    def add_neighbours(pen: ImageDraw.ImageDraw) -> None:
        pen.line((0, 30, 12, 60, 0, 90), fill=0, width=12)
        pen.line((270, 279, 262, 200, 279, 180), fill=0, width=12)
        pen.line((100, 0, 130, 8, 160, 0), fill=0, width=12)

    return sketch(sheet, add_neighbours)


def compress(sheet: Sheet) -> Sheet:
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "JPEG", quality=30)
    return decode_image(file.getvalue())


def shift(sheet: Sheet) -> Sheet:
    return np.pad(sheet, ((0, 350), (240, 0)), constant_values=255)


def leave(sheet: Sheet) -> Sheet:
    return sheet


THIN, MARKER, INK, FAINT = Pen(width=1 / 400), Pen(width=0.16), Pen(), Pen(ink=60, paper=250)


@pytest.mark.parametrize(
    ("spoil", "side", "pen", "least"),
    [
        pytest.param(leave, 400, THIN, 0.9, id="a pen of one pixel"),
        pytest.param(leave, 280, MARKER, 0.95, id="a marker"),
        pytest.param(crop_to_ink, 280, MARKER, 0.95, id="a marker, cropped to its ink"),
        pytest.param(crop_to_ink, 280, INK, 0.95, id="cropped to its ink"),
        pytest.param(put_in_a_corner, 200, INK, 0.75, id="tiny in a corner of 12 megapixels"),
        pytest.param(shift, 280, INK, 0.9, id="off centre"),
        pytest.param(leave, 280, Pen(ink=70, paper=150), 0.95, id="grey paper"),
        pytest.param(light_from_the_right, 280, FAINT, 0.93, id="light from one side"),
        pytest.param(cast_a_shadow, 280, FAINT, 0.9, id="a hard shadow"),
        pytest.param(rule, 280, INK, 0.95, id="ruled paper"),
        pytest.param(cross_with_one_line, 280, INK, 0.95, id="a line through it"),
        pytest.param(square, 280, INK, 0.95, id="squared paper"),
        pytest.param(put_in_a_box, 280, INK, 0.95, id="a box around it"),
        pytest.param(sprinkle, 280, INK, 0.9, id="specks"),
        pytest.param(cut_out_of_a_form, 280, INK, 0.95, id="neighbours at the edges"),
        pytest.param(compress, 280, Pen(ink=30, paper=236), 0.95, id="an off-white JPEG"),
        pytest.param(leave, 16, Pen(width=0.09), 0.75, id="a thumbnail of 16 pixels"),
    ],
)
def test_the_model_sees_about_the_digit_that_was_drawn(
    spoil: Callable[[Sheet], Sheet], side: int, pen: Pen, least: float
) -> None:
    # A thin line is widened to what is drawn here, one and a half pixels of the field.
    clean = Pen(width=max(pen.width, 0.025))
    overlaps = [
        measure_overlap(
            pixels_of(spoil(draw(digit, side=side, pen=pen))), pixels_of(draw(digit, pen=clean))
        )
        for digit in DIGITS
    ]
    assert np.mean(overlaps) >= least, np.round(overlaps, 2)
    assert min(overlaps) >= least - 0.15, np.round(overlaps, 2)


@pytest.mark.parametrize(("left", "right"), [(1, 7), (4, 0), (5, 5), (9, 2)])
def test_two_digits_side_by_side_are_both_seen(left: int, right: int) -> None:
    pixels = pixels_of(np.hstack([draw(left), draw(right)]))
    columns = np.flatnonzero((pixels > 0.5).any(axis=0))
    assert np.ptp(columns) >= DIGIT_SIDE - 2
    gaps = np.diff(columns)
    assert gaps.max() > 2
    middle = columns[gaps.argmax()] + 1
    assert (pixels[:, :middle] > 0.5).sum() >= 5
    assert (pixels[:, middle:] > 0.5).sum() >= 5
