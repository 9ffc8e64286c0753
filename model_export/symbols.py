"""The example digits as one small SVG, by which the page shows what there is to try."""

from itertools import pairwise
from pathlib import Path
from typing import Final

from model_export.drawing.strokes import Stroke
from model_export.examples import DIGIT_STROKES

UNITS: Final = 1000
"""To a side, so that whole numbers will do."""
STEP: Final = 6
"""Of a stroke's points every so many: the page shows them at a fifth of the examples' size."""
BOX: Final = "225 115 560 770"
"""What a digit may fill, with the width of its pen."""


def write_symbols(file: Path) -> None:
    """Write every digit's strokes as a symbol `digit-{digit}`, for the page's pen to follow."""
    symbols = [
        f'<symbol id="digit-{digit}" viewBox="{BOX}"><path d="{describe_path(strokes)}"/></symbol>'
        for digit, strokes in DIGIT_STROKES.items()
    ]
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]
    file.write_text("\n".join(lines) + "\n")


def describe_path(strokes: tuple[Stroke, ...]) -> str:
    """Strokes of a unit box in SVG's notation: each from its first point on, by steps."""
    path = ""
    for stroke in strokes:
        points = [*stroke[:-1:STEP], stroke[-1]]
        whole = [(round(x * UNITS), round(y * UNITS)) for x, y in points]
        steps = [f"{x - from_x} {y - from_y}" for (from_x, from_y), (x, y) in pairwise(whole)]
        path += f"M{whole[0][0]} {whole[0][1]}l{' '.join(steps)}"
    return path.replace(" -", "-")
