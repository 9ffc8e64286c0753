"""`purging`: removes what has expired from a laptop's stores; S3 and DynamoDB do it themselves."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from storage.errors import StorageError
from storage.records import Images, RecognitionRecord
from storage.sqlite import SqliteRecords

log: Final = logging.getLogger("inkling.storage")

_HOUR: Final = 3600.0
_BATCH: Final = 100


@contextmanager
def purging(records: SqliteRecords, images: Images, seconds: float = _HOUR) -> Iterator[None]:
    """Remove what has expired: now, and every so many seconds for as long as the block runs."""
    ended = Event()

    def work() -> None:
        while not ended.is_set():
            try:
                purge(records, images, ended)
            except StorageError as error:  # the next round tries again
                log.error("What has expired could not be removed", exc_info=error)
            ended.wait(seconds)

    thread = Thread(target=work, name="purging", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def purge(records: SqliteRecords, images: Images, ended: Event | None = None) -> int:
    """Remove every record that has expired, with its image, unless it's to end before.

    The record goes last: until then, the image can be found. Returns how many went, and raises
    StorageError.
    """
    removed = 0
    while batch := records.expired(_BATCH):
        for record in batch:
            if ended is not None and ended.is_set():
                return removed
            if isinstance(record, RecognitionRecord) and record.image_key is not None:
                images.delete(record.image_key)
            records.delete(record.id)
            removed += 1
    return removed
