"""`Reader`: one uploaded image's way, from the event that it came to its record and its result.

The order makes it safe to break off anywhere, and to begin again: whatever is written can be
written twice. The record has an id that follows from the object, or that was there before it, and
is kept once. The result follows from the record that was kept, whoever kept it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Final

from predictor.events import Arrival
from recognition.errors import ImageError, name_reason
from recognition.limits import MAX_UPLOADED_BYTES, check_bytes
from recognition.recognizer import Recognizer
from storage.errors import StorageUnavailable
from storage.ids import created_at, derive_id, is_id
from storage.records import (
    UNREADABLE,
    UPLOADS_PREFIX,
    FinishedRecord,
    PendingUpload,
    Records,
    RefusedUpload,
    new_record,
    new_refusal,
)
from storage.results import S3Results
from storage.uploaded_objects import S3UploadedObjects, UploadedImage

IGNORED: Final = "ignored"
"""The outcome of what is no image, or not any more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of an uploaded image."""

    outcome: str
    """The record's, `unreadable`, or `IGNORED`."""
    reason: str | None = None
    """Why it's one of the last two: a slug."""
    record: FinishedRecord | None = None
    """None for what was ignored."""
    modified_at: datetime | None = None
    """When the image came, in UTC; None for what was not found."""
    published: bool = False
    """Whether its result is there; not where another image has taken its place."""


class Reader:
    """Reads images from a bucket, keeps records, and writes results. Safe to share by threads."""

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        bucket: str,
        uploads: S3UploadedObjects,
        results: S3Results,
        records: Records,
        retention: timedelta,
    ) -> None:
        """
        Args:
            bucket: of the uploads: what ids are made of.
            retention: how long a record is kept from now on.
        """
        self._recognizer = recognizer
        self._bucket = bucket
        self._uploads = uploads
        self._results = results
        self._records = records
        self._retention = retention
        # One image at a time: decoding may take a fifth of a gigabyte.
        self._decoding = Lock()

    def read(self, arrival: Arrival) -> Reading:
        """Read what came, unless it's read already. Raises StorageError; then try again later."""
        if arrival.key.endswith("/"):  # how consoles draw a folder
            return Reading(IGNORED, "folder")
        if arrival.size == 0:
            return Reading(IGNORED, "empty")
        image = self._uploads.read(
            arrival.key,
            arrival.version,
            max_bytes=MAX_UPLOADED_BYTES,
            etag=arrival.etag,
            expected_size=arrival.size or 0,
        )
        if image is None:
            self._clear_up(arrival)
            return Reading(IGNORED, "gone")
        if image.size == 0:
            return Reading(IGNORED, "empty")
        sent_id = find_sent_id(arrival.key)
        return self._read_dropped(image) if sent_id is None else self._read_sent(image, sent_id)

    def _read_dropped(self, image: UploadedImage) -> Reading:
        """Read what came by itself: each version of it has a record, the current one a result."""
        upload = image.upload
        record_id = derive_id(
            image.modified_at, self._bucket, upload.key, upload.version or image.etag
        )
        record: FinishedRecord = self._recognize(image, record_id)
        if not self._records.add(record):
            kept = self._records.get(record_id)
            if kept is None or isinstance(kept, PendingUpload):
                raise StorageUnavailable("A record was removed while its image was read.")
            record = kept
        published = self._results.publish(record, lambda: self._uploads.is_current(image))
        return self._finish(record, image, published=published)

    def _read_sent(self, image: UploadedImage, record_id: str) -> Reading:
        """Read what came by a signed form, for which there is a record already.

        A form lets in more than one image while it's valid. The first that is read is the record's.
        """
        record: FinishedRecord = self._recognize(image, record_id)
        if not self._records.settle(record):
            kept = self._records.get(record_id)
            if kept is None:  # it was deleted, and nobody could find this image any more
                self._uploads.remove(image.upload)
                return Reading(IGNORED, "deleted", modified_at=image.modified_at)
            if isinstance(kept, PendingUpload):
                raise StorageUnavailable("A record was pending, and could not be settled.")
            if kept.upload != image.upload:
                return Reading(IGNORED, "not-the-first", modified_at=image.modified_at)
            record = kept
        published = self._results.publish(record, lambda: True)
        return self._finish(record, image, published=published)

    def _recognize(self, image: UploadedImage, record_id: str) -> FinishedRecord:
        # From now on: an image may have waited, and a backlog's may be as old as the bucket.
        age = max(datetime.now(UTC) - created_at(record_id), timedelta(0))
        retention = age + self._retention
        upload = image.upload
        try:
            if image.data is None:
                check_bytes(image.size, MAX_UPLOADED_BYTES)
            with self._decoding:
                recognition = self._recognizer.recognize(
                    image.data or b"", max_bytes=MAX_UPLOADED_BYTES
                )
        except ImageError as error:
            reason = name_reason(error)
            return new_refusal(reason, record_id=record_id, upload=upload, retention=retention)
        return new_record(
            recognition,
            record_id=record_id,
            model=self._recognizer.card.version,
            upload=upload,
            retention=retention,
        )

    def _finish(self, record: FinishedRecord, image: UploadedImage, *, published: bool) -> Reading:
        """Undo what was written of an image that was deleted meanwhile, or say what it is.

        Who deletes it removes the image first, its result then, and its record last. So what was
        written too late to be removed is seen here to be without its image.
        """
        if not self._uploads.has(image):
            self._results.remove(image.upload.key, record.id)
            self._records.delete(record.id)
            return Reading(IGNORED, "deleted", modified_at=image.modified_at)
        if isinstance(record, RefusedUpload):
            return Reading(UNREADABLE, record.reason, record, image.modified_at, published)
        return Reading(record.outcome.value, None, record, image.modified_at, published)

    def _clear_up(self, arrival: Arrival) -> None:
        """Remove the result of an image that was deleted, where a call broke off before `_finish`.

        The record went last: where it's gone, and too young to have expired, somebody deleted all.
        One that broke off before it wrote a result leaves nothing to find its record by. It stays
        until it expires, if the image was deleted between its reading and its record's keeping.
        """
        found = self._results.find(arrival.key)
        if found is None:
            return
        record_id, version = found
        if arrival.version is None or arrival.version == version:
            age = datetime.now(UTC) - created_at(record_id)
            if age < self._retention and self._records.get(record_id) is None:
                self._results.remove(arrival.key, record_id)


def find_sent_id(key: str) -> str | None:
    """The id of the record that was there before its image; None for what was dropped."""
    record_id = key.removeprefix(UPLOADS_PREFIX)
    return record_id if record_id != key and is_id(record_id) else None
