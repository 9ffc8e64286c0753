"""`Keeping`: puts what was read into the stores, and lets no answer wait for them for long.

Of an image, nothing but the picture is kept: no word of who took it, where, or with what.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final

from api.logs import log, time_stages
from recognition.errors import ImageError
from recognition.image import sniff_format
from recognition.result import Recognition
from recognition.stripping import strip_metadata
from storage.archive import Archive
from storage.errors import IdTaken, StorageError
from storage.records import RETENTION, RecognitionRecord, new_record

MAX_STORING_SECONDS: Final = 0.9
"""What a store that is down or slow may cost an answer, or a whole batch of them."""
_THREADS: Final = 16
"""A batch of 64 has four turns: at the fifty milliseconds that S3 and DynamoDB take together, a
fifth of a second. They're no one else's: a store that hangs must not hold up the reading."""


@dataclass(frozen=True, slots=True)
class Keepsake:
    """What there is to keep of one image."""

    record_id: str
    recognition: Recognition
    image: bytes
    """As it came, of what was read. What is kept of it is its picture."""


class Keeping:
    """Keeps images and their recognitions, where there is something to keep them in."""

    def __init__(
        self,
        archive: Archive | None,
        *,
        model: str,
        retention: timedelta = RETENTION,
        open_stores: Callable[[], None] | None = None,
    ) -> None:
        """
        Args:
            model: the version of the model that answers.
            retention: how long everything is kept.
            open_stores: what the stores do but once and wait for nobody in. It's called before
                anything is kept, and its time is not the stores'.
        """
        self._archive = archive
        self._model = model
        self._retention = retention
        self._open_stores = open_stores
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keeping")

    async def keep(self, keepsakes: Sequence[Keepsake]) -> list[bool]:
        """Keep them all at once, within `MAX_STORING_SECONDS`.

        Returns:
            For each whether it's kept. A store that fails must not cost the answer, so that nothing
            of that is raised; what gets into the store too late is removed from it again.

        Raises IdTaken where another image is kept under the id of one of them.
        """
        if self._archive is None or not keepsakes:
            return [False] * len(keepsakes)
        end_stage = time_stages()
        loop = asyncio.get_running_loop()
        if self._open_stores is not None:
            with suppress(StorageError):  # it's said again of everything that is to be kept
                await loop.run_in_executor(None, copy_context().run, self._open_stores)
            self._open_stores = None
        attempts = [_Attempt(self._archive, self._record(each), each.image) for each in keepsakes]
        # Each in a copy of the context, where the log's lines find the request's id.
        waits = [
            loop.run_in_executor(self._threads, copy_context().run, attempt.make)
            for attempt in attempts
        ]
        try:
            await asyncio.wait(waits, timeout=MAX_STORING_SECONDS)
        finally:  # also when nobody waits for the answer any more
            kept = [attempt.settle() for attempt in attempts]
            for wait in waits:
                wait.cancel()
        end_stage("store")
        for attempt in attempts:
            attempt.require_id()
        return kept

    def _record(self, keepsake: Keepsake) -> RecognitionRecord:
        image_format = sniff_format(keepsake.image)
        assert image_format is not None  # it was read
        return new_record(
            keepsake.recognition,
            record_id=keepsake.record_id,
            model=self._model,
            image_key=f"{keepsake.record_id}.{image_format.lower()}",
            retention=self._retention,
        )


class _Attempt:
    """One keepsake on its way into the store. It may be called off, as late as it is there."""

    def __init__(self, archive: Archive, record: RecognitionRecord, image: bytes) -> None:
        self._archive = archive
        self._record = record
        self._image = image
        self._lock = Lock()
        self._kept = False
        self._settled = False
        self._taken: IdTaken | None = None

    def make(self) -> None:
        """Keep it, in a thread. Raises nothing."""
        if self._settled:
            return
        try:
            self._archive.keep(self._record, strip_metadata(self._image))
        except ImageError as error:  # it was read, but nothing says where its picture ends
            log.warning("An image could not be stripped, and is not kept", exc_info=error)
            return
        except IdTaken as error:
            self._taken = error
            return
        except Exception as error:  # whatever a store may raise
            log.error("A recognition could not be kept", exc_info=error)
            return
        with self._lock:
            self._kept = not self._settled
        if not self._kept:
            self._undo()

    def settle(self) -> bool:
        """Whether it's kept by now. If it isn't, it won't be."""
        with self._lock:
            self._settled = True
            return self._kept

    def require_id(self) -> None:
        """Raises IdTaken where it can't be kept for that."""
        if self._taken is not None:
            raise self._taken

    def _undo(self) -> None:
        log.warning("A recognition was kept too late, and is removed again")
        try:
            self._archive.remove(self._record.id)
        except Exception as error:
            log.error("A recognition that was kept too late could not be removed", exc_info=error)
