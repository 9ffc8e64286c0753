"""`Patch`: the part of a picture that holds its ink.

Around it is bare paper, which needs no float32 for each of its pixels: of a drawing that's two
thirds, and what is calculated of the rest fits into a processor's own memory.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.coarse import find_factor

Ink = NDArray[np.float32]
"""float32 (height, width), 0 paper to 1 full ink."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Ink, and where it is.

    It begins and ends at whole pixels of the picture's small copy, or where the picture does.
    """

    ink: Ink
    top: int
    left: int
    frame: tuple[int, int]
    """Height and width of the picture."""

    @property
    def factor(self) -> int:
        """How many pixels are one of the picture's small copy, each way."""
        return find_factor(self.frame)

    @property
    def reaches_across(self) -> bool:
        """Whether it reaches from one edge of the picture to the opposite one."""
        return any(own == whole for own, whole in zip(self.ink.shape, self.frame, strict=True))


def find_patch(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and the columns of the patch that holds all of a mask; of an empty one, none."""
    height, width = mask.shape
    # Pillow looks from the edges, and no further: two thirds of the time of NumPy's two `any`.
    bounds = Image.fromarray(mask.view(np.uint8)).getbbox()
    if bounds is None:
        return slice(0, 0), slice(0, 0)
    factor = find_factor(mask.shape)
    left, top, right, bottom = bounds
    return (
        slice(top // factor * factor, min(-(-bottom // factor) * factor, height)),
        slice(left // factor * factor, min(-(-right // factor) * factor, width)),
    )
