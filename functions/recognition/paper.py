"""`measure_contrast`: how far each pixel stands out from its paper, whatever light falls on it.

A drawing from a canvas has one level of paper, and takes the short way. A photo has shadows, a
vignette and grain: there each stroke is measured against the paper around it.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from recognition.closing import (
    NOISE_SIGMAS,
    Contrast,
    Counts,
    close_paper,
    count_levels,
    differ,
    differ_counts,
    find_full,
    full_contrast,
)
from recognition.coarse import coarsen
from recognition.hairline import find_hairlines
from recognition.image import GreyImage
from recognition.selection import label_parts
from recognition.shade import drop_shade

PAPER_NOISE: Final = 0.12
"""Share of the full contrast that is taken for paper: JPEG halos, grain."""
BLOCKS: Final = 4
"""Along the longer side: how finely paper is compared with itself."""
COVERED_BLOCKS: Final = 8
"""One in so many may be all ink."""
EVEN_SPREAD: Final = 0.12
"""Of the full contrast: how far paper's level differs on even paper."""
EVEN_GRAIN: Final = 0.04
"""Of the full contrast: how much neighbours on the rim differ, in the middle, on even paper."""
ELEMENTS: Final = (0.06, 0.15, 0.35)
"""Of the longer side: how wide a stroke may be, for an element to see its paper on both sides. A
marker's, in a tight crop, takes a quarter; but the smaller, the less is left of a shadow's edge."""
SEEN_SHARE: Final = 0.9
"""Of the ink that the widest element sees: as much with a smaller one, and that one will do."""
SHADE: Final = 0.85
"""Of the seen ink's contrast: what else the widest element sees and is fainter is shadow, if…"""
SEEN_LENGTH: Final = 0.35
"""…so much of the longest part's length is seen."""
EDGE_SPAN: Final = 0.03
"""Of the longer side: how far apart the two sides of an edge are, out of focus."""
EDGE_STEP: Final = 12
"""Grey levels between them, at least. Light that falls off over a whole thumbnail changes by 9."""
TAIL_SIDE: Final = 64
"""Pixels of the small copy on which dark ink is told from light, where no rim can say it."""
TAIL_REACHES: Final = (6, 16)
"""Of those, to each side: surroundings; wider ones where the first leave a doubt."""
CLEAR_TAIL: Final = 0.5
"""Skewness from which there is no doubt."""


def measure_contrast(image: GreyImage) -> tuple[Contrast, int, float]:
    """Tell ink from paper, dark on light or light on dark.

    Args:
        image: uint8 (height, width), 0 black to 255 white.

    Returns:
        The contrast of each pixel on the ink's side; the contrast of full ink; and how much
        contrast is still paper.
    """
    rim = ring(image, 0)
    paper = int(find_median(rim))
    counts = count_levels(image)
    dark = _is_darker(counts, paper)
    full = find_full(differ_counts(counts, paper, dark=dark))
    if _is_even(image, rim, paper, full, dark=dark):
        found = differ(image, paper, dark=dark), 0.0
    else:
        smooth = np.asarray(Image.fromarray(image).filter(ImageFilter.BoxBlur(1)))
        if not _has_edges(smooth):
            return np.zeros_like(image), 0, 0.0
        found = find_hairlines(smooth) or _differ_in_shade(smooth, dark=dark)
        full = full_contrast(found[0])
    contrast, grain = drop_shade(found[0]), found[1]
    if contrast is not found[0]:
        full = full_contrast(contrast)
    return contrast, full, max(PAPER_NOISE * full, NOISE_SIGMAS * grain)


def ring(image: GreyImage, inset: int) -> GreyImage:
    """The pixels that lie so far inside of the edge."""
    height, width = image.shape
    inside = image[inset : height - inset, inset : width - inset]
    return np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])


def find_median(levels: NDArray[np.integer[Any]]) -> float:
    """As `np.median` has it, without its 10 µs of looking at what it was given: four times for
    each picture."""
    ordered = np.sort(levels)
    middle = len(ordered) // 2
    return (int(ordered[middle]) + int(ordered[-1 - middle])) / 2


def _is_darker(counts: Counts, paper: int) -> bool:
    """Whether what differs from the paper is darker rather than lighter.

    By squares, so that a stroke outweighs a wide, faint unevenness of the paper.
    """
    energy = counts * (np.arange(256) - paper) ** 2
    return bool(energy[:paper].sum() >= energy[paper:].sum())


def _is_even(image: GreyImage, rim: GreyImage, paper: int, full: int, *, dark: bool) -> bool:
    """Whether the paper has one level all over: the lightest of each block, where ink is dark.

    Blocks are larger than a stroke is wide, so that nearly each holds some paper, in a digit that
    is cropped to its edges too.
    """
    if find_median(np.abs(np.diff(rim.astype(np.int16)))) > EVEN_GRAIN * full:
        return False
    side = -(-max(image.shape) // BLOCKS)
    extreme = np.maximum if dark else np.minimum
    height, width = image.shape
    rows = [extreme.reduce(image[top : top + side]) for top in range(0, height, side)]
    blocks = extreme.reduceat(rows, np.arange(0, width, side), axis=1)
    levels = np.abs(np.sort(blocks, axis=None).astype(np.int16) - paper)
    covered = len(levels) // COVERED_BLOCKS
    levels = levels[covered:] if dark else levels[: len(levels) - covered]
    return bool(levels.max() <= EVEN_SPREAD * full)


def _has_edges(image: GreyImage) -> bool:
    """Whether there is a step anywhere, as ink makes and light does not."""
    span = max(1, round(EDGE_SPAN * max(image.shape)))
    levels = image.astype(np.int16)
    steps = (levels[span:] - levels[:-span], levels[:, span:] - levels[:, :-span])
    return any(step.size and max(step.max(), -step.min()) >= EDGE_STEP for step in steps)


def _measure_tail(image: GreyImage, reach: int) -> float:
    """The skewness of what differs from its surroundings: below 0 for dark ink, above for light.

    Strokes are the lesser part, so they make the longer tail, where light changes slowly or, at a
    shadow's edge, as far to either side. A digit so bold that it fills its surroundings has none.
    """
    factor = max(1, max(image.shape) // TAIL_SIDE)
    small = Image.fromarray(image).reduce(factor)
    around = small.filter(ImageFilter.BoxBlur(reach))
    residual = np.asarray(small, np.float64) - np.asarray(around, np.float64)
    variance = float((residual**2).mean())
    return float((residual**3).mean() / max(variance, 1.0) ** 1.5)


def _differ_in_shade(image: GreyImage, *, dark: bool) -> tuple[Contrast, float]:
    """As `_differ_locally`, of dark ink or light: as `dark` has it, if the strokes don't tell."""
    tails = (_measure_tail(image, reach) for reach in TAIL_REACHES)
    dark = next((tail < 0 for tail in tails if abs(tail) >= CLEAR_TAIL), dark)
    return _differ_locally(image if dark else 255 - image)


def _differ_locally(image: GreyImage) -> tuple[Contrast, float]:
    """Contrast of dark ink with the paper around it, as 255ths of that paper; and the standard
    deviation of the paper's grain. With the smallest element that sees the strokes."""
    *smaller, widest = (close_paper(image, share) for share in ELEMENTS)
    full = full_contrast(widest[0])
    ink = full // 2
    enough = SEEN_SHARE * np.count_nonzero(widest[0] > ink)
    longest = SEEN_LENGTH * _measure_longest(widest[0] > ink)
    for contrast, grain in smaller:
        seen = contrast > ink
        if np.count_nonzero(seen) >= enough:
            return contrast, grain
        lost = widest[0][(widest[0] > ink) & ~seen]
        if _measure_longest(seen) >= longest and lost.mean() <= SHADE * widest[0][seen].mean():
            return contrast, grain
    return widest


def _measure_longest(mask: NDArray[np.bool_]) -> float:
    """How long the longest connected part is, as a share of the longer side."""
    shares, factor = coarsen(np.uint8(255) * mask)
    coarse = shares > 255 // (2 * factor)
    _, parts = label_parts(coarse)
    return float(max((part.length for part in parts), default=0) / max(coarse.shape))
