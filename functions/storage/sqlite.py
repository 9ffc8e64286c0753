"""`SqliteRecords`: records in one SQLite file."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from storage.errors import StorageUnavailable, StoreTooNew
from storage.ids import is_id
from storage.records import (
    PENDING,
    FinishedRecord,
    Label,
    Page,
    PendingUpload,
    RecognitionRecord,
    Record,
    require_cursor,
)
from storage.rows import COLUMNS, PARAMETERS, read_row, write_row
from storage.schema import MIGRATIONS
from storage.sqlite_connection import SharedConnection, require_version

_OPENING_BYTES: Final = 128 * 1024
"""What SQLite takes to open a file: a map of 32 KiB, and a log of some pages."""


class SqliteRecords:
    """Records in a file, through two connections that their callers take turns with.

    One is for writing, and the other for reading, which waits for no writer.
    """

    def __init__(self, path: Path) -> None:
        """Open a file, or make it.

        Raises:
            StorageUnavailable: it can't be opened or written, or is not a database; or the SQLite
                that is there can't do what is needed.
            StoreTooNew: a later version made it.
        """
        require_version()
        self._path = path
        with self._failures(), ExitStack() as opened:
            self._require_room()
            self._writer, self._reader = (SharedConnection(path) for _ in range(2))
            for shared in (self._writer, self._reader):
                opened.callback(shared.close)
            with self._writer.use() as connection:
                self._prepare(connection)
            opened.pop_all()

    def put(self, record: Record) -> None:
        self._put_if("TRUE", record)

    def add(self, record: Record) -> bool:
        living = "SELECT 1 FROM records WHERE id = :id AND expires_at > :now"
        return self._put_if(f"NOT EXISTS ({living})", record)

    def settle(self, record: FinishedRecord) -> bool:
        pending = (
            "SELECT 1 FROM records WHERE id = :id AND outcome = :pending AND expires_at > :now"
        )
        return self._put_if(f"EXISTS ({pending})", record)

    def get(self, record_id: str) -> Record | None:
        if not is_id(record_id):
            return None
        found = self._select("id = ? AND expires_at > ?", 1, record_id, time.time())
        return found[0] if found else None

    def delete(self, record_id: str) -> Record | None:
        if not is_id(record_id):
            return None
        with self._use() as connection:
            # In one statement: of two who delete the same record, one is told what it was.
            rows = connection.execute(
                f"DELETE FROM records WHERE id = ? RETURNING {COLUMNS}",  # noqa: S608
                (record_id,),
            ).fetchall()
        deleted = read_row(rows[0]) if rows else None
        return deleted if deleted and deleted.expires_at > datetime.now(UTC) else None

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
                WHERE id = :id AND expires_at > :now AND scores IS NOT NULL
                RETURNING {COLUMNS}
                """,  # noqa: S608
                values,
            ).fetchall()
        labelled = read_row(rows[0]) if rows else None
        assert labelled is None or isinstance(labelled, RecognitionRecord)
        return labelled

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        require_cursor(after)
        wanted, values = "expires_at > ? AND outcome <> ?", [time.time(), PENDING]
        if labelled:
            wanted += " AND label IS NOT NULL"
        if after is not None:
            wanted += " AND id < ?"
            values.append(after)
        found = self._select(f"{wanted} ORDER BY id DESC", limit + 1, *values)
        finished = tuple(record for record in found if not isinstance(record, PendingUpload))
        return Page(finished[:limit], finished[limit - 1].id if len(found) > limit else None)

    def expired(self, limit: int) -> tuple[Record, ...]:
        """At most `limit` records that have expired, and wait for `delete`."""
        return self._select("expires_at <= ? ORDER BY expires_at", limit, time.time())

    def close(self) -> None:
        self._reader.close()
        self._writer.close()  # the last one takes the log into the file, and needs to write

    def _require_room(self) -> None:
        """On a full disk with blocks of 1 KiB, SQLite's map of its log ends the process: SIGBUS.

        It makes the file of that map as large as it needs, and takes it for allocated once each
        4 KiB have a byte in them.
        """
        if shutil.disk_usage(self._path.parent).free < _OPENING_BYTES:
            raise StorageUnavailable(f"{self._path} can't be opened: the disk is full.")

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # Readers don't wait for writers, and a process that dies leaves a log that the next one
        # recovers from. FULL, because a record that was called stored must outlast a power cut:
        # one fsync for each, about a millisecond.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # IMMEDIATE, so that of two processes that start together one migrates and one waits;
        # and so that a file that can't be written is noticed now.
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreTooNew(f"{self._path} was made by a later version of Inkling.")
        for statement in chain.from_iterable(MIGRATIONS[version:]):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")

    def _put_if(self, condition: str, record: Record) -> bool:
        """Keep a record in place of any with its id if a condition holds, and return whether."""
        values = write_row(record) | {"now": time.time(), "pending": PENDING}
        with self._use() as connection:
            written = connection.execute(
                f"INSERT OR REPLACE INTO records ({COLUMNS}) SELECT {PARAMETERS} WHERE {condition}",
                values,
            )
            return written.rowcount > 0

    def _select(self, condition: str, limit: int, *values: Any) -> tuple[Record, ...]:
        query = f"SELECT {COLUMNS} FROM records WHERE {condition} LIMIT {limit}"  # noqa: S608
        with self._read() as connection:
            rows = connection.execute(query, values).fetchall()
        return tuple(read_row(row) for row in rows)

    @contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        with self._failures(), self._writer.use() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._failures(), self._reader.use() as connection:
            yield connection

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageUnavailable(f"{self._path} can't be used: {error}.") from error
