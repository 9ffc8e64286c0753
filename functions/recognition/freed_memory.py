"""`return_freed_memory`: large images' memory goes back to the system when they are done with.

glibc takes large blocks straight from the system, and so gives them back, but what is large it
learns: once a block of up to 32 MiB was freed, blocks of that size come from its heaps. There is a
heap for each thread, in pieces that the next image doesn't fit into: five large images, one after
the other, left a server with 365 MiB that it had no use for, and the sixth came on top.

What is small stays: a heap that ends with 128 KiB of free memory would give them back after each
drawing, and the system clear 109 pages for the next one, which takes a ninth of its time.
"""

import ctypes
from typing import Final

_MMAP_THRESHOLD: Final = -3
"""glibc's malloc.h, M_MMAP_THRESHOLD. Who sets it ends the learning, too (mallopt(3))."""
_TRIM_THRESHOLD: Final = -1
"""M_TRIM_THRESHOLD: how much free memory a heap may end with."""
_LARGE_BYTES: Final = 1024**2
"""A drawing's own arrays are smaller, and come from the heap as ever."""
_KEPT_BYTES: Final = 1024**2
"""Of each heap: a drawing's arrays. The next large image has it on top."""


def return_freed_memory() -> bool:
    """Settle what is large, for all of this process, from now on.

    Returns:
        Whether the C library knows how: others than glibc don't learn such a thing.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
        return bool(
            mallopt(_MMAP_THRESHOLD, _LARGE_BYTES) and mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        )
    except (OSError, TypeError, AttributeError):  # macOS, musl; Windows can't even be asked so
        return False
