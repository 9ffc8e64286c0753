"""A record as an item of DynamoDB, and back."""

import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from recognition.result import Outcome
from storage.ids import created_at
from storage.records import (
    PENDING,
    UNREADABLE,
    Label,
    PendingUpload,
    RecognitionRecord,
    Record,
    RefusedUpload,
    UploadedObject,
)

_SMALLEST: Final = 1e-120
"""DynamoDB's numbers go down to 1e-130, and what is smaller is refused."""

Item = dict[str, dict[str, Any]]
"""Each attribute to its type and its value: `{"digit": {"N": "7"}}`."""


def write_key(record_id: str) -> Item:
    return {"day": {"S": created_at(record_id).date().isoformat()}, "id": {"S": record_id}}


def write_seconds(moment: float) -> dict[str, str]:
    return {"N": repr(moment)}


def _number(value: float) -> dict[str, str]:
    """A float as DynamoDB's decimal: the shortest that reads back as the same."""
    return {"N": repr(value if value > _SMALLEST else 0.0)}


def write_item(record: Record) -> Item:
    item = {
        **write_key(record.id),  # which has the time of its making, too
        "expires": write_seconds(int(record.expires_at.timestamp())),
    }
    match record:
        case RecognitionRecord():
            return item | _write_recognition(record) | _write_upload(record.upload)
        case RefusedUpload():
            words: Item = {"outcome": {"S": UNREADABLE}, "reason": {"S": record.reason}}
            return item | words | _write_upload(record.upload)
        case PendingUpload():
            return item | {"outcome": {"S": PENDING}}


def _write_recognition(record: RecognitionRecord) -> Item:
    return {
        "outcome": {"S": record.outcome.value},
        **({} if record.digit is None else {"digit": {"N": str(record.digit)}}),
        "confidence": _number(record.confidence),
        # One attribute: a list of ten decimals is twice as long, and nobody asks for one of them.
        "scores": {"S": json.dumps(record.scores, separators=(",", ":"))},
        "model": {"S": record.model},
        **({} if record.image_key is None else {"image_key": {"S": record.image_key}}),
        "strangeness": _number(record.strangeness),
        **(write_label(record.label) if record.label else {}),
    }


def _write_upload(upload: UploadedObject | None) -> Item:
    if upload is None:
        return {}
    version = upload.version
    return {
        "upload_key": {"S": upload.key},
        **({} if version is None else {"upload_version": {"S": version}}),
    }


def write_label(label: Label) -> Item:
    return {
        "label": {"N": str(label.digit)},
        "trusted": {"BOOL": label.trusted},
        "labelled_at": {"S": label.labelled_at.isoformat()},
    }


def read_living(item: Item | None) -> Record | None:
    return read_record(item) if item and float(item["expires"]["N"]) > time.time() else None


def read_record(item: Item) -> Record:
    record_id, outcome = item["id"]["S"], item["outcome"]["S"]
    moment = created_at(record_id)
    expires_at = datetime.fromtimestamp(int(item["expires"]["N"]), UTC)
    if outcome == PENDING:
        return PendingUpload(record_id, moment, expires_at)
    if outcome == UNREADABLE:
        return RefusedUpload(record_id, moment, item["reason"]["S"], expires_at, _read_upload(item))
    return RecognitionRecord(
        id=record_id,
        created_at=moment,
        outcome=Outcome(outcome),
        digit=int(item["digit"]["N"]) if "digit" in item else None,
        confidence=float(item["confidence"]["N"]),
        scores=tuple(json.loads(item["scores"]["S"])),
        model=item["model"]["S"],
        image_key=_read_text(item, "image_key"),
        strangeness=float(item["strangeness"]["N"]),
        expires_at=expires_at,
        label=_read_label(item),
        upload=_read_upload(item),
    )


def _read_label(item: Item) -> Label | None:
    if "label" not in item:
        return None
    moment = datetime.fromisoformat(item["labelled_at"]["S"])
    return Label(int(item["label"]["N"]), item["trusted"]["BOOL"], moment)


def _read_upload(item: Item) -> UploadedObject | None:
    key = _read_text(item, "upload_key")
    return None if key is None else UploadedObject(key, _read_text(item, "upload_version"))


def _read_text(item: Item, name: str) -> str | None:
    return str(item[name]["S"]) if name in item else None
