"""`spread`: grey dilation and erosion by a square (Serra 1982)."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Level = TypeVar("Level", bound=np.generic)


def spread(image: NDArray[Level], reach: int, extreme: np.ufunc, outside: float) -> NDArray[Level]:
    """The greatest or least level within `reach` pixels of each pixel, both ways.

    By windows that double in length: as many passes as the logarithm of their length.

    Args:
        image: (height, width).
        extreme: `np.maximum` or `np.minimum`.
        outside: what lies beyond the edges.
    """
    window = 2 * reach + 1
    for _ in range(2):
        length = len(image)
        rows = np.pad(image, ((reach, reach), (0, 0)), constant_values=outside)
        done = 1
        while done < window:
            step = min(done, window - done)
            rows = extreme(rows[:-step], rows[step:])
            done += step
        image = np.ascontiguousarray(rows[:length].T)
    return image
