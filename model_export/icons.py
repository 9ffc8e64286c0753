"""The page's mark as pictures of the sizes that systems ask for: a seven on its ruled line."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from model_export.drawing.strokes import Stroke, curve, ink_coverage

_BLUE: Final = (0x24, 0x38, 0xB8)
_WHITE: Final = (0xFF, 0xFF, 0xFF)
_RULE: Final = (0x8D, 0x9C, 0xF0)
"""As in the page's favicon.svg."""

_SEVEN: Final[tuple[Stroke, ...]] = (
    curve((0.281, 0.266), (0.420, 0.275), (0.560, 0.269), (0.706, 0.256)),
    curve((0.706, 0.256), (0.615, 0.402), (0.535, 0.565), (0.469, 0.759)),
    curve((0.359, 0.513), (0.500, 0.502), (0.641, 0.488)),
)
_LINE: Final[tuple[Stroke, ...]] = (curve((-0.5, 0.766), (1.5, 0.766)),)
"""From edge to edge, also of a mark that is drawn small."""
_PEN: Final = 0.1
_RULE_WIDTH: Final = 0.047

_CORNER: Final = 0.22
"""The radius of a rounded icon's corners, as a share of its side."""
_SAFE: Final = 0.94
"""The mark's size where the system cuts the corners. It may leave no more than a circle of 0.8 of
the side (W3C, "Web Application Manifest", "Icon masks"), and the mark is in that whole."""
_SUPERSAMPLING: Final = 4
_COLORS: Final = 64
"""Three and their blends."""

ICONS: Final = {
    "192.png": (192, False),
    "512.png": (512, False),
    "maskable-512.png": (512, True),
    "apple-touch-180.png": (180, True),
}
"""Each file's side in pixels, and whether the system cuts its corners: it fills the square then."""


def draw_icon(side: int, *, fills: bool) -> Image.Image:
    """The mark on blue: an "RGBA" image (side, side), with round corners unless it `fills`."""
    share = _SAFE if fills else 1.0
    icon = Image.new("RGBA", (side, side), (*_BLUE, 255))
    for strokes, width, color in ((_LINE, _RULE_WIDTH, _RULE), (_SEVEN, _PEN, _WHITE)):
        placed = [(stroke - 0.5) * share + 0.5 for stroke in strokes]
        icon.paste((*color, 255), mask=ink_coverage(placed, side=side, width=width * share))
    if not fills:
        icon.putalpha(_round_square(side))
    return icon


def _round_square(side: int) -> Image.Image:
    """Coverage of a square with round corners, out to the edges: an "L" image (side, side)."""
    large = side * _SUPERSAMPLING
    sheet = Image.new("L", (large, large), 0)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), _CORNER * large, fill=255)
    return sheet.reduce(_SUPERSAMPLING)


def write_icons(folder: Path) -> list[Path]:
    """Draw every icon; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, (side, fills) in ICONS.items():
        file = folder / name
        icon = draw_icon(side, fills=fills)
        small = icon.quantize(_COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        small.save(file, optimize=True)
        files.append(file)
    return files
