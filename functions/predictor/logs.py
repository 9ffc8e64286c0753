"""The log: one JSON object a line, one line an image, of which CloudWatch makes metrics.

A line has no key, no id and no part of an image: a key may be a person's name, and who has an id
may delete the record. A key's hash is enough to find all that was said of it.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from predictor.errors import PredictorError
from recognition.errors import RecognitionError
from storage.errors import StorageError

NAMESPACE: Final = "Inkling"
"""Of the metrics, in CloudWatch, where nobody names another."""

_OWN_ERRORS: Final = (PredictorError, RecognitionError, StorageError)
"""Those whose texts are ours. Another's may hold what came in an event."""

# CloudWatch's embedded metric format: which of a line's own fields are metrics, and of what.
_METRICS: Final[list[dict[str, Any]]] = [
    {"Dimensions": [["outcome"]], "Metrics": [{"Name": "uploads", "Unit": "Count"}]},
    {"Dimensions": [[]], "Metrics": [{"Name": "milliseconds", "Unit": "Milliseconds"}]},
]
_AGE: Final[dict[str, Any]] = {
    "Dimensions": [[]],
    "Metrics": [{"Name": "age", "Unit": "Seconds"}],
}


class Log:
    """Writes the lines of one invocation."""

    def __init__(
        self,
        request_id: str | None,
        write: Callable[[str], object] = sys.stdout.write,
        namespace: str = NAMESPACE,
    ) -> None:
        """The request's id is Lambda's own, the namespace that of the metrics."""
        self._request_id = request_id
        self._write = write
        self._namespace = namespace

    def upload(
        self,
        key: str,
        outcome: str,
        *,
        seconds: float,
        modified_at: datetime | None = None,
        **fields: Any,
    ) -> None:
        """Say what became of an uploaded image.

        Args:
            key: of the object; its hash is written.
            outcome: what the metrics are counted by.
            seconds: that it took.
            modified_at: when the image came, if it's known.
            fields: whatever else is known.
        """
        now = time.time()
        metrics = list(_METRICS)
        if modified_at is not None:
            metrics.append(_AGE)
            fields["age"] = round(max(0.0, now - modified_at.timestamp()), 3)
        self.line(
            "upload",
            key=hash_key(key),
            outcome=outcome,
            uploads=1,
            milliseconds=round(seconds * 1000, 2),
            **fields,
            _aws={
                "Timestamp": int(now * 1000),
                "CloudWatchMetrics": [{"Namespace": self._namespace, **each} for each in metrics],
            },
        )

    def line(
        self,
        message: str,
        *,
        level: str = "info",
        error: Exception | None = None,
        **fields: Any,
    ) -> None:
        """Write a line; of an error where it was raised, and its text if that is ours."""
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": level,
            "message": message,
        }
        if self._request_id:
            line["request_id"] = self._request_id
        line |= fields
        if error is not None:
            line["error"] = _describe(error)
        self._write(json.dumps(line) + "\n")  # in one piece: threads write at once


def hash_key(key: str) -> str:
    """What stands for a key: 16 hexadecimals."""
    return sha256(key.encode()).hexdigest()[:16]


def _describe(error: Exception) -> str:
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
    text = str(error) if isinstance(error, _OWN_ERRORS) else "(its text is not ours)"
    return f"{''.join(frames)}{type(error).__name__}: {text}"
