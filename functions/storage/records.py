"""`RecognitionRecord`: what is kept of one recognition, and what a store must do with it."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from recognition.result import Outcome, Recognition
from storage.errors import InvalidCursor

RETENTION: Final = timedelta(days=30)
"""How long a record is kept, unless somebody deletes it or whoever runs this says otherwise."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LAST_TIME: Final = "e677d21f-dbff"
"""The last millisecond of the year 9999, as an id begins with it: what `datetime` ends at."""


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
class RecognitionRecord:
    """One recognition, as it is kept."""

    id: str
    """Of `new_id`. Whoever has it may see the record, and delete it."""
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
    image_key: str
    """Where `Images` has the image that was sent."""
    strangeness: float
    """How unlike a digit, 0 to 1."""
    expires_at: datetime
    """In UTC, whole seconds. From then on it's gone for everybody, even if not yet removed."""
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records, and where the others begin."""

    records: tuple[RecognitionRecord, ...]
    """Newest first."""
    next: str | None
    """The cursor of the next page; None at the end."""


class Records(Protocol):
    """Keeps records. Each method may be called from any thread, and raises StorageUnavailable."""

    def put(self, record: RecognitionRecord) -> None:
        """Keep a record, in place of any with the same id. It's durable when this returns."""

    def get(self, record_id: str) -> RecognitionRecord | None: ...

    def delete(self, record_id: str) -> bool:
        """Returns whether there was such a record. One that has expired is removed, and was not."""

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        """Label a record in one step, and return it as it is then; None where there is none.

        Another digit replaces the label whole, whoever gave it: the last one wins. The same digit
        again changes nothing, `labelled_at` included, unless it brings the trust that was missing.
        """

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        """A page of at most `limit` records (1 or more), newest first.

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
    image_key: str,
    retention: timedelta = RETENTION,
) -> RecognitionRecord:
    """The record of a recognition that was made when its id was."""
    moment = created_at(record_id)
    return RecognitionRecord(
        id=record_id,
        created_at=moment,
        outcome=recognition.outcome,
        digit=recognition.digit,
        confidence=recognition.confidence,
        scores=recognition.scores,
        model=model,
        image_key=image_key,
        strangeness=recognition.strangeness,
        expires_at=(moment + retention).replace(microsecond=0),
    )


def new_label(digit: int, *, trusted: bool) -> Label:
    """A label that is given now."""
    now = datetime.now(UTC)
    return Label(digit, trusted, now.replace(microsecond=now.microsecond // 1000 * 1000))


def new_id(now: datetime | None = None) -> str:
    """An id that can't be guessed and sorts by time: a UUID of version 7.

    RFC 9562, section 5.7: 48 bits of milliseconds since 1970, 4 bits of version, 12 random bits,
    2 bits of variant, 62 random bits.
    """
    digits = f"{_milliseconds(now or datetime.now(UTC)):012x}"
    digits += f"{0x7 << 12 | secrets.randbits(12):04x}{0b10 << 62 | secrets.randbits(62):016x}"
    return _write_id(digits)


def lowest_id(moment: datetime) -> str:
    """What no id of this moment or a later one is below, and every id of an earlier one is."""
    return _write_id(f"{_milliseconds(moment):012x}7000{0b10 << 62:016x}")


def is_id(text: str) -> bool:
    """Tell whether a text has the form of `new_id`'s, and a time that `created_at` can tell."""
    return _ID.fullmatch(text) is not None and text[: len(_LAST_TIME)] <= _LAST_TIME


def created_at(record_id: str) -> datetime:
    """When an id of `new_id` was made: in UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=int(record_id.replace("-", "")[:12], 16))


def require_cursor(after: str | None) -> None:
    """Raises InvalidCursor for what no store gives as one: a cursor is an id, or has its form."""
    if after is not None and not is_id(after):
        raise InvalidCursor("The cursor is none that a page of records came with.")


def _milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _write_id(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
