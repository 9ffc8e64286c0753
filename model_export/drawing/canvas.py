"""Real strokes as clients send them: a sheet, a pen, a place, and a file format.

A `Canvas` says how; `RENDERINGS` are the six that evaluation uses, `random_canvas` any that
training may meet.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model_export.drawing.hand import (
    lean_strokes,
    smooth_stroke,
    thin_out,
    wander,
    wobble_strokes,
)
from model_export.drawing.nib import cover_pixels
from model_export.drawing.strokes import Stroke, fit_box
from recognition.image import GreyImage, decode_image

Placement = Literal["centre", "anywhere", "corner"]
Encoding = Literal["grey", "png", "transparent", "jpeg"]

_THINNEST_LINE: Final = 1.0
"""Pixels of the sheet that is sent; anything thinner is a fault of the renderer."""
_FULL_SHEET: Final = 0.97
"""Of the sheet's side: the largest digit, pen and all."""
_FINEST: Final = 256
"""Pixels that a digit is drawn high at most: enlarged beyond, which a smooth line bears..."""
_LINE_PIXELS: Final = 4
"""... unless its line would be thinner than this."""
_SPAN_PIXELS: Final = 6
"""Of a curve drawn as short straight lines."""
_OPEN_SHARE: Final = 0.34
"""Of the digit's box: what a line may cover beyond one straight stroke. More would close the loops;
whoever holds a thick pen writes with larger ones."""
_SHARP_LINE: Final = 2.0
"""Pixels, under which a line picked pixel by pixel falls to pieces."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """How strokes become the picture that a client sends."""

    width: int = 280
    height: int = 280
    """Pixels."""
    digit: float = 0.6
    """The digit's longer side, pen and all, as a share of the sheet's shorter side."""
    pen: float = 0.08
    """Width of the line, as a share of the digit's longer side."""
    spread: float = 0.0
    """How much sheet, digit and pen each differ between drawings: the logarithm's half range."""
    pressure: float = 0.0
    """How much the width differs along a line, as a share: thinner where the pen is fast."""
    smooth: bool = True
    """Curves through the points, or straight lines from one to the next."""
    wobble: float = 0.0
    """Standard deviation of the hand's tremor, as a share of the digit's longer side."""
    slant: float = 0.0
    """How far the top leans right, as a share of the height."""
    rotation: float = 0.0
    """Radians, clockwise."""
    stretch: float = 1.0
    """Width over height, 1 as it was written."""
    placement: Placement = "centre"
    ink: int = 0
    paper: int = 255
    """Grey levels, 0 black to 255 white: of a colour, decoding keeps no more."""
    encoding: Encoding = "png"
    """The bare pixels ("grey"), a file, or a PNG whose alpha holds the ink ("transparent")."""
    quality: int = 85
    """Of a JPEG."""
    oversampling: float = 3.0
    """How many times larger the digit is drawn than it is sent."""
    resampling: Image.Resampling = Image.Resampling.BOX
    """How it is brought to the size that is sent."""


RENDERINGS: Final[dict[str, Canvas]] = {
    "pen": Canvas(pen=0.085, spread=0.15),
    "thin": Canvas(pen=1.4 / 168, spread=0.3),
    "marker": Canvas(digit=0.7, pen=0.2, spread=0.1),
    "inverted": Canvas(pen=0.12, spread=0.15, ink=255, paper=0),
    "corner": Canvas(digit=0.18, pen=0.1, spread=0.2, placement="corner", encoding="transparent"),
    "thumbnail": Canvas(
        28, 28, digit=0.64, pen=0.11, spread=0.1, resampling=Image.Resampling.BILINEAR
    ),
}
"""The six ways of drawing that evaluation measures, by the name that the report gives them."""

_SOFT_FILTERS: Final = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.HAMMING,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)
_FILTERS: Final = (*_SOFT_FILTERS, Image.Resampling.NEAREST)
_ENCODINGS: Final[tuple[Encoding, ...]] = ("grey", "png", "transparent", "jpeg")
_ENCODING_SHARES: Final = (0.72, 0.03, 0.1, 0.15)
"""PNG loses nothing, so bare pixels stand for most of it."""
_PLACEMENTS: Final[tuple[Placement, ...]] = ("centre", "anywhere", "corner")
_INVERTED_SHARE: Final = 0.35
_SQUARE_SHARE: Final = 0.7
_STRAIGHT_SHARE: Final = 0.2
_MARKERS: Final = (0.15, 0.25)
"""Thick pens' widths, as `Canvas.pen`."""


def random_canvas(generator: np.random.Generator, markers: float = 0.0) -> Canvas:
    """Choose a canvas from wide, continuous ranges, which hold all `RENDERINGS` and go beyond.

    Args:
        markers: share of the canvases that have a pen so thick that it all but closes the loops.
    """
    side = round(_log_uniform(24, 600, generator))
    longer = side if generator.random() < _SQUARE_SHARE else round(side * generator.uniform(1, 2))
    width, height = (side, longer) if generator.random() < 0.5 else (longer, side)
    # Small sheets are crops and thumbnails: a digit of five pixels is nobody's.
    smallest = max(0.12, min(0.6, 14 / side))
    dark, light = int(generator.integers(0, 100)), int(generator.integers(190, 256))
    digit = _log_uniform(smallest, 0.95, generator)
    pen = _log_uniform(0.012, 0.22, generator)
    if markers and generator.random() < markers:
        pen = generator.uniform(*_MARKERS)
    filters = _FILTERS if pen * digit * side > _SHARP_LINE else _SOFT_FILTERS
    inverted = generator.random() < _INVERTED_SHARE
    ink, paper = (light, dark) if inverted else (dark, light)
    if generator.random() < 0.5:
        ink, paper = (255, 0) if inverted else (0, 255)
    return Canvas(
        width=width,
        height=height,
        digit=digit,
        pen=pen,
        pressure=generator.uniform(0, 0.4) if generator.random() < 0.5 else 0.0,
        smooth=generator.random() >= _STRAIGHT_SHARE,
        wobble=abs(generator.normal(0, 0.008)),
        slant=generator.uniform(-0.35, 0.35),
        rotation=np.deg2rad(generator.uniform(-12, 12)),
        stretch=_log_uniform(0.72, 1.4, generator),
        placement=_PLACEMENTS[generator.choice(3, p=(0.4, 0.45, 0.15))],
        ink=ink,
        paper=paper,
        encoding=_ENCODINGS[generator.choice(4, p=_ENCODING_SHARES)],
        quality=int(generator.integers(30, 96)),
        oversampling=generator.uniform(1, 4),
        resampling=filters[generator.integers(len(filters))],
    )


def draw_on_canvas(
    strokes: Sequence[Stroke], canvas: Canvas, generator: np.random.Generator
) -> GreyImage:
    """Draw strokes as a client would, and read the picture as the server would.

    Args:
        strokes: of any origin and size, y down.
        generator: for the place and what `canvas` leaves open.

    Returns:
        uint8 (height, width), 0 black to 255 white, as `decode_image` gives it.
    """
    if canvas.encoding == "grey":
        return np.asarray(_paint(_draw_sheet(strokes, canvas, generator), canvas))
    return decode_image(encode_canvas(strokes, canvas, generator))


def encode_canvas(
    strokes: Sequence[Stroke], canvas: Canvas, generator: np.random.Generator
) -> bytes:
    """Draw strokes as a client would: the bytes of a PNG or JPEG file ("grey" is a PNG too)."""
    coverage = _draw_sheet(strokes, canvas, generator)
    buffer = io.BytesIO()
    if canvas.encoding == "transparent":
        ink = Image.new("L", coverage.size, canvas.ink)
        Image.merge("RGBA", [ink, ink, ink, coverage]).save(buffer, "PNG", compress_level=1)
    elif canvas.encoding == "jpeg":
        _paint(coverage, canvas).save(buffer, "JPEG", quality=canvas.quality)
    else:
        _paint(coverage, canvas).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _draw_sheet(
    strokes: Sequence[Stroke], canvas: Canvas, generator: np.random.Generator
) -> Image.Image:
    """How much of each pixel of the sheet is ink: an "L" image, 255 for all of it."""
    canvas = _vary(canvas, generator)
    hand = wobble_strokes(fit_box(strokes), canvas.wobble, generator)
    leant = lean_strokes(hand, slant=canvas.slant, rotation=canvas.rotation, stretch=canvas.stretch)
    digit = _draw_digit(fit_box(leant), canvas, generator)
    free = (canvas.width - digit.width, canvas.height - digit.height)
    sheet = Image.new("L", (canvas.width, canvas.height), 0)
    sheet.paste(digit, _place(free, canvas.placement, generator))
    return sheet


def _vary(canvas: Canvas, generator: np.random.Generator) -> Canvas:
    if not canvas.spread:
        return canvas
    sheet, digit, pen = np.exp(generator.uniform(-canvas.spread, canvas.spread, 3))
    return replace(
        canvas,
        width=round(canvas.width * sheet),
        height=round(canvas.height * sheet),
        digit=canvas.digit * digit,
        pen=canvas.pen * pen,
    )


def _draw_digit(
    strokes: Sequence[Stroke], canvas: Canvas, generator: np.random.Generator
) -> Image.Image:
    """The digit alone, as large as it is sent: an "L" image cropped to its ink."""
    sent = min(canvas.digit, _FULL_SHEET) * min(canvas.width, canvas.height)
    pen = max(min(canvas.pen, _thickest_pen(strokes)), _THINNEST_LINE / sent)
    drawn = min(sent * canvas.oversampling, max(_FINEST, _LINE_PIXELS / pen))
    line = pen * drawn
    scale = drawn - line  # of the line's middle, whose box is one pen's width smaller
    lines, widths = [], []
    for stroke in strokes:
        points = thin_out(stroke * scale, 1.0)
        width = _press(points, line, canvas.pressure, generator)
        if canvas.smooth and len(points) > 1:
            span = float(np.hypot(*np.diff(points, axis=0).T).mean())
            samples = int(np.clip(np.ceil(span / _SPAN_PIXELS), 1, 8))
            places = np.arange((len(points) - 1) * samples + 1) / samples
            width = np.interp(places, np.arange(len(points)), width)
            points = smooth_stroke(points, samples)
        lines.append(points + line / 2)
        widths.append(width)
    bounds = np.concatenate(strokes).max(axis=0) * scale + line
    size = np.maximum(1, np.ceil(bounds)).astype(int)
    coverage = cover_pixels(lines, widths, (int(size[0]), int(size[1])))
    shrunk = np.maximum(1, np.rint(bounds * sent / drawn)).astype(int)
    return coverage.resize((int(shrunk[0]), int(shrunk[1])), canvas.resampling)


def _thickest_pen(strokes: Sequence[Stroke]) -> float:
    """The width, in the strokes' unit, up to which their loops stay open."""
    length = sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)
    width, height = np.concatenate(strokes).max(axis=0)
    # (length - longer) · pen = share · (width + pen) · (height + pen), solved for the smaller pen.
    half = ((length - max(width, height)) / _OPEN_SHARE - width - height) / 2
    discriminant = half**2 - width * height
    if half <= 0 or discriminant < 0:
        return np.inf
    return float(half - np.sqrt(discriminant))


def _press(
    points: Stroke, line: float, pressure: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """The line's width at each point: a fast pen presses less."""
    width = np.full(len(points), line)
    if not pressure or len(points) < 3:
        return width
    speed = np.hypot(*np.gradient(points, axis=0).T)
    slowness = 1 - speed / max(float(speed.mean()), 1e-9)
    course = 0.5 * np.clip(slowness, -1, 1) + 0.4 * wander(len(points), 1, generator)[:, 0]
    pressed: NDArray[np.float64] = width * np.clip(1 + pressure * course, 0.5, 1.25)
    return pressed


def _place(
    free: tuple[int, int], placement: Placement, generator: np.random.Generator
) -> tuple[int, int]:
    """Choose the left and top edge of what leaves so many pixels free."""
    if placement == "anywhere":
        share = generator.uniform(0, 1, 2)
    elif placement == "corner":
        share = np.abs(generator.integers(0, 2, 2) - generator.uniform(0.02, 0.1, 2))
    else:
        share = np.clip(generator.normal(0.5, 0.08, 2), 0, 1)
    return round(share[0] * free[0]), round(share[1] * free[1])


def _paint(coverage: Image.Image, canvas: Canvas) -> Image.Image:
    """Ink on paper: an "L" image."""
    levels = np.linspace(canvas.paper, canvas.ink, 256)
    return coverage.point(np.rint(levels).astype(int).tolist())


def _log_uniform(low: float, high: float, generator: np.random.Generator) -> float:
    return float(np.exp(generator.uniform(np.log(low), np.log(high))))
