"""`read_batch`: what became of each image of one batch, as Step Functions tells it."""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote_plus

from predictor.events import ENCODED

FAILED: Final = "failed"
"""The outcome of an image that nobody could read, for no fault of its own. In the predictor's log
and metrics too, where it may yet be tried again."""

Row = dict[str, Any]
"""`key`, `outcome`, and as far as they are known `digit`, `confidence`, `reason` and `id`."""


def read_batch(child: dict[str, Any]) -> Iterator[Row]:
    """A row for each image of a batch, in its order.

    Args:
        child: a line of a Map's results: `Status`, and as texts of JSON the `Input` and `Output` of
            one of its executions.

    Raises KeyError, TypeError or ValueError for what is no such line.
    """
    if child["Status"] == "SUCCEEDED":
        yield from json.loads(child["Output"])["results"]
        return
    batch = json.loads(child["Input"])
    encoded = batch.get("BatchInput", {}).get("keys") == ENCODED
    # The error's name, and not its cause: that is a trace, and as long as it likes.
    reason = child.get("Error") or child["Status"].lower().replace("_", "-")
    for item in batch["Items"]:
        key = unquote_plus(item["Key"]) if encoded else item["Key"]
        yield {"key": key, "outcome": FAILED, "reason": reason}
