"""What a SQLite file promises beyond the contract: schema, other processes, a sudden end."""

import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from recognition.result import Outcome
from storage.errors import StorageUnavailable, StoreTooNew
from storage.ids import new_id
from storage.records import RETENTION, Label, RecognitionRecord, new_label
from storage.schema import MIGRATIONS
from storage.sqlite import SqliteRecords
from tests.storage.conftest import make_pending, make_record

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


def make_first_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(FIRST_VERSION)


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
    make_first_version(file)
    store = SqliteRecords(file)
    seven, blank = store.get(FIRST_SEVEN), store.get(FIRST_BLANK)
    assert isinstance(seven, RecognitionRecord)
    assert isinstance(blank, RecognitionRecord)
    assert (seven.outcome, seven.digit, seven.confidence) == (Outcome.UNCERTAIN, 7, 0.55)
    assert seven.scores == (0, 0.45, 0, 0, 0, 0, 0, 0.55, 0, 0)
    assert seven.created_at == datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
    assert (blank.outcome, blank.digit) == (Outcome.BLANK, None)
    record = make_record(digit=None, outcome=Outcome.NOT_A_DIGIT)
    store.put(record)
    assert store.get(record.id) == record
    assert store.list(10).records == (record, blank, seven)
    store.close()


def test_records_of_the_first_version_take_labels_and_expire_in_time(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    make_first_version(file)
    opened = datetime.now(UTC)
    with closing(SqliteRecords(file)) as store:
        seven, blank = store.get(FIRST_SEVEN), store.get(FIRST_BLANK)
        assert isinstance(seven, RecognitionRecord)
        assert isinstance(blank, RecognitionRecord)
        assert (seven.label, seven.strangeness, blank.strangeness) == (None, 0, 1)
        for record in (seven, blank):  # long past its making, and none the worse for it
            assert abs(record.expires_at - opened - RETENTION) < timedelta(seconds=10)
        assert store.expired(10) == ()
        label = new_label(1, trusted=False)
        assert store.label(FIRST_SEVEN, label) == replace(seven, label=label)
        assert store.list(10, labelled=True).records == (replace(seven, label=label),)
    with closing(SqliteRecords(file)) as store:  # nothing begins anew
        assert store.get(FIRST_SEVEN) == replace(seven, label=label)
        assert store.get(FIRST_BLANK) == blank


def test_a_file_of_the_second_version_is_read(tmp_path: Path) -> None:
    """As version 0.1.0's later days wrote it: with a label, a strangeness and an end."""
    file = tmp_path / "records.sqlite"
    make_first_version(file)
    with closing(sqlite3.connect(file)) as connection:
        for statement in MIGRATIONS[1]:
            connection.execute(statement)
        connection.execute(
            "UPDATE records SET strangeness = 0.25, expires_at = 4000000000, label = 1, "
            "label_trusted = 1, labelled_at = '2026-02-03T04:06:07.890000+00:00' WHERE id = ?",
            (FIRST_SEVEN,),
        )
        connection.execute("PRAGMA user_version = 2")
        connection.commit()
    label = Label(1, True, datetime(2026, 2, 3, 4, 6, 7, 890_000, UTC))
    with closing(SqliteRecords(file)) as store:
        seven, blank = store.get(FIRST_SEVEN), store.get(FIRST_BLANK)
        assert isinstance(seven, RecognitionRecord)
        assert isinstance(blank, RecognitionRecord)
        assert (seven.digit, seven.image_key) == (7, f"{FIRST_SEVEN}.png")
        assert (seven.strangeness, seven.label, seven.upload) == (0.25, label, None)
        assert seven.expires_at == datetime.fromtimestamp(4_000_000_000, UTC)
        assert (blank.strangeness, blank.label) == (1, None)
        assert store.list(10, labelled=True).records == (seven,)
        pending = make_pending()
        assert store.add(pending)
        assert store.get(pending.id) == pending


def test_a_migration_that_is_cut_off_leaves_the_first_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "records.sqlite"
    make_first_version(file)
    statements = list(chain.from_iterable(MIGRATIONS[1:]))
    for done in range(len(statements)):
        cut_off = (MIGRATIONS[0], (*statements[:done], "no SQL at all"))
        with monkeypatch.context() as patch:
            patch.setattr("storage.sqlite.MIGRATIONS", cut_off)
            with pytest.raises(StorageUnavailable):
                SqliteRecords(file)
    with closing(SqliteRecords(file)) as store:
        assert store.get(FIRST_SEVEN) is not None


def test_stores_that_open_together_migrate_once(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    make_first_version(file)
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(SqliteRecords, [file] * 8))
    for store in stores:
        assert store.get(FIRST_SEVEN) is not None
        store.close()


@pytest.mark.parametrize(
    ("labelled", "after", "index"),
    [
        (False, None, "SCAN records"),  # in the order of its ids, until the page is full
        (False, FIRST_SEVEN, "SEARCH records USING PRIMARY KEY (id<?)"),
        (True, None, "SCAN records USING INDEX labelled_records"),
        (True, FIRST_SEVEN, "SEARCH records USING INDEX labelled_records (id<?)"),
    ],
)
def test_a_page_is_read_in_order_and_not_sorted(
    tmp_path: Path, labelled: bool, after: str | None, index: str
) -> None:
    with closing(SqliteRecords(tmp_path / "records.sqlite")) as store:
        statements: list[str] = []
        with store._read() as connection:
            connection.set_trace_callback(statements.append)
        store.list(10, after, labelled)
        store.expired(10)
        with store._read() as connection:
            connection.set_trace_callback(None)
            plans = [
                [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
                for statement in statements
            ]
    assert plans == [[index], ["SEARCH records USING INDEX records_by_expiry (expires_at<?)"]]


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
    monkeypatch.setattr("storage.sqlite_connection._BUSY_SECONDS", 0.05)
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


def test_reading_waits_for_no_writer(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    with closing(SqliteRecords(file)) as store, closing(holder), ThreadPoolExecutor(4) as threads:
        record, other = make_record(), make_record()
        store.put(record)
        holder.execute("BEGIN IMMEDIATE")
        writing: list[Future[object]] = [
            threads.submit(store.put, other),
            threads.submit(store.label, record.id, new_label(1, trusted=False)),
        ]
        time.sleep(0.1)  # they're at it
        start = time.monotonic()
        for _ in range(10):
            assert store.get(record.id) == record
            assert store.list(10).records == (record,)
        assert time.monotonic() - start < 0.5
        assert not any(each.done() for each in writing)
        holder.execute("ROLLBACK")
        for each in writing:
            each.result()
        assert store.get(other.id) == other  # what is written can be read at once


def test_an_sqlite_that_is_too_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    with pytest.raises(StorageUnavailable) as refusal:
        SqliteRecords(tmp_path / "records.sqlite")
    assert str(refusal.value) == "Inkling needs SQLite 3.35 or later; this Python has 3.34.1."
    assert list(tmp_path.iterdir()) == []


def test_a_closed_store_is_unavailable(tmp_path: Path) -> None:
    store = SqliteRecords(tmp_path / "records.sqlite")
    store.close()
    with pytest.raises(StorageUnavailable):
        store.get(new_id())
