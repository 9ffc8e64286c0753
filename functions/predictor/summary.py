"""`handler`: what a backlog came to, as a Lambda function that Step Functions calls at its end.

It leaves three files beside those of the batches: `results.csv` has a row for each image, whatever
came of it; `failures.csv` has those of them that have no answer; `summary.json` counts. A batch
that was tried in several attempts counts once, and as read if any of them read it.
"""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from predictor.backlog_batches import FAILED, Row, read_batch
from predictor.errors import SettingsError
from predictor.settings import RESULTS_VARIABLE
from predictor.tables import ENCODING, TableWriter
from storage.backlog_files import S3BacklogFiles
from storage.records import UNREADABLE

_CSV: Final = "text/csv; charset=utf-8"
_WITHOUT_ANSWER: Final = {UNREADABLE, FAILED}
_READ: Final = "SUCCEEDED"


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Sum up the backlog whose name is the event's `execution`.

    Returns what `summary.json` has; its `tolerated` is whether no more than the event's `tolerated`
    percentage of the images failed. Raises StorageUnavailable, and Step Functions tries again; or
    SettingsError.
    """
    del context
    files = S3BacklogFiles(read_bucket(os.environ), event["execution"])
    with tempfile.TemporaryDirectory() as folder:
        return write_summary(files, event["execution"], event["tolerated"], Path(folder))


def read_bucket(environment: Mapping[str, str]) -> str:
    """The one setting: the bucket of results. Raises SettingsError."""
    bucket = environment.get(RESULTS_VARIABLE)
    if not bucket:
        raise SettingsError(f"{RESULTS_VARIABLE} is missing.")
    return bucket


def write_summary(
    files: S3BacklogFiles, backlog: str, tolerated: float, folder: Path
) -> dict[str, Any]:
    """Read the batches' files line by line, and write the summary's. Raises StorageUnavailable.

    Args:
        tolerated: failures, in percent of the images.
        folder: for the files on their way: 150 bytes an image, and some.
    """
    results, failures, path = (folder / name for name in ("results.csv", "failures.csv", "json"))
    counts: Counter[str] = Counter()
    with (
        results.open("w", encoding=ENCODING, newline="") as all_rows,
        failures.open("w", encoding=ENCODING, newline="") as some_rows,
    ):
        table, failed = TableWriter(all_rows), TableWriter(some_rows)
        for row in read_rows(files):
            counts[row["outcome"]] += 1
            table.write(row)
            if row["outcome"] in _WITHOUT_ANSWER:
                failed.write(row)
    summary: dict[str, Any] = {
        "backlog": backlog,
        "images": counts.total(),
        "counts": dict(sorted(counts.items())),
        "tolerated": counts[FAILED] * 100 <= tolerated * counts.total(),
        "bucket": files.bucket,
        "results": files.write(results.name, results, _CSV),
        "failures": files.write(failures.name, failures, _CSV),
    }
    path.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    # Last: where it is, the others are whole.
    files.write("summary.json", path, "application/json")
    return summary


def read_rows(files: S3BacklogFiles) -> Iterator[Row]:
    """A row for each image, once, however many attempts there are files of.

    What was read comes first: so whatever failed in an attempt before is known to be done by then.
    A batch is known by its input, which its every attempt has.
    """
    seen: set[bytes] = set()
    batches = sorted(files.list_batches(), key=lambda batch: (batch[0] != _READ, batch))
    for _, key in batches:
        for line in files.read_lines(key):
            for child in _read_line(line):
                digest = sha256(child["Input"].encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield from read_batch(child)


def _read_line(line: bytes) -> list[dict[str, Any]]:
    """The executions in a line: one, or all of a file that is a list."""
    if not line.strip():
        return []
    value = json.loads(line)
    return value if isinstance(value, list) else [value]
