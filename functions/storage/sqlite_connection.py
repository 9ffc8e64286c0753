"""`SharedConnection`: a connection to an SQLite file, which threads use in turn."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from storage.errors import StorageUnavailable

_OLDEST: Final = (3, 35)
"""Has RETURNING (March 2021)."""

_BUSY_SECONDS: Final = 2.0
"""How long to wait for another process that writes to the file."""


class SharedConnection:
    def __init__(self, path: Path) -> None:
        """Open a file, or make it. Raises sqlite3.Error."""
        self._lock = Lock()
        self._connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    @contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def require_version() -> None:
    """Raises StorageUnavailable for a library, which the system may bring, that is too old."""
    if sqlite3.sqlite_version_info < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise StorageUnavailable(
            f"Inkling needs SQLite {oldest} or later; this Python has {sqlite3.sqlite_version}."
        )
