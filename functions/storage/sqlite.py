"""`SqliteRecords`: records in one SQLite file."""

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Final

from recognition.result import Outcome
from storage.errors import StorageUnavailable, StoreTooNew
from storage.records import Label, Page, RecognitionRecord, is_id, require_cursor
from storage.schema import MIGRATIONS

_COLUMNS: Final = (
    "id, created_at, outcome, digit, confidence, scores, model, image_key, "
    "strangeness, expires_at, label, label_trusted, labelled_at"
)
_VALUES: Final = f"VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"

_OPENING_BYTES: Final = 128 * 1024
"""What SQLite takes to open a file: a map of 32 KiB, and a log of some pages."""

_BUSY_SECONDS: Final = 2.0
"""How long to wait for another process that writes to the file."""


class SqliteRecords:
    """Records in a file, through one connection that its callers take turns with."""

    def __init__(self, path: Path) -> None:
        """Open a file, or make it.

        Raises:
            StorageUnavailable: it can't be opened or written, or is not a database.
            StoreTooNew: a later version made it.
        """
        self._path = path
        self._lock = Lock()
        with self._failures():
            self._require_room()
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with self._failures():
                self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def put(self, record: RecognitionRecord) -> None:
        with self._use() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO records ({_COLUMNS}) {_VALUES}", _row(record)
            )

    def get(self, record_id: str) -> RecognitionRecord | None:
        if not is_id(record_id):
            return None
        found = self._select("id = ? AND expires_at > ?", 1, record_id, time.time())
        return found[0] if found else None

    def delete(self, record_id: str) -> bool:
        if not is_id(record_id):
            return False
        with self._use() as connection:
            # The time is asked for in the same statement that removes: of two who delete the same
            # record, one is told that it was there.
            living = connection.execute(
                "DELETE FROM records WHERE id = ? AND expires_at > ?", (record_id, time.time())
            )
            if living.rowcount == 0:
                connection.execute("DELETE FROM records WHERE id = ?", (record_id,))
            return living.rowcount > 0

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        if not is_id(record_id):
            return None
        values = {
            "digit": label.digit,
            "trusted": label.trusted,
            "labelled_at": label.labelled_at.isoformat(),
            "id": record_id,
            "now": time.time(),
        }
        with self._use() as connection:
            # What stands on the right is the row as it was (SQLite's documentation of UPDATE).
            rows = connection.execute(
                f"""
                UPDATE records SET
                    label = :digit,
                    label_trusted = CASE
                        WHEN label IS :digit THEN max(label_trusted, :trusted)
                        ELSE :trusted
                    END,
                    labelled_at = CASE
                        WHEN label IS :digit AND label_trusted >= :trusted THEN labelled_at
                        ELSE :labelled_at
                    END
                WHERE id = :id AND expires_at > :now
                RETURNING {_COLUMNS}
                """,  # noqa: S608
                values,
            ).fetchall()
        return _record(rows[0]) if rows else None

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        require_cursor(after)
        wanted = "expires_at > ?" + (" AND label IS NOT NULL" if labelled else "")
        if after is None:
            found = self._select(f"{wanted} ORDER BY id DESC", limit + 1, time.time())
        else:
            found = self._select(
                f"{wanted} AND id < ? ORDER BY id DESC", limit + 1, time.time(), after
            )
        return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)

    def expired(self, limit: int) -> tuple[RecognitionRecord, ...]:
        """At most `limit` records that have expired, and wait for `delete`."""
        return self._select("expires_at <= ? ORDER BY expires_at", limit, time.time())

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _require_room(self) -> None:
        """On a full disk with blocks of 1 KiB, SQLite's map of its log ends the process: SIGBUS.

        It makes the file of that map as large as it needs, and takes it for allocated once each
        4 KiB have a byte in them.
        """
        if shutil.disk_usage(self._path.parent).free < _OPENING_BYTES:
            raise StorageUnavailable(f"{self._path} can't be opened: the disk is full.")

    def _prepare(self) -> None:
        # Readers don't wait for writers, and a process that dies leaves a log that the next one
        # recovers from. FULL, because a record that was called stored must outlast a power cut:
        # one fsync for each, about a millisecond.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        # IMMEDIATE, so that of two processes that start together one migrates and one waits;
        # and so that a file that can't be written is noticed now.
        self._connection.execute("BEGIN IMMEDIATE")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreTooNew(f"{self._path} was made by a later version of Inkling.")
        for statement in chain.from_iterable(MIGRATIONS[version:]):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        self._connection.execute("COMMIT")

    def _select(self, condition: str, limit: int, *values: Any) -> tuple[RecognitionRecord, ...]:
        query = f"SELECT {_COLUMNS} FROM records WHERE {condition} LIMIT {limit}"  # noqa: S608
        with self._use() as connection:
            rows = connection.execute(query, values).fetchall()
        return tuple(_record(row) for row in rows)

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._failures():
            yield self._connection

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageUnavailable(f"{self._path} can't be used: {error}.") from error


def _row(record: RecognitionRecord) -> tuple[Any, ...]:
    label = record.label
    return (
        record.id,
        record.created_at.isoformat(),
        record.outcome.value,
        record.digit,
        record.confidence,
        json.dumps(record.scores),
        record.model,
        record.image_key,
        record.strangeness,
        int(record.expires_at.timestamp()),
        *((label.digit, label.trusted, label.labelled_at.isoformat()) if label else (None,) * 3),
    )


def _record(row: tuple[Any, ...]) -> RecognitionRecord:
    record_id, created_at, outcome, digit, confidence, scores, model, image_key = row[:8]
    strangeness, expires_at, label, trusted, labelled_at = row[8:]
    return RecognitionRecord(
        id=record_id,
        created_at=datetime.fromisoformat(created_at),
        outcome=Outcome(outcome),
        digit=digit,
        confidence=confidence,
        scores=tuple(json.loads(scores)),
        model=model,
        image_key=image_key,
        strangeness=strangeness,
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        label=None
        if label is None
        else Label(label, bool(trusted), datetime.fromisoformat(labelled_at)),
    )
