"""What a SQLite file promises beyond the contract: schema, other processes, a sudden end."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recognition.result import Outcome
from storage.errors import StorageUnavailable, StoreTooNew
from storage.records import new_id
from storage.sqlite import SqliteRecords
from tests.storage.conftest import make_record

FUNCTIONS = Path(__file__).parents[2] / "functions"

FIRST_SEVEN = "019c21b2-8e95-7aaa-8aaa-aaaaaaaaaaaa"
FIRST_BLANK = "019c21b2-8e95-7bbb-8bbb-bbbbbbbbbbbb"
FIRST_VERSION = f"""
    PRAGMA user_version = 1;
    CREATE TABLE records (
        id TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        digit INTEGER,
        confidence REAL NOT NULL,
        scores TEXT NOT NULL,
        model TEXT NOT NULL,
        image_key TEXT NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO records VALUES (
        '{FIRST_SEVEN}', '2026-02-03T04:05:06.789000+00:00', 'uncertain', 7, 0.55,
        '[0, 0.45, 0, 0, 0, 0, 0, 0.55, 0, 0]', '7f0f6cb5a6c9', '{FIRST_SEVEN}.png'
    );
    INSERT INTO records VALUES (
        '{FIRST_BLANK}', '2026-02-03T04:05:06.789000+00:00', 'blank', NULL, 0.1,
        '[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]', '7f0f6cb5a6c9', '{FIRST_BLANK}.png'
    );
"""


def test_records_outlast_the_store_that_kept_them(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    record = make_record()
    first = SqliteRecords(file)
    first.put(record)
    first.close()
    second = SqliteRecords(file)
    assert second.get(record.id) == record
    second.close()


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    """As version 0.1.0 wrote it, in its own words: the code of today may not change what was."""
    file = tmp_path / "records.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION)
    connection.close()
    store = SqliteRecords(file)
    seven, blank = store.get(FIRST_SEVEN), store.get(FIRST_BLANK)
    assert seven is not None
    assert blank is not None
    assert (seven.outcome, seven.digit, seven.confidence) == (Outcome.UNCERTAIN, 7, 0.55)
    assert seven.scores == (0, 0.45, 0, 0, 0, 0, 0, 0.55, 0, 0)
    assert seven.created_at == datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
    assert (blank.outcome, blank.digit) == (Outcome.BLANK, None)
    record = make_record(digit=None, outcome=Outcome.NOT_A_DIGIT)
    store.put(record)
    assert store.get(record.id) == record
    store.close()


def test_two_open_stores_see_each_other(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    one, other = SqliteRecords(file), SqliteRecords(file)
    record = make_record()
    one.put(record)
    assert other.get(record.id) == record
    one.close()
    other.close()


def test_a_write_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    store = SqliteRecords(tmp_path / "records.sqlite")
    with store._use() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    store.close()


def test_a_later_version_s_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreTooNew, match="later version"):
        SqliteRecords(file)
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    connection.close()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    file.write_bytes(b"my holiday notes " * 100)
    with pytest.raises(StorageUnavailable, match=r"records\.sqlite can't be used"):
        SqliteRecords(file)
    assert file.read_bytes() == b"my holiday notes " * 100


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        SqliteRecords(tmp_path / "nowhere" / "records.sqlite")


def test_a_file_that_another_process_holds_is_unavailable_until_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite._BUSY_SECONDS", 0.05)
    file = tmp_path / "records.sqlite"
    store = SqliteRecords(file)
    record = make_record()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="locked"):
        store.put(record)
    assert store.get(record.id) is None  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    store.put(record)
    assert store.get(record.id) == record
    store.close()


def test_a_closed_store_is_unavailable(tmp_path: Path) -> None:
    store = SqliteRecords(tmp_path / "records.sqlite")
    store.close()
    with pytest.raises(StorageUnavailable):
        store.get(new_id())


@pytest.mark.slow
def test_a_killed_writer_leaves_every_record_that_it_acknowledged(tmp_path: Path) -> None:
    """Kill -9 in the middle of writing: the file opens clean, with all that was said to be kept."""
    file = tmp_path / "records.sqlite"
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from storage.sqlite import SqliteRecords
        from tests.storage.conftest import make_record

        store = SqliteRecords(Path(sys.argv[1]))
        while True:
            record = make_record()
            store.put(record)
            print(record.id, flush=True)
        """
    )
    path = os.pathsep.join([str(FUNCTIONS), str(FUNCTIONS.parent)])
    with subprocess.Popen(
        [sys.executable, "-c", script, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    store = SqliteRecords(file)
    with store._use() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) >= 50
    assert all(store.get(record_id) for record_id in acknowledged)
    store.put(make_record())
    store.close()
