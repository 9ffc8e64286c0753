"""The ten example digits: written here as strokes, drawn by our own pen."""

from pathlib import Path
from typing import Final

from model_export.drawing.strokes import Pen, Stroke, curve, render_strokes

EXAMPLE_SIDE: Final = 280
PEN_WIDTH: Final = 0.07
"""Of the side."""

DIGIT_STROKES: Final[dict[int, tuple[Stroke, ...]]] = {
    0: (
        curve(
            (0.54, 0.17), (0.38, 0.24), (0.30, 0.45), (0.33, 0.70), (0.47, 0.83),
            (0.64, 0.74), (0.71, 0.50), (0.66, 0.27), (0.52, 0.17),
        ),
    ),
    1: (curve((0.45, 0.25), (0.54, 0.17)), curve((0.54, 0.17), (0.52, 0.50), (0.49, 0.84))),
    2: (
        curve(
            (0.31, 0.34), (0.38, 0.20), (0.54, 0.17), (0.66, 0.27), (0.62, 0.45),
            (0.46, 0.64), (0.30, 0.80),
        ),
        curve((0.30, 0.80), (0.50, 0.79), (0.71, 0.81)),
    ),
    3: (
        curve(
            (0.33, 0.24), (0.47, 0.16), (0.63, 0.22), (0.64, 0.37), (0.47, 0.47),
        ),
        curve((0.47, 0.47), (0.65, 0.54), (0.69, 0.70), (0.54, 0.83), (0.31, 0.76)),
    ),
    4: (
        curve((0.44, 0.17), (0.36, 0.38), (0.27, 0.57)),
        curve((0.27, 0.57), (0.50, 0.56), (0.74, 0.55)),
        curve((0.60, 0.34), (0.58, 0.60), (0.55, 0.84)),
    ),
    5: (
        curve((0.66, 0.18), (0.40, 0.19)),
        curve((0.40, 0.19), (0.37, 0.44)),
        curve(
            (0.37, 0.44), (0.53, 0.40), (0.67, 0.52), (0.65, 0.72), (0.50, 0.83), (0.31, 0.77),
        ),
    ),
    6: (
        curve(
            (0.60, 0.16), (0.44, 0.30), (0.34, 0.52), (0.34, 0.73), (0.48, 0.84), (0.64, 0.76),
            (0.65, 0.60), (0.52, 0.51), (0.37, 0.60),
        ),
    ),
    7: (
        curve((0.29, 0.20), (0.48, 0.20), (0.69, 0.19)),
        curve((0.69, 0.19), (0.57, 0.46), (0.45, 0.84)),
    ),
    8: (
        curve(
            (0.62, 0.26), (0.50, 0.17), (0.37, 0.25), (0.40, 0.40), (0.54, 0.50), (0.65, 0.64),
            (0.60, 0.80), (0.46, 0.84), (0.34, 0.75), (0.38, 0.60), (0.53, 0.48), (0.63, 0.36),
            (0.61, 0.25),
        ),
    ),
    9: (
        curve(
            (0.64, 0.30), (0.52, 0.18), (0.37, 0.25), (0.35, 0.42), (0.48, 0.51), (0.62, 0.42),
            (0.65, 0.28),
        ),
        curve((0.65, 0.28), (0.64, 0.55), (0.58, 0.84)),
    ),
}  # fmt: skip
"""Each digit's strokes, in a unit box with y down."""


def write_examples(folder: Path) -> list[Path]:
    """Draw every digit as `{digit}.jpg`, white on black as MNIST has them; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for digit, strokes in DIGIT_STROKES.items():
        file = folder / f"{digit}.jpg"
        sheet = render_strokes(
            strokes, side=EXAMPLE_SIDE, pen=Pen(width=PEN_WIDTH, ink=255, paper=0)
        )
        sheet.save(file, quality=90)
        files.append(file)
    return files
