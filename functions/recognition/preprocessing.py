"""`normalize_digit`: any grey image to what the network was trained on.

The last steps are MNIST's own (LeCun et al. 1998, section III-A): the ink, fitted into 20×20
without changing its aspect, then placed in 28×28 by its centre of mass. Before them come the
questions that MNIST never had to ask: what is paper, what is ink, and which ink is the digit's.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.clutter import drop_clutter
from recognition.drawing import normalize_drawing
from recognition.image import GreyImage
from recognition.morphology import spread
from recognition.paper import find_median, measure_contrast, ring
from recognition.patch import Ink, Patch, find_patch
from recognition.result import Box

FIELD_SIDE: Final = 28
DIGIT_SIDE: Final = 20
WORKING_SIDE: Final = 400
"""Longer images are averaged down to at most so many pixels first: a digit in a corner, a
twentieth of the side, still has 20; and averaging takes away a sensor's noise."""
FRAME_SHARE: Final = 0.06
"""Of the shorter side: the thickest frame that is peeled off."""
FRAME_UNIFORMITY: Final = 0.9
"""Share of a frame's pixels, and of the paper's next to it, that are of one grey level."""
SAME_GREY: Final = 24
"""Grey levels that pass for one."""
MIN_CONTRAST: Final = 20
"""Levels of contrast between paper and full ink, under which an image is blank."""
LEAST_ABOVE_NOISE: Final = 1.4
"""Full contrast, at least, over what is still the paper's; under it, an image is blank too."""
INK_EDGE: Final = 0.35
"""Share of the full contrast from which a pixel counts as ink when its box is measured."""
THINNEST_STROKE: Final = 1.5
"""Pixels of the field: thinner strokes are widened, or averaging would wash them out."""
THICKEST_STROKE: Final = 3.5
"""Pixels of the field: thicker strokes are narrowed, so that a marker's digit shows its form."""
COARSE: Final = 0.7
"""Field pixels to a working pixel, from which an image is as coarse as the field itself: it moves
by whole pixels then, since half ones would only blur it."""


@dataclass(frozen=True, slots=True)
class NormalizedDigit:
    """A digit as the model takes it, and where it came from."""

    pixels: NDArray[np.float32]
    """float32 (28, 28), 0 paper to 1 ink."""
    box: Box
    """The ink's bounds in the image that was given."""


def normalize_digit(image: GreyImage) -> NormalizedDigit | None:
    """Find the digit's ink in a grey image and bring it into MNIST's form.

    Args:
        image: uint8 (height, width), 0 black to 255 white, of either polarity.

    Returns:
        The digit, or None when there is no ink: the image is blank.
    """
    reduced, scale = _reduce(image)
    found = normalize_drawing(reduced) or normalize_picture(reduced)
    if found is None:
        return None
    pixels, box = found
    height, width = image.shape
    return NormalizedDigit(
        pixels=pixels,
        box=Box(
            box.left * scale,
            box.top * scale,
            min(box.right * scale, width),
            min(box.bottom * scale, height),
        ),
    )


def normalize_picture(image: GreyImage) -> tuple[NDArray[np.float32], Box] | None:
    """The digit's pixels and its bounds, in a picture of any kind; None when there is no ink.

    Whatever changes here changes in `drawing.cpp` as well, which does the same for drawings.

    Args:
        image: uint8 (height, width), no side longer than `WORKING_SIDE`.
    """
    working, inset = peel_frame(image)
    patch = measure_ink(working)
    if patch is None:
        return None
    patch = drop_clutter(patch)
    box = _bound(patch.ink)
    left, top = patch.left + inset, patch.top + inset
    bounds = Box(left + box.left, top + box.top, left + box.right, top + box.bottom)
    return _fit(patch.ink, box), bounds


def peel_frame(image: GreyImage) -> tuple[GreyImage, int]:
    """Take off a frame of one grey level, as a canvas's border leaves in a screenshot.

    Unpeeled, its rim passes for paper, and the paper for ink. Without this step a frame of one
    pixel costs nine of the ten example digits.

    Returns:
        What is inside the frame, or the image as it is; and the frame's thickness in pixels.
    """
    deepest = int(min(image.shape) * FRAME_SHARE)
    frame, paper = find_median(ring(image, 0)), find_median(ring(image, deepest))
    if abs(frame - paper) <= SAME_GREY or not _is_uniform(ring(image, 0), frame):
        return image, 0
    for inset in range(1, deepest + 1):
        if _is_uniform(ring(image, inset), paper):
            return image[inset:-inset, inset:-inset], inset
    return image, 0


def _is_uniform(pixels: GreyImage, level: float) -> bool:
    near = np.abs(pixels.astype(np.int16) - level) <= SAME_GREY
    return bool(near.mean() >= FRAME_UNIFORMITY)


def measure_ink(image: GreyImage) -> Patch | None:
    """How much ink each pixel holds that holds any, or None when nothing stands out from the
    paper."""
    contrast, full, noise = measure_contrast(image)
    if full < max(MIN_CONTRAST, LEAST_ABOVE_NOISE * noise):
        return None
    rows, columns = find_patch(contrast > int(noise))
    ink: Ink = contrast[rows, columns].astype(np.float32)
    ink -= np.float32(noise)
    ink *= np.float32(1 / (full - noise))
    height, width = contrast.shape
    return Patch(np.clip(ink, 0, 1, out=ink), rows.start, columns.start, (height, width))


def _reduce(image: GreyImage) -> tuple[GreyImage, int]:
    """Average an image down by a whole factor; returns it and the factor."""
    factor = -(-max(image.shape) // WORKING_SIDE)
    if factor < 2:
        return image, 1
    return np.asarray(Image.fromarray(image).reduce(factor)), factor


def _bound(ink: Ink) -> Box:
    """The smallest box around what is clearly ink."""
    mask = ink >= min(INK_EDGE, float(ink.max()))
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _fit(ink: Ink, box: Box) -> NDArray[np.float32]:
    """Scale and place the ink in a box: the longer side `DIGIT_SIDE`, its centre of mass the
    field's, in one resampling with anti-aliasing."""
    cropped = ink[box.top : box.bottom, box.left : box.right]
    cropped = _even_width(cropped, DIGIT_SIDE / max(cropped.shape))
    height, width = cropped.shape
    scale = DIGIT_SIDE / max(height, width)
    side = FIELD_SIDE / scale
    left = _place(cropped.sum(axis=0), side, scale)
    top = _place(cropped.sum(axis=1), side, scale)
    # One axis after the other, as Pillow would itself, but for rows that hold nothing.
    fitted = _resample(_resample(cropped, left, side).T, top, side).T
    # A thin pen's line fades when it is averaged down; its own peak restores it.
    field: NDArray[np.float32] = (fitted / max(float(fitted.max()), 1e-6)).astype(np.float32)
    return field


def _resample(ink: Ink, begin: float, length: float) -> Ink:
    """Bring a stretch of each row, which may begin before it and end after, to `FIELD_SIDE` pixels.

    Returns:
        float32 (height, FIELD_SIDE).
    """
    height, width = ink.shape
    # Room for the whole stretch: Pillow takes no box beyond its image.
    before = int(np.ceil(-begin))
    padded = np.zeros((height, before + max(width, int(np.ceil(begin + length)))), np.float32)
    padded[:, before : before + width] = ink
    window = (begin + before, 0, begin + before + length, height)
    resized = Image.fromarray(padded).resize(
        (FIELD_SIDE, height), Image.Resampling.BILINEAR, box=window
    )
    return np.asarray(resized)


def _place(profile: NDArray[np.float32], side: float, scale: float) -> float:
    """Where the field begins along one axis of the crop, for its middle to be the ink's."""
    length = len(profile)
    # By NumPy's own sum: `@` is the one thing here that would call BLAS, each of which rounds anew.
    center = float((profile * (np.arange(length) + 0.5)).sum()) / float(profile.sum())
    begin = min(max(center - side / 2, length - side), 0.0)
    return round(begin * scale) / scale if scale >= COARSE else begin


def _even_width(ink: Ink, scale: float) -> Ink:
    """Widen strokes thinner than `THINNEST_STROKE` in the field, and narrow those thicker than
    `THICKEST_STROKE`."""
    mask = ink >= INK_EDGE
    edges = np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    edges += np.count_nonzero(mask[1:] != mask[:-1])
    # A stroke has two sides; pixel edges overstate a slanted one by 4/π on average.
    stroke = 2 * np.count_nonzero(mask) / max(1.0, edges * np.pi / 4)
    widening = round((THINNEST_STROKE / scale - stroke) / 2)
    if widening > 0:
        return spread(np.pad(ink, widening), widening, np.maximum, 0)
    narrowing = int((stroke - THICKEST_STROKE / scale) / 2)
    if narrowing > 0 and scale < COARSE:  # coarse strokes are thick with blur
        return _trim(spread(ink, narrowing, np.minimum, 0), ink)
    return ink


def _trim(narrowed: Ink, ink: Ink) -> Ink:
    """The narrowed strokes, cut to their bounds; or as they were, where none is left."""
    if narrowed.max(initial=0) < INK_EDGE:
        return ink
    box = _bound(narrowed)
    return narrowed[box.top : box.bottom, box.left : box.right]
