"""`normalize_drawing`: what C++ makes of a drawing, NumPy makes of it to the bit."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.random import Generator

from model_export.drawing.allographs import draw_allograph
from model_export.drawing.canvas import draw_on_canvas, random_canvas
from model_export.drawing.letters import draw_letter
from model_export.drawing.strokes import Pen, render_strokes
from model_export.examples import DIGIT_STROKES
from recognition import closing, clutter, coarse, drawing, paper, preprocessing
from recognition.drawing import normalize_drawing
from recognition.image import GreyImage
from recognition.preprocessing import normalize_digit, normalize_picture

SOURCE = Path(drawing.__file__).with_name("drawing.cpp")
CONSTANT = r"^constexpr \w+ (?!LEVELS|LEAST_SIDE|ABREAST)([A-Z_]+) = ([\d.e-]+)f?;"
MODULES = (preprocessing, paper, closing, clutter, coarse)

compiled = pytest.mark.skipif(
    not drawing.LIBRARY.exists(),
    reason=f"{drawing.LIBRARY.name} is missing: `make quick` compiles it with a C++ compiler",
)


def draw_seven(
    *, side: int = 280, ink: int = 0, paper: int = 255, width: float = 0.09
) -> GreyImage:
    pen = Pen(ink=ink, paper=paper, width=width)
    return np.array(render_strokes(DIGIT_STROKES[7], side=side, pen=pen))


def is_read_the_same(image: GreyImage) -> bool:
    """Whether C++ reads it at all; it must be as NumPy does."""
    found = normalize_drawing(image)
    if found is None:
        return False
    expected = normalize_picture(image)
    assert expected is not None
    assert found[1] == expected[1]
    assert found[0].dtype == expected[0].dtype
    assert found[0].tobytes() == expected[0].tobytes()
    return True


@compiled
def test_library_is_of_this_source() -> None:
    assert drawing.LIBRARY.stat().st_mtime >= SOURCE.stat().st_mtime, "make it anew: `make quick`"


@pytest.mark.parametrize(("name", "value"), re.findall(CONSTANT, SOURCE.read_text(), re.MULTILINE))
def test_constants_are_python_s(name: str, value: str) -> None:
    module = next(module for module in MODULES if hasattr(module, name))
    expected = getattr(module, name)
    assert float(value) == (expected[0] if name == "INK_EDGES" else expected)


@compiled
@pytest.mark.parametrize("side", [28, 64, 100, 101, 199, 280, 400])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (90, 180), (200, 40)])
def test_digits_are_read_as_numpy_reads_them(ink: int, paper: int, side: int) -> None:
    pen = Pen(ink=ink, paper=paper, width=0.1)
    for strokes in DIGIT_STROKES.values():
        assert is_read_the_same(np.array(render_strokes(strokes, side=side, pen=pen)))


@compiled
@pytest.mark.parametrize("seed", range(4))
def test_what_people_draw_on_any_canvas_is_read_as_numpy_reads_it(seed: int) -> None:
    generator = np.random.default_rng(seed)
    read = 0
    for _ in range(50):
        strokes = draw_allograph(generator)[1]
        if generator.random() < 0.2:
            strokes = draw_letter(generator)
        image = draw_on_canvas(strokes, random_canvas(generator, 0.2), generator)
        if max(image.shape) <= 400:
            image = np.ascontiguousarray(image)
            read += is_read_the_same(image) + is_read_the_same(255 - image)
    assert read >= 20


def frame_it(image: GreyImage, generator: Generator) -> None:
    wide, level = generator.integers(1, 12), generator.integers(256)
    image[:wide] = image[-wide:] = level
    image[:, :wide] = image[:, -wide:] = level


def rule_it(image: GreyImage, generator: Generator) -> None:
    level = generator.integers(256)
    height, width = image.shape
    for row in generator.integers(height, size=generator.integers(1, 4)):
        left, right = sorted(generator.integers(-width // 2, 3 * width // 2, 2).clip(0, width))
        image[row : row + generator.integers(1, 4), left:right] = level


def blot_it(image: GreyImage, generator: Generator) -> None:
    for _ in range(generator.integers(1, 4)):
        top, left = (int(generator.integers(side)) for side in image.shape)
        high, wide = generator.integers(1, 30, 2)
        image[top : top + high, left : left + wide] = generator.integers(256)


def smudge_it(image: GreyImage, generator: Generator) -> None:
    """Around the middle, and fainter than ink."""
    height, width = image.shape
    top, left = generator.integers(height // 2), generator.integers(width // 2)
    part = image[top : top + height // 3, left : left + width // 3]
    part[:] = (part * generator.uniform(0.5, 1)).astype(np.uint8)


def shade_a_corner(image: GreyImage, generator: Generator) -> None:
    turned = np.rot90(image, int(generator.integers(4)))
    high, wide = (int(generator.integers(1, 1 + side // 4)) for side in turned.shape)
    begin = int(generator.integers(2))  # it may keep clear of the edges
    corner = turned[begin:high, begin:wide]
    corner[:] = (corner * generator.uniform(0.7, 1)).astype(np.uint8)


def shade_it(image: GreyImage, generator: Generator) -> None:
    """In the middle, or at the sides."""
    light = 1 - generator.uniform(0, 0.1) * np.hanning(image.shape[1])
    if generator.random() < 0.3:
        light = light.min() / light
    image[:] = (image * light).astype(np.uint8)


def roughen_it(image: GreyImage, generator: Generator) -> None:
    """Grain that JPEG leaves, or a poor lens: paper is seldom white, or it would be cut off."""
    grain = generator.normal(0, generator.uniform(0.2, 4), image.shape)
    image[:] = np.clip(image * 0.8 + 20 + grain, 0, 255).astype(np.uint8)


def weave_it(image: GreyImage, generator: Generator) -> None:
    """As finely as pixels are, so that no block of them differs from another."""
    depth = generator.integers(1, 13)
    threads = np.indices(image.shape).sum(axis=0) % 2
    image[:] = np.clip(image - depth * threads.astype(np.int16), 0, 255)


def fade_it(image: GreyImage, generator: Generator) -> None:
    low, high = generator.integers(256, size=2)
    image[:] = (low + image / 255 * (int(high) - int(low))).astype(np.uint8)


def crop_it(image: GreyImage, generator: Generator) -> None:
    """Moved, so that an edge may cut it off."""
    image[:] = np.roll(image, generator.integers(len(image)), axis=generator.integers(2))


@compiled
@pytest.mark.parametrize(
    "spoil",
    [
        *(frame_it, rule_it, blot_it, smudge_it, shade_a_corner),
        *(shade_it, roughen_it, weave_it, fade_it, crop_it),
    ],
)
def test_a_spoiled_drawing_is_read_as_numpy_reads_it_or_left_to_it(
    spoil: Callable[[GreyImage, Generator], None],
) -> None:
    generator = np.random.default_rng(5)
    read = 0
    for count in range(120):
        pen = Pen(width=float(generator.uniform(0.05, 0.14)))
        side = int(generator.integers(40, 300))
        image = np.array(render_strokes(DIGIT_STROKES[count % 10], side=side, pen=pen))
        spoil(image, generator)
        read += is_read_the_same(image) + is_read_the_same(255 - image)
    assert 20 <= read <= 220


@compiled
def test_blocks_are_read_as_numpy_reads_them_or_left_to_it() -> None:
    """On the smallest pictures, whose strokes' widths are in the middle between two."""
    generator = np.random.default_rng(3)
    read = 0
    for _ in range(2000):
        height, width = generator.integers(20, 61, 2)
        image = np.full((height, width), generator.choice([255, 200]), np.uint8)
        for _ in range(generator.integers(1, 7)):
            top, left = generator.integers(2, height - 4), generator.integers(2, width - 4)
            high, wide = generator.integers(1, 16, 2)
            block = image[top : min(top + high, height - 2), left : min(left + wide, width - 2)]
            block[:] = generator.choice([0, 0, 60])
        read += is_read_the_same(image)
    assert read >= 200


ONE_PART = [
    """
    ########........
    ........########
    """,
    """
    ........########
    ########........
    """,
    """
    #...#...#...#
    #...#...#...#
    #...#...#...#
    #...#...#...#
    #############
    """,
    """
    #.#.#.#.#.#
    .#.#.#.#.#.
    """,
    """
    #..........#..
    .#........#.#.
    ..########...#
    """,
]
TWO_PARTS = [
    """
    ########.........
    .........########
    """,
    """
    .........########
    ########.........
    """,
    """
    ############
    ............
    ############
    """,
    """
    #..........#
    #..........#
    #..........#
    #....#.....#
    #....#######
    """,
    """
    ########+........
    ........+########
    """,
]
"""# is ink, + next to none."""


def draw_cells(art: str) -> GreyImage:
    """Each cell is 12 pixels, which are 4 of the small copy."""
    levels = {".": 255, "+": 215, "#": 0}
    cells = np.array([[levels[cell] for cell in row] for row in art.split()], np.uint8)
    cells = cells.repeat(12, axis=0).repeat(12, axis=1)
    image = np.full((280, 280), 255, np.uint8)
    image[33 : 33 + cells.shape[0], 33 : 33 + cells.shape[1]] = cells
    return image


@compiled
@pytest.mark.parametrize("art", ONE_PART)
def test_parts_that_touch_at_a_corner_are_one(art: str) -> None:
    assert is_read_the_same(draw_cells(art))


@compiled
@pytest.mark.parametrize("art", TWO_PARTS)
def test_parts_that_do_not_touch_are_left_to_numpy(art: str) -> None:
    assert normalize_drawing(draw_cells(art)) is None


@compiled
@settings(deadline=None)
@given(st.data())
def test_whatever_it_reads_it_reads_as_numpy_does(data: st.DataObject) -> None:
    """Blots of any levels, of which some are drawings to it."""
    height, width = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 60))
    ink = st.sampled_from([0, 0, 0, 40, 120])
    blot = data.draw(arrays.arrays(np.uint8, (6, 5), elements=ink))
    scale = data.draw(st.integers(1, 4))
    image = np.full((height, width), data.draw(st.sampled_from([255, 250, 130])), np.uint8)
    inside = image[2:-2, 3:-3]
    blot = blot.repeat(scale, axis=0).repeat(scale, axis=1)[: inside.shape[0], : inside.shape[1]]
    inside[: blot.shape[0], : blot.shape[1]] = blot
    is_read_the_same(image)


def frame(image: GreyImage) -> None:
    image[:3] = image[-3:] = 128
    image[:, :3] = image[:, -3:] = 128


def rule(image: GreyImage) -> None:
    image[60] = 90


def add_speck(image: GreyImage) -> None:
    image[20:24, 30:34] = 0


def shade(image: GreyImage) -> None:
    image[:] = (image * np.linspace(0.4, 1, image.shape[1])).astype(np.uint8)


def shade_corner(image: GreyImage) -> None:
    """And all the way to the digit."""
    image[:109, -9:] = 0
    image[100:109, 140:] = 0


def wipe(image: GreyImage) -> None:
    image[:] = 255


@compiled
@pytest.mark.parametrize("spoil", [frame, rule, add_speck, shade, shade_corner, wipe])
def test_what_is_no_plain_drawing_is_left_to_numpy(spoil: Callable[[GreyImage], None]) -> None:
    image = draw_seven()
    assert normalize_drawing(image) is not None
    spoil(image)
    assert normalize_drawing(image) is None


@compiled
@pytest.mark.parametrize("width", [0.01, 0.3])
def test_strokes_whose_width_is_to_be_changed_are_left_to_numpy(width: float) -> None:
    assert normalize_drawing(draw_seven(width=width)) is None


@compiled
def test_views_and_sizes_that_it_does_not_know_are_left_to_numpy() -> None:
    image = draw_seven()
    assert normalize_drawing(image[:, ::2]) is None
    assert normalize_drawing(image.T) is None
    assert normalize_drawing(draw_seven(side=401)) is None
    for shape in ((7, 7), (1, 1), (1, 300), (0, 0)):
        assert normalize_drawing(np.zeros(shape, np.uint8)) is None


@compiled
def test_it_is_read_where_nobody_else_may_write() -> None:
    image = draw_seven()
    image.flags.writeable = False
    assert is_read_the_same(image)


@pytest.mark.parametrize("side", [280, 1000])
def test_digits_are_the_same_without_the_library(
    monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    image = draw_seven(side=side)
    with_it = normalize_digit(image)
    monkeypatch.setattr(drawing, "_FUNCTION", None)
    without = normalize_digit(image)
    assert with_it is not None
    assert without is not None
    assert with_it.box == without.box
    assert with_it.pixels.tobytes() == without.pixels.tobytes()


def test_library_that_is_not_there_is_not_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(drawing, "LIBRARY", tmp_path / "libdrawing.so")
    assert drawing._load() is None


def test_library_that_cannot_be_loaded_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of another processor, say: slower for no reason that anyone sees would be worse."""
    library = tmp_path / "libdrawing.so"
    library.write_bytes(b"of another processor")
    monkeypatch.setattr(drawing, "LIBRARY", library)
    with pytest.raises(OSError, match=re.escape(str(library))):
        drawing._load()
