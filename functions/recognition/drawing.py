"""`normalize_drawing`: the picture that comes most, in one pass of C++.

`drawing.cpp` is compiled into every Lambda package and container, and by `make` for a laptop that
has a compiler. Where it isn't, drawings go the way of all pictures: the same result, to the bit, in
five times as long.
"""

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.image import GreyImage
from recognition.result import Box

LIBRARY: Final = Path(__file__).with_name("libdrawing.so")
"""Not `drawing.so`: Python would take that for this module."""
FIELD_SHAPE: Final = (28, 28)


def _load() -> Callable[..., int] | None:
    if not LIBRARY.exists():
        return None
    # It keeps the interpreter to itself for a tenth of a millisecond: to let go of it, and to come
    # by it again among other threads, may take longer.
    try:
        function = ctypes.PyDLL(str(LIBRARY)).normalize_drawing
    except OSError as error:  # slower for no reason that anyone sees would be worse
        raise OSError(f"{error}. If it was compiled for another machine, remove it.") from error
    address, size = ctypes.c_void_p, ctypes.c_long
    function.argtypes = [address, size, size, address, ctypes.POINTER(size)]
    return function


_FUNCTION: Final = _load()
_Bounds: Final = ctypes.c_long * 4


def normalize_drawing(image: GreyImage) -> tuple[NDArray[np.float32], Box] | None:
    """As `normalize_picture`, of a drawing in one piece on paper of one level.

    Args:
        image: uint8 (height, width), 0 black to 255 white, of either polarity.

    Returns:
        None of any other picture, and where the library isn't compiled.
    """
    if _FUNCTION is None or not image.flags.c_contiguous:
        return None
    pixels = np.empty(FIELD_SHAPE, np.float32)
    bounds = _Bounds()
    if not _FUNCTION(image.ctypes.data, *image.shape, pixels.ctypes.data, bounds):
        return None
    return pixels, Box(*bounds)
