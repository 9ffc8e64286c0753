"""`SqliteRecords`: records in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

from recognition.result import Outcome
from storage.errors import StorageUnavailable, StoreTooNew
from storage.records import RecognitionRecord

_MIGRATIONS: Final = (
    # An id sorts by time, so a table in the order of its ids needs no index on the time.
    """
    CREATE TABLE records (
        id TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,  -- ISO 8601
        outcome TEXT NOT NULL,
        digit INTEGER,
        confidence REAL NOT NULL,
        scores TEXT NOT NULL,  -- a JSON array
        model TEXT NOT NULL,
        image_key TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
"""What brings a file from each schema to the next; `user_version` counts those it has had."""

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
                "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(record)
            )

    def get(self, record_id: str) -> RecognitionRecord | None:
        with self._use() as connection:
            query = connection.execute("SELECT * FROM records WHERE id = ?", (record_id,))
            rows = query.fetchall()
        return _record(rows[0]) if rows else None

    def delete(self, record_id: str) -> bool:
        with self._use() as connection:
            return connection.execute("DELETE FROM records WHERE id = ?", (record_id,)).rowcount > 0

    def close(self) -> None:
        with self._lock:
            self._connection.close()

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
        if version > len(_MIGRATIONS):
            raise StoreTooNew(f"{self._path} was made by a later version of Inkling.")
        for migration in _MIGRATIONS[version:]:
            self._connection.execute(migration)
        self._connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
        self._connection.execute("COMMIT")

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._failures():
            yield self._connection

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageUnavailable(f"{self._path} can't be used: {error}.") from error


def _row(record: RecognitionRecord) -> tuple[Any, ...]:
    return (
        record.id,
        record.created_at.isoformat(),
        record.outcome.value,
        record.digit,
        record.confidence,
        json.dumps(record.scores),
        record.model,
        record.image_key,
    )


def _record(row: tuple[Any, ...]) -> RecognitionRecord:
    record_id, created_at, outcome, digit, confidence, scores, model, image_key = row
    return RecognitionRecord(
        id=record_id,
        created_at=datetime.fromisoformat(created_at),
        outcome=Outcome(outcome),
        digit=digit,
        confidence=confidence,
        scores=tuple(json.loads(scores)),
        model=model,
        image_key=image_key,
    )
