"""What tells of uploaded images: the events of EventBridge, of S3 itself, and a backlog's items.

Each has the same facts under names of its own, and writes keys by a rule of its own: EventBridge
and listings as they are, S3's own notifications URL-encoded with `+` for a space.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from predictor.errors import UnknownEvent

MAX_KEY_BYTES: Final = 1024
"""Of UTF-8, for any key in S3."""

ENCODED: Final = "encoded"
"""How an inventory has its keys."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """That an object came. It may be gone by now, and another may have come after it."""

    key: str
    """As it is, not encoded; at most `MAX_KEY_BYTES`."""
    version: str | None = None
    """None in a bucket without versions, or where it isn't known."""
    etag: str | None = None
    """With quotes, as HTTP has it; None where it isn't known."""
    size: int | None = None
    """Bytes; None where it isn't known."""


@dataclass(frozen=True, slots=True)
class Item:
    """An object of a backlog."""

    key: str | None
    """None where there is none."""
    arrival: Arrival | None
    """None for what can't be understood."""


def read_message(body: Any, bucket: str) -> list[Arrival]:
    """What a message in the queue tells of. Raises UnknownEvent."""
    try:
        return read_event(json.loads(body), bucket)
    except (ValueError, TypeError, RecursionError):
        raise UnknownEvent("The message is not JSON.") from None


def read_event(event: Any, bucket: str) -> list[Arrival]:
    """What an event tells of.

    Args:
        event: EventBridge's; or a notification of S3's, or its test.
        bucket: the one that it must be about.

    Raises:
        UnknownEvent: it's none of those, is about another bucket, or is no arrival.
    """
    if not isinstance(event, dict):
        raise UnknownEvent("The event is not an object.")
    if event.get("Event") == "s3:TestEvent":  # what S3 sends when it's told to send events
        return []
    if event.get("source") == "aws.s3":
        return [_understand(_read_eventbridge, event, bucket)]
    records = event.get("Records")
    if isinstance(records, list) and records:
        return [_understand(_read_notification, record, bucket) for record in records]
    raise UnknownEvent("The event is none of EventBridge's and none of S3's.")


def read_backlog(event: dict[str, Any]) -> list[Item]:
    """The objects of a backlog's batch, each of which may be beyond understanding alone.

    A listing has the keys raw, an inventory has them URL-encoded; the batch says which it is.

    Raises UnknownEvent where there is no batch at all.
    """
    items, backlog = event.get("Items"), event.get("backlog")
    if not isinstance(items, list) or not isinstance(backlog, dict):
        raise UnknownEvent("The backlog's batch has no items.")
    return [_read_listed(item, backlog.get("keys") == ENCODED) for item in items]


def _understand(
    read: Callable[[dict[str, Any]], tuple[str, Arrival]], event: dict[str, Any], bucket: str
) -> Arrival:
    try:
        name, arrival = read(event)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnknownEvent("The event lacks what says which object it's about.") from None
    if name != bucket:
        raise UnknownEvent("The event is about another bucket.")
    return arrival


def _read_eventbridge(event: dict[str, Any]) -> tuple[str, Arrival]:
    if event["detail-type"] != "Object Created":
        raise UnknownEvent("The event is not of an object that came.")
    detail = event["detail"]
    found = detail["object"]
    etag = found.get("etag") or found.get("eTag")
    arrival = _make_arrival(found["key"], found.get("version-id"), etag, found.get("size"))
    return detail["bucket"]["name"], arrival


def _read_notification(record: dict[str, Any]) -> tuple[str, Arrival]:
    if record["eventSource"] != "aws:s3" or not record["eventName"].startswith("ObjectCreated:"):
        raise UnknownEvent("The event is not of an object that came.")
    found = record["s3"]["object"]
    key = unquote_plus(found["key"], errors="strict")
    arrival = _make_arrival(key, found.get("versionId"), found.get("eTag"), found.get("size"))
    return record["s3"]["bucket"]["name"], arrival


def _read_listed(item: Any, encoded: bool) -> Item:
    """An item of a listing or of an inventory: the latter's numbers are texts."""
    key = item.get("Key") if isinstance(item, dict) else None
    if not isinstance(key, str):
        return Item(None, None)
    try:
        if encoded:
            key = unquote_plus(key, errors="strict")
        size = item.get("Size")
        if isinstance(size, str):
            size = int(size) if size else None  # a deletion's
        # Without the ETag: what has taken its place since it was listed is to be read as well.
        return Item(key, _make_arrival(key, item.get("VersionId") or None, None, size))
    except ValueError:
        return Item(key, None)


def _make_arrival(key: Any, version: Any, etag: Any, size: Any) -> Arrival:
    """Raises ValueError."""
    if not isinstance(key, str) or not 0 < len(key.encode()) <= MAX_KEY_BYTES:
        raise ValueError("no key of S3's")  # a half of a surrogate pair is a ValueError, too
    if not all(value is None or isinstance(value, str) for value in (version, etag)):
        raise ValueError("no version of S3's")
    if isinstance(size, bool) or not isinstance(size, int | None):
        raise ValueError("no size")
    quoted = f'"{etag.strip(chr(34))}"' if etag else None
    # S3's word for the version of what came while versions were off: it names no one image.
    return Arrival(key, None if version in {"", "null"} else version, quoted, size)
