"""`read_image`: a recognition out of an event loop, without holding the loop up."""

import time
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from recognition.recognizer import Recognizer
from recognition.result import Recognition

INLINE_BYTES: Final = 32 * 1024
"""An image up to this size is read at once: a drawing has a few KB and takes half a millisecond,
of which the way to another thread and back would be a third. A photo takes many."""


@dataclass(frozen=True, slots=True)
class Reading:
    recognition: Recognition
    seconds: float
    """From the image's bytes to the answer."""


async def read_image(recognizer: Recognizer, image: bytes) -> Reading:
    """Recognise an image. Raises ImageError."""
    start = time.perf_counter()
    if len(image) <= INLINE_BYTES:
        recognition = recognizer.recognize(image)
    else:
        recognition = await run_in_threadpool(recognizer.recognize, image)
    return Reading(recognition, round(time.perf_counter() - start, 6))
