"""A record as an item of DynamoDB, and back."""

import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from recognition.result import Outcome
from storage.records import Label, RecognitionRecord, created_at

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


def write_item(record: RecognitionRecord) -> Item:
    return {
        **write_key(record.id),  # which has the time of its making, too
        "expires": write_seconds(int(record.expires_at.timestamp())),
        "outcome": {"S": record.outcome.value},
        **({} if record.digit is None else {"digit": {"N": str(record.digit)}}),
        "confidence": _number(record.confidence),
        # One attribute: a list of ten decimals is twice as long, and nobody asks for one of them.
        "scores": {"S": json.dumps(record.scores, separators=(",", ":"))},
        "model": {"S": record.model},
        "image_key": {"S": record.image_key},
        "strangeness": _number(record.strangeness),
        **(write_label(record.label) if record.label else {}),
    }


def write_label(label: Label) -> Item:
    return {
        "label": {"N": str(label.digit)},
        "trusted": {"BOOL": label.trusted},
        "labelled_at": {"S": label.labelled_at.isoformat()},
    }


def read_living(item: Item | None) -> RecognitionRecord | None:
    return read_record(item) if item and float(item["expires"]["N"]) > time.time() else None


def read_record(item: Item) -> RecognitionRecord:
    record_id = item["id"]["S"]
    return RecognitionRecord(
        id=record_id,
        created_at=created_at(record_id),
        outcome=Outcome(item["outcome"]["S"]),
        digit=int(item["digit"]["N"]) if "digit" in item else None,
        confidence=float(item["confidence"]["N"]),
        scores=tuple(json.loads(item["scores"]["S"])),
        model=item["model"]["S"],
        image_key=item["image_key"]["S"],
        strangeness=float(item["strangeness"]["N"]),
        expires_at=datetime.fromtimestamp(int(item["expires"]["N"]), UTC),
        label=Label(
            int(item["label"]["N"]),
            item["trusted"]["BOOL"],
            datetime.fromisoformat(item["labelled_at"]["S"]),
        )
        if "label" in item
        else None,
    )
