"""A canvas sends what its fields say, and the same seed sends the same bytes."""

from dataclasses import replace

import numpy as np
import pytest

from model_export.drawing.canvas import (
    RENDERINGS,
    Canvas,
    Encoding,
    Placement,
    draw_on_canvas,
    encode_canvas,
    random_canvas,
)
from model_export.examples import DIGIT_STROKES
from recognition.image import decode_image, sniff_format
from recognition.preprocessing import normalize_digit
from recognition.recognizer import Recognizer

PLAIN = Canvas(width=200, height=200)


def draw(digit: int, canvas: Canvas, seed: int = 1) -> np.ndarray:
    return draw_on_canvas(DIGIT_STROKES[digit], canvas, np.random.default_rng(seed))


def measure_box(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not like the first pixel."""
    ink = np.abs(picture.astype(int) - picture[0, 0]) > 64
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def test_sheet_and_digit_have_their_sizes() -> None:
    picture = draw(8, replace(PLAIN, width=300, digit=0.5))
    assert picture.shape == (200, 300)
    assert picture.dtype == np.uint8
    left, top, right, bottom = measure_box(picture)
    assert max(bottom - top, right - left) == pytest.approx(100, abs=2)


@pytest.mark.parametrize("pen", [0.02, 0.05, 0.1, 0.2])
def test_line_has_its_width(pen: float) -> None:
    bar = [np.array([[0.0, 0.0], [0.0, 1.0]])]
    picture = draw_on_canvas(bar, replace(PLAIN, digit=0.8, pen=pen), np.random.default_rng(1))
    darkness = (255 - picture[100].astype(int)).sum() / 255
    assert darkness == pytest.approx(pen * 160, abs=1)


def test_thinnest_line_can_be_seen() -> None:
    assert draw(1, replace(PLAIN, pen=0.0001)).min() < 100


@pytest.mark.parametrize("digit", [0, 6, 8, 9])
def test_thickest_pen_leaves_loops_open(digit: int) -> None:
    thick = draw(digit, replace(PLAIN, digit=0.9, pen=0.25))
    assert (thick < 128).sum() > (draw(digit, replace(PLAIN, digit=0.9, pen=0.1)) < 128).sum()
    left, top, right, bottom = measure_box(thick)
    assert (thick[top:bottom, left:right] < 128).mean() < 0.8


@pytest.mark.parametrize("placement", ["centre", "anywhere", "corner"])
def test_digit_stays_whole_wherever_it_is_placed(placement: Placement) -> None:
    canvas = replace(PLAIN, digit=0.4, placement=placement)
    for seed in range(20):
        left, top, right, bottom = measure_box(np.pad(draw(5, canvas, seed), 1, mode="edge"))
        assert max(bottom - top, right - left) == pytest.approx(80, abs=2)


def test_corner_is_a_corner() -> None:
    for seed in range(20):
        left, top, right, bottom = measure_box(draw(3, RENDERINGS["corner"], seed))
        assert not 0.3 < (left + right) / 2 / 280 < 0.7
        assert not 0.3 < (top + bottom) / 2 / 280 < 0.7


def test_ink_and_paper_are_the_canvass() -> None:
    picture = draw(7, replace(PLAIN, ink=200, paper=30))
    assert picture[0, 0] == 30
    assert picture.max() == 200


@pytest.mark.parametrize(
    ("encoding", "kind"),
    [("grey", "PNG"), ("png", "PNG"), ("transparent", "PNG"), ("jpeg", "JPEG")],
)
def test_file_is_what_the_server_gets(encoding: Encoding, kind: str) -> None:
    canvas = replace(PLAIN, encoding=encoding)
    data = encode_canvas(DIGIT_STROKES[4], canvas, np.random.default_rng(1))
    assert sniff_format(data) == kind
    assert np.array_equal(decode_image(data), draw(4, canvas))


@pytest.mark.parametrize("ink", [0, 90, 160, 255])
def test_transparent_ink_stands_out_from_its_backdrop(ink: int) -> None:
    picture = draw(2, replace(PLAIN, ink=ink, encoding="transparent"))
    assert abs(int(picture[0, 0]) - ink) > 80
    assert ink in picture


def test_slant_turn_and_stretch_change_the_box() -> None:
    def shape(canvas: Canvas) -> float:
        left, top, right, bottom = measure_box(draw(1, canvas))
        return (right - left) / (bottom - top)

    narrow = shape(PLAIN)
    assert shape(replace(PLAIN, slant=0.35)) > narrow + 0.1
    assert shape(replace(PLAIN, rotation=0.2)) > narrow + 0.05
    assert shape(replace(PLAIN, stretch=1.4)) > narrow


def test_pressure_varies_the_line() -> None:
    firm, changing = draw(8, PLAIN), draw(8, replace(PLAIN, pressure=0.4))
    assert not np.array_equal(firm, changing)
    assert (changing < 128).sum() == pytest.approx((firm < 128).sum(), rel=0.3)


def test_spread_changes_the_sheet_from_drawing_to_drawing() -> None:
    sides = {draw(6, RENDERINGS["thumbnail"], seed).shape[0] for seed in range(20)}
    assert len(sides) > 2
    assert min(sides) >= 24
    assert max(sides) <= 32


def test_a_dot_and_a_stroke_of_one_point_can_be_drawn() -> None:
    for strokes in ([np.array([[3.0, 4.0]])], [*DIGIT_STROKES[1], np.array([[0.5, 0.5]])]):
        for canvas in (PLAIN, replace(PLAIN, pressure=0.3, wobble=0.01, slant=0.2)):
            picture = draw_on_canvas(strokes, canvas, np.random.default_rng(1))
            assert (picture < 128).any()


def test_same_seed_draws_the_same_bytes() -> None:
    def encode(seed: int) -> bytes:
        generator = np.random.default_rng(seed)
        return encode_canvas(DIGIT_STROKES[5], random_canvas(generator), generator)

    assert [encode(seed) for seed in range(10)] == [encode(seed) for seed in range(10)]
    assert encode(1) != encode(2)


def test_random_canvases_reach_as_far_as_the_fixed_ones() -> None:
    generator = np.random.default_rng(1)
    canvases = [random_canvas(generator) for _ in range(2000)]
    sides = [min(canvas.width, canvas.height) for canvas in canvases]
    assert min(sides) < 26
    assert max(sides) > 560
    for fixed in RENDERINGS.values():
        assert min(canvas.digit for canvas in canvases) < fixed.digit
        assert max(canvas.digit for canvas in canvases) > fixed.digit
        assert max(canvas.pen for canvas in canvases) > fixed.pen
    assert {canvas.encoding for canvas in canvases} == {"grey", "png", "transparent", "jpeg"}
    assert 0.25 < np.mean([canvas.ink > canvas.paper for canvas in canvases]) < 0.45


def test_every_random_canvas_shows_ink() -> None:
    generator = np.random.default_rng(1)
    for count in range(200):
        canvas = random_canvas(generator)
        picture = draw_on_canvas(DIGIT_STROKES[count % 10], canvas, generator)
        assert picture.shape == (canvas.height, canvas.width)
        assert normalize_digit(picture) is not None


@pytest.mark.parametrize("name", RENDERINGS)
def test_example_digits_are_read_in_every_rendering(name: str, recognizer: Recognizer) -> None:
    read = []
    for digit, strokes in DIGIT_STROKES.items():
        data = encode_canvas(strokes, RENDERINGS[name], np.random.default_rng(digit))
        read.append(int(np.argmax(recognizer.recognize(data).scores)) == digit)
    assert np.mean(read) >= 0.8


def test_markers_are_as_many_as_asked_for() -> None:
    def count_thick(markers: float) -> int:
        generator = np.random.default_rng(3)
        return sum(random_canvas(generator, markers).pen >= 0.15 for _ in range(400))

    assert count_thick(1.0) == 400
    assert 60 <= count_thick(0.2) - count_thick(0.0) <= 100
