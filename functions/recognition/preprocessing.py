"""`normalize_digit`: any grey image to what the network was trained on.

The steps are MNIST's own (LeCun et al. 1998, section III-A): the ink, fitted into 20×20 without
changing its aspect, then placed in 28×28 by its centre of mass. Before them come the two
questions that MNIST never had to ask: which side is paper, and where is the ink.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.image import GreyImage
from recognition.result import Box

FIELD_SIDE: Final = 28
DIGIT_SIDE: Final = 20

WORKING_SIDE: Final = 560
"""Longer images are averaged down to about this many pixels first: a 20×20 digit needs no more,
and averaging takes away a sensor's noise."""

FRAME_SHARE: Final = 0.06
"""Of the shorter side: the thickest frame that is peeled off."""
FRAME_UNIFORMITY: Final = 0.9
"""Share of a frame's pixels, and of the paper's next to it, that are of one grey level."""
SAME_GREY: Final = 24
"""Grey levels that pass for one."""

MIN_CONTRAST: Final = 20
"""Grey levels between paper and the darkest ink, under which an image is blank."""
INK_EDGE: Final = 0.35
"""Share of the full contrast from which a pixel counts as ink when its box is measured."""
PAPER_NOISE: Final = 0.12
"""Share of the full contrast that is taken for paper: JPEG halos, grain."""


@dataclass(frozen=True, slots=True)
class NormalizedDigit:
    """A digit as the model takes it, and where it came from."""

    pixels: NDArray[np.float32]
    """float32 (28, 28), 0 paper to 1 ink."""
    box: Box
    """The ink's bounds in the image that was given."""


def normalize_digit(image: GreyImage) -> NormalizedDigit | None:
    """Find the ink in a grey image and bring it into MNIST's form.

    Args:
        image: uint8 (height, width), 0 black to 255 white, of either polarity.

    Returns:
        The digit, or None when there is no ink: the image is blank.
    """
    reduced, scale = _reduce(image)
    working, inset = peel_frame(reduced)
    ink = measure_ink(working)
    if ink is None:
        return None
    mask = ink >= INK_EDGE
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    height, width = image.shape
    return NormalizedDigit(
        pixels=_center(_fit(ink[top:bottom, left:right])),
        box=Box(
            (left + inset) * scale,
            (top + inset) * scale,
            min((right + inset) * scale, width),
            min((bottom + inset) * scale, height),
        ),
    )


def peel_frame(image: GreyImage) -> tuple[GreyImage, int]:
    """Take off a frame of one grey level, as a canvas's border leaves in a screenshot.

    Unpeeled, its rim passes for paper, and the paper for ink. Without this step a frame of one
    pixel costs nine of the ten example digits.

    Returns:
        What is inside the frame, or the image as it is; and the frame's thickness in pixels.
    """
    deepest = int(min(image.shape) * FRAME_SHARE)
    frame, paper = np.median(_ring(image, 0)), np.median(_ring(image, deepest))
    if abs(frame - paper) <= SAME_GREY or not _is_uniform(_ring(image, 0), frame):
        return image, 0
    for inset in range(1, deepest + 1):
        if _is_uniform(_ring(image, inset), paper):
            return image[inset:-inset, inset:-inset], inset
    return image, 0


def _ring(image: GreyImage, inset: int) -> GreyImage:
    """The pixels that lie so far inside of the edge."""
    height, width = image.shape
    inside = image[inset : height - inset, inset : width - inset]
    return np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])


def _is_uniform(pixels: GreyImage, level: float) -> bool:
    near = np.abs(pixels.astype(np.int16) - level) <= SAME_GREY
    return bool(near.mean() >= FRAME_UNIFORMITY)


def measure_ink(image: GreyImage) -> NDArray[np.float32] | None:
    """Tell ink from paper.

    Paper is what the image's rim mostly is; ink is what differs from it, on the side (darker or
    lighter) where more differs.

    Returns:
        float32 (height, width), 0 paper to 1 full ink, or None when nothing stands out.
    """
    paper = float(np.median(_ring(image, 0)))
    darker = np.clip(paper - image.astype(np.float32), 0, None)
    lighter = np.clip(image.astype(np.float32) - paper, 0, None)
    # Squares, so that a stroke outweighs a wide, faint unevenness of the paper.
    contrast = darker if np.vdot(darker, darker) >= np.vdot(lighter, lighter) else lighter
    full = float(contrast.max())
    if full < MIN_CONTRAST:
        return None
    ink: NDArray[np.float32] = np.clip(
        (contrast / np.float32(full) - PAPER_NOISE) / (1 - PAPER_NOISE), 0, 1
    )
    return ink


def _reduce(image: GreyImage) -> tuple[GreyImage, int]:
    """Average an image down by a whole factor; returns it and the factor."""
    factor = max(image.shape) // WORKING_SIDE
    if factor < 2:
        return image, 1
    return np.asarray(Image.fromarray(image).reduce(factor)), factor


def _fit(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale ink so that its longer side is `DIGIT_SIDE`, with anti-aliasing, peak 1."""
    height, width = ink.shape
    scale = DIGIT_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    fitted = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BILINEAR))
    # A thin pen's line fades when it is averaged down; its own peak restores it.
    fitted = fitted / max(float(fitted.max()), 1e-6)
    return fitted.astype(np.float32)


def _center(digit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Place ink so that its centre of mass is the field's, to the nearest whole pixel."""
    height, width = digit.shape
    mass = float(digit.sum())
    center_y = float(digit.sum(axis=1) @ np.arange(height)) / mass + 0.5
    center_x = float(digit.sum(axis=0) @ np.arange(width)) / mass + 0.5
    top = min(max(round(FIELD_SIDE / 2 - center_y), 0), FIELD_SIDE - height)
    left = min(max(round(FIELD_SIDE / 2 - center_x), 0), FIELD_SIDE - width)
    field = np.zeros((FIELD_SIDE, FIELD_SIDE), np.float32)
    field[top : top + height, left : left + width] = digit
    return field
