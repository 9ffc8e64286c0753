"""`read_image`: a recognition out of an event loop, without holding the loop up."""

import time
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from api.logs import note, time_stages
from recognition.recognizer import Recognizer
from recognition.result import Recognition


@dataclass(frozen=True, slots=True)
class Reading:
    recognition: Recognition
    seconds: float
    """From the image's bytes to the answer."""


async def read_image(recognizer: Recognizer, image: bytes) -> Reading:
    """Recognise an image, in a thread, and note what became of it. Raises ImageError.

    The way there and back takes a tenth of a millisecond, a drawing itself about one. Reading what
    is small at once would save that, but 1 KB can hold 25 megapixels and take half a second.
    """
    note(bytes=len(image))
    start = time.perf_counter()
    # The stages begin in the thread: the wait for one is not the decoder's.
    recognition = await run_in_threadpool(lambda: recognizer.recognize(image, time_stages()))
    note(outcome=recognition.outcome, confidence=round(recognition.confidence, 4))
    return Reading(recognition, round(time.perf_counter() - start, 6))
