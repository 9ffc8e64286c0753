"""`select_digit`: of everything that is ink, what belongs to the digit.

Ink falls into connected parts. Most drawings are one or two, all of the digit. The others are what
paper and forms add: specks, ruled lines, a box around the field, the edge of the next field.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
"""bool (height, width)."""

SPECK_SIZE: Final = 0.16
"""Of the main part's longer side: what is smaller both ways may be a speck…"""
SPECK_AREA: Final = 0.03
"""…and is one if its area is under this share of the main part's."""
STROKE_GAP: Final = 0.25
"""Of the main part's longer side: how far off a small part may lie and still be a stroke of it."""
CHARACTER_SIZE: Final = 0.5
"""Of the main part's longer side: what is as long is a character of its own, at any distance."""
WHOLE_WEIGHT: Final = 0.3
"""Of the heaviest part's ink: how much such a part must have."""
NEIGHBOUR_WEIGHT: Final = 0.5
"""Of the main part's ink: what an edge cuts off and has less is the next field's."""
WHOLE_SIZE: Final = 0.07
"""Of the image's longer side: parts as long, and not cut by an edge, come first as the main one."""
LINE_SPAN: Final = 0.9
"""Of the image's side: what is as long, and thin, is a ruled line."""
LINE_THICKNESS: Final = 0.12
"""Of a line's length, at most; a slight slope included."""
BOX_SIDE: Final = 0.7
"""Share of each side of its bounds that a drawn box covers."""
BOX_CONTENT: Final = 0.3
"""Of a box's height: how tall, at least, a digit stands in it."""
CORE_SIZE: Final = 0.2
"""Of the image's longer side: how long the rest must be for a line to be dropped beside it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One connected piece of ink; bounds exclusive at the right and the bottom."""

    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def length(self) -> int:
        return max(self.width, self.height)


def select_digit(mask: Mask, ink: NDArray[np.float32]) -> Mask:
    """Drop the parts of a mask that are not the digit's.

    Args:
        ink: float32 (height, width), 0 paper to 1 full ink.
    """
    runs = _find_runs(mask)
    if runs.are_one_part:
        return mask
    labels, parts = _number_parts(mask, runs)
    weights = np.bincount(labels.ravel(), weights=(ink * ink).ravel())[1:].tolist()
    kept = _choose(labels, parts, weights)
    lookup = np.zeros(len(parts) + 1, bool)
    lookup[[index + 1 for index in kept]] = True
    return lookup[labels]


def is_one_part(mask: Mask) -> bool:
    """Whether all of a mask is connected, if there is anything."""
    return _find_runs(mask).are_one_part


def _choose(labels: NDArray[np.int32], parts: list[Part], weights: list[float]) -> list[int]:
    """Which parts to keep. The heaviest is the main one: of full ink rather than of much shade."""
    height, width = labels.shape
    inside = [
        i
        for i, part in enumerate(parts)
        if not _is_line(part, width, height) and not _is_box(i, labels, parts)
    ]
    core = max((parts[i].length for i in inside), default=0)
    candidates = inside if core >= CORE_SIZE * max(width, height) else list(range(len(parts)))
    whole = [
        i
        for i in candidates
        if not _touched_edges(parts[i], width, height)
        and parts[i].length >= WHOLE_SIZE * max(width, height)
    ]
    heaviest = max(candidates, key=lambda i: weights[i])
    main = max(whole, key=lambda i: weights[i], default=heaviest)
    if weights[main] < WHOLE_WEIGHT * weights[heaviest]:
        main = heaviest
    main_is_cut = bool(_touched_edges(parts[main], width, height))
    return [
        i
        for i in candidates
        if i == main
        or _belongs(
            parts[i],
            parts[main],
            is_cut=bool(_touched_edges(parts[i], width, height)) and not main_is_cut,
            is_lighter=weights[i] < NEIGHBOUR_WEIGHT * weights[main],
        )
    ]


def _belongs(part: Part, main: Part, *, is_cut: bool, is_lighter: bool) -> bool:
    if part.length < SPECK_SIZE * main.length and part.area < SPECK_AREA * main.area:
        return False
    is_far = _gap(part, main) > STROKE_GAP * main.length
    if is_cut:  # by an edge of the picture that the digit keeps clear of: the next field's
        return not is_far and not is_lighter
    return part.length >= CHARACTER_SIZE * main.length or not is_far


def _gap(part: Part, other: Part) -> int:
    """Pixels between the bounds of two parts, along the axis on which they are further apart."""
    across = max(part.left - other.right, other.left - part.right)
    down = max(part.top - other.bottom, other.top - part.bottom)
    return max(across, down, 0)


def _touched_edges(part: Part, width: int, height: int) -> set[str]:
    touches = {
        "left": part.left == 0,
        "top": part.top == 0,
        "right": part.right == width,
        "bottom": part.bottom == height,
    }
    return {edge for edge, touched in touches.items() if touched}


def _is_line(part: Part, width: int, height: int) -> bool:
    across = part.width >= LINE_SPAN * width and part.height <= LINE_THICKNESS * part.width
    down = part.height >= LINE_SPAN * height and part.width <= LINE_THICKNESS * part.height
    return across or down


def _is_box(index: int, labels: NDArray[np.int32], parts: list[Part]) -> bool:
    """A rectangle's outline, with something tall inside."""
    box = parts[index]
    if min(box.width, box.height) < 3:  # nothing fits inside
        return False
    holds = any(
        box.left < part.left
        and box.top < part.top
        and part.right < box.right
        and part.bottom < box.bottom
        and part.height >= BOX_CONTENT * box.height
        for part in parts
    )
    if not holds:
        return False
    outline = labels[box.top : box.bottom, box.left : box.right] == index + 1
    band = max(1, round(0.1 * box.length))
    sides = (
        outline[:band].any(axis=0),
        outline[-band:].any(axis=0),
        outline[:, :band].any(axis=1),
        outline[:, -band:].any(axis=1),
    )
    return all(side.mean() >= BOX_SIDE for side in sides)


def label_parts(mask: Mask) -> tuple[NDArray[np.int32], list[Part]]:
    """Number the 8-connected parts of a mask, by its runs and a union-find over them.

    Returns:
        int32 (height, width), 0 paper, else a part's place in the list plus one; and the list.
    """
    return _number_parts(mask, _find_runs(mask))


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of a mask along its rows, in reading order; each int64 (n,)."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    parents: NDArray[np.int64]
    """The first run of the part that each belongs to."""

    @property
    def are_one_part(self) -> bool:
        return not self.parents.any()  # all are of the first one's


def _find_runs(mask: Mask) -> _Runs:
    height, width = mask.shape
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    parents = _join_runs(rows.tolist(), starts.tolist(), ends.tolist())
    return _Runs(rows, starts, ends, parents)


def _number_parts(mask: Mask, runs: _Runs) -> tuple[NDArray[np.int32], list[Part]]:
    height, width = mask.shape
    rows, starts, ends = runs.rows, runs.starts, runs.ends
    roots, numbers = np.unique(runs.parents, return_inverse=True)
    lengths = ends - starts
    labels = np.zeros(height * width, np.int32)
    labels[mask.ravel()] = np.repeat(numbers + 1, lengths)
    labels = labels.reshape(height, width)
    if not len(roots):
        return labels, []
    order = np.argsort(numbers, kind="stable")
    firsts = np.searchsorted(numbers[order], np.arange(len(roots)))
    bounds = (
        np.minimum.reduceat(starts[order], firsts),
        np.minimum.reduceat(rows[order], firsts),
        np.maximum.reduceat(ends[order], firsts),
        np.maximum.reduceat(rows[order], firsts) + 1,
        np.add.reduceat(lengths[order], firsts),
    )
    columns = (bound.tolist() for bound in bounds)
    return labels, [Part(*part) for part in zip(*columns, strict=True)]


def _join_runs(rows: list[int], starts: list[int], ends: list[int]) -> NDArray[np.int64]:
    """The root of each run, runs in reading order; those that touch, diagonals too, share one."""
    parents = list(range(len(rows)))

    def find(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    above = 0
    for run, row in enumerate(rows):
        # Runs of the row above that end before this one begins are behind every later one too.
        while above < run and (
            rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run])
        ):
            above += 1
        other = above
        while other < run and rows[other] == row - 1 and starts[other] <= ends[run]:
            first, second = find(run), find(other)
            parents[max(first, second)] = min(first, second)
            other += 1
    return np.array([find(run) for run in range(len(parents))], dtype=np.int64)
