"""`Record`: what is kept of one image, and what a store must do with it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from recognition.result import Outcome, Recognition
from storage.errors import InvalidCursor
from storage.ids import created_at, is_id

RETENTION: Final = timedelta(days=30)
"""How long a record is kept, unless somebody deletes it or whoever runs this says otherwise."""
LONGEST_WAIT: Final = timedelta(days=29)
"""Of an uploaded image, until it's read: two weeks in a queue, and two among the dead letters,
which are tried again once somebody has mended what kept it from being read."""

UPLOADS_PREFIX: Final = "uploads/"
"""Where the images lie, in the bucket of uploads, whose records were there before them."""

PENDING: Final = "pending"
UNREADABLE: Final = "unreadable"
"""What stands for the outcome of what has none."""


@dataclass(frozen=True, slots=True)
class Label:
    """The right digit, from someone who knows it."""

    digit: int
    """0 to 9."""
    trusted: bool
    """Whether it was given with an API key."""
    labelled_at: datetime
    """In UTC, to the millisecond."""


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """Where an image lies in the bucket of uploads."""

    key: str
    """As S3 has it: any Unicode, of at most 1,024 bytes."""
    version: str | None
    """None in a bucket without versions."""


@dataclass(frozen=True, slots=True)
class RecognitionRecord:
    """One recognition, as it is kept."""

    id: str
    """Of `new_id` or `derive_id`. Whoever has it may see the record, and delete it."""
    created_at: datetime
    """In UTC, to the millisecond: as much as the id holds."""
    outcome: Outcome
    digit: int | None
    """0 to 9 for `digit` and `uncertain`, else None."""
    confidence: float
    """0 to 1."""
    scores: tuple[float, ...]
    """Ten probabilities."""
    model: str
    """The version of the model that answered."""
    image_key: str | None
    """Where `Images` has the image that was sent; None for one that is in the bucket of uploads."""
    strangeness: float
    """How unlike a digit, 0 to 1."""
    expires_at: datetime
    """In UTC, whole seconds. From then on it's gone for everybody, even if not yet removed."""
    label: Label | None = None
    upload: UploadedObject | None = None
    """None for an image that is in `Images`."""


@dataclass(frozen=True, slots=True)
class RefusedUpload:
    """An uploaded image that can't be read, whoever reads it and however often."""

    id: str
    created_at: datetime
    """In UTC, to the millisecond: as much as the id holds."""
    reason: str
    """Of `recognition.errors.name_reason`: the slug that the API has for such an image."""
    expires_at: datetime
    """In UTC, whole seconds."""
    upload: UploadedObject | None = None
    """None where nothing is kept of the image."""


@dataclass(frozen=True, slots=True)
class PendingUpload:
    """An image that somebody may upload, or has, and that nobody has read yet.

    It is under `name_upload(id)`, in as many versions as were sent; or not there.
    """

    id: str
    created_at: datetime
    """In UTC, to the millisecond: as much as the id holds."""
    expires_at: datetime
    """In UTC, whole seconds."""


FinishedRecord = RecognitionRecord | RefusedUpload
"""What is known of an image for good."""
Record = FinishedRecord | PendingUpload


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records, and where the others begin."""

    records: tuple[FinishedRecord, ...]
    """Newest first."""
    next: str | None
    """The cursor of the next page; None at the end."""


class Records(Protocol):
    """Keeps records. Each method may be called from any thread, and raises StorageUnavailable."""

    def put(self, record: Record) -> None:
        """Keep a record, in place of any with the same id. It's durable when this returns."""

    def add(self, record: Record) -> bool:
        """Keep a record unless there is one with its id, in one step, and return whether it is new.

        One that has expired is none. A store that lost the answer of a first attempt may say that
        there was one where it is this very record.
        """

    def settle(self, record: FinishedRecord) -> bool:
        """Keep a record in place of the `PendingUpload` of its id, in one step, and return whether.

        There may be none: deleted, expired, or settled before. A store that lost the answer of a
        first attempt may say so of what it has just settled.
        """

    def get(self, record_id: str) -> Record | None: ...

    def delete(self, record_id: str) -> Record | None:
        """Remove a record and return it as it was in that moment; None where there was none.

        One that has expired is removed, and was not.
        """

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        """Label a record in one step, and return it as it is then; None where there is none.

        Only a recognition takes a label.

        Another digit replaces the label whole, whoever gave it: the last one wins. The same digit
        again changes nothing, `labelled_at` included, unless it brings the trust that was missing.
        """

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        """A page of at most `limit` records (1 or more) of what is known for good, newest first.

        It may have fewer, or none, and still a cursor: the end is where there is no cursor.
        A cursor is a position among the ids, so that records may come and go between two pages:
        whatever was there all the time is on exactly one of them.

        Args:
            limit: how many.
            after: the cursor of the page before. Raises InvalidCursor for what can't be one.
            labelled: leave out the records that have no label.
        """


class Images(Protocol):
    """Keeps images under keys like `2025/drawing.png`: path segments of letters, digits, `.-_`.

    Each method may be called from any thread, and raises InvalidKey or StorageUnavailable.
    """

    def put(self, key: str, image: bytes) -> None:
        """Keep an image, in place of any under the same key: the whole of it, or nothing."""

    def get(self, key: str) -> bytes | None: ...

    def delete(self, key: str) -> None:
        """Remove an image; there need not be one."""


def new_record(
    recognition: Recognition,
    *,
    record_id: str,
    model: str,
    image_key: str | None = None,
    upload: UploadedObject | None = None,
    retention: timedelta = RETENTION,
) -> RecognitionRecord:
    """The record of a recognition whose image came when its id was made.

    Args:
        image_key, upload: where the image is: one of the two.
    """
    return RecognitionRecord(
        id=record_id,
        created_at=created_at(record_id),
        outcome=recognition.outcome,
        digit=recognition.digit,
        confidence=recognition.confidence,
        scores=recognition.scores,
        model=model,
        image_key=image_key,
        strangeness=recognition.strangeness,
        expires_at=_end(record_id, retention),
        upload=upload,
    )


def new_refusal(
    reason: str,
    *,
    record_id: str,
    upload: UploadedObject | None = None,
    retention: timedelta = RETENTION,
) -> RefusedUpload:
    """The record of an image that can't be read, and that came when its id was made."""
    return RefusedUpload(
        record_id, created_at(record_id), reason, _end(record_id, retention), upload
    )


def new_pending(record_id: str, *, retention: timedelta = RETENTION) -> PendingUpload:
    """The record of an image that may be uploaded from now on.

    It stays as long as any, and as long as its image may wait to be read: without it, the image
    would pass for one whose record was deleted, and be removed.
    """
    lifetime = max(retention, LONGEST_WAIT)
    return PendingUpload(record_id, created_at(record_id), _end(record_id, lifetime))


def name_upload(record_id: str) -> str:
    """The key in the bucket of uploads for the image of a `PendingUpload`."""
    return f"{UPLOADS_PREFIX}{record_id}"


def new_label(digit: int, *, trusted: bool) -> Label:
    """A label that is given now."""
    now = datetime.now(UTC)
    return Label(digit, trusted, now.replace(microsecond=now.microsecond // 1000 * 1000))


def require_cursor(after: str | None) -> None:
    """Raises InvalidCursor for what no store gives as one: a cursor is an id, or has its form."""
    if after is not None and not is_id(after):
        raise InvalidCursor("The cursor is none that a page of records came with.")


def _end(record_id: str, retention: timedelta) -> datetime:
    return (created_at(record_id) + retention).replace(microsecond=0)
