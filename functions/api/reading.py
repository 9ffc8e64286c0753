"""`read_image`: a recognition out of an event loop, without holding the loop up."""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from api.logs import note, time_stages
from recognition.header import MAX_DRAWING_BYTES, is_drawing
from recognition.limits import MAX_BYTES
from recognition.recognizer import Recognizer
from recognition.result import Recognition

T = TypeVar("T")

# An image of 25 megapixels takes 70 MB while it is read. Starlette's threads are forty, for every
# event loop; more of these than processors would read nothing faster, and take that for each.
_pool: Final = ThreadPoolExecutor(os.cpu_count() or 1, "reading")


@dataclass(frozen=True, slots=True)
class Reading:
    recognition: Recognition
    image: bytes
    """What was read."""
    seconds: float
    """From the request's body to the answer."""


class Run(Protocol):
    """Calls what reads an image."""

    async def __call__(self, read: Callable[[], T], /) -> T: ...


async def run_here(read: Callable[[], T]) -> T:
    """Call it here and now, where the event loop has nobody else to wait for it: the way to a
    thread and back is a third of what HTTP costs around a drawing."""
    return read()


async def run_reading(read: Callable[[], T]) -> T:
    """Call what reads images, in a thread, when it's its turn.

    So many are read at once as there are processors, in the whole process.
    """
    context = copy_context()  # of this request: it has the log's notes
    return await asyncio.get_running_loop().run_in_executor(_pool, context.run, read)


async def read_image(
    recognizer: Recognizer,
    unwrap: Callable[[], bytes],
    *,
    size: int | None = None,
    max_bytes: int = MAX_BYTES,
    run: Run = run_reading,
) -> Reading:
    """Recognise an image, and note what became of it.

    Args:
        unwrap: finds the image, where it's read. Six megabytes of form or JSON take a tenth of a
            second.
        size: bytes of what it's wrapped in, where that may be a drawing. One is read here and now:
            threads that read such small images wait for each other most of the time, so that two
            processors answered fewer requests than one. The header tells: a kilobyte can hold 25
            megapixels.
        run: where to read all else.

    Raises:
        ImageError: it can't be read. And whatever `unwrap` raises.
    """
    start = time.perf_counter()
    found: bytes | None = None
    if run is run_reading and size is not None and size <= MAX_DRAWING_BYTES:
        found = unwrap()
        run = run_here if is_drawing(found) else run

    def read() -> tuple[bytes, Recognition]:
        image = unwrap() if found is None else found
        note(bytes=len(image))
        # The stages begin in the thread: the wait for one is not the decoder's.
        return image, recognizer.recognize(image, time_stages(), max_bytes=max_bytes)

    image, recognition = await run(read)
    note(outcome=recognition.outcome, confidence=round(recognition.confidence, 4))
    return Reading(recognition, image, round(time.perf_counter() - start, 6))
