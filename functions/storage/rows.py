"""A record as a row of SQLite, and back."""

import json
from datetime import UTC, datetime
from typing import Any, Final

from recognition.result import Outcome
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

_NAMES: Final = (
    *("id", "created_at", "expires_at", "outcome"),
    *("digit", "confidence", "scores", "model", "image_key", "strangeness"),
    *("label", "label_trusted", "labelled_at", "reason", "upload_key", "upload_version"),
)
COLUMNS: Final = ", ".join(_NAMES)
PARAMETERS: Final = ", ".join(f":{name}" for name in _NAMES)
"""The places of `write_row`'s values in a statement, in the order of `COLUMNS`."""

Row = dict[str, Any]
"""Each column to its value."""


def write_row(record: Record) -> Row:
    row = dict.fromkeys(_NAMES) | {
        "id": record.id,
        "created_at": record.created_at.isoformat(),
        "expires_at": int(record.expires_at.timestamp()),
    }
    match record:
        case RecognitionRecord():
            return row | _write_recognition(record) | _write_upload(record.upload)
        case RefusedUpload():
            words = {"outcome": UNREADABLE, "reason": record.reason}
            return row | words | _write_upload(record.upload)
        case PendingUpload():
            return row | {"outcome": PENDING}


def read_row(values: tuple[Any, ...]) -> Record:
    row = dict(zip(_NAMES, values, strict=True))
    record_id, outcome = row["id"], row["outcome"]
    created_at = datetime.fromisoformat(row["created_at"])
    expires_at = datetime.fromtimestamp(row["expires_at"], UTC)
    if outcome == PENDING:
        return PendingUpload(record_id, created_at, expires_at)
    if outcome == UNREADABLE:
        return RefusedUpload(record_id, created_at, row["reason"], expires_at, _read_upload(row))
    return RecognitionRecord(
        id=record_id,
        created_at=created_at,
        outcome=Outcome(outcome),
        digit=row["digit"],
        confidence=row["confidence"],
        scores=tuple(json.loads(row["scores"])),
        model=row["model"],
        image_key=row["image_key"],
        strangeness=row["strangeness"],
        expires_at=expires_at,
        label=_read_label(row),
        upload=_read_upload(row),
    )


def _write_recognition(record: RecognitionRecord) -> Row:
    label = record.label
    return {
        "outcome": record.outcome.value,
        "digit": record.digit,
        "confidence": record.confidence,
        "scores": json.dumps(record.scores),
        "model": record.model,
        "image_key": record.image_key,
        "strangeness": record.strangeness,
        "label": label and label.digit,
        "label_trusted": label and label.trusted,
        "labelled_at": label and label.labelled_at.isoformat(),
    }


def _write_upload(upload: UploadedObject | None) -> Row:
    return {"upload_key": upload and upload.key, "upload_version": upload and upload.version}


def _read_label(row: Row) -> Label | None:
    if row["label"] is None:
        return None
    moment = datetime.fromisoformat(row["labelled_at"])
    return Label(row["label"], bool(row["label_trusted"]), moment)


def _read_upload(row: Row) -> UploadedObject | None:
    key = row["upload_key"]
    return None if key is None else UploadedObject(key, row["upload_version"])
