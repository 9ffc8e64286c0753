"""The contract of uploads' records, in every store: kept once, settled once, and never half."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.ids import new_id
from storage.records import (
    FinishedRecord,
    Label,
    Record,
    Records,
    UploadedObject,
    name_upload,
    new_pending,
    new_refusal,
)
from tests.storage.conftest import (
    make_expired_record,
    make_pending,
    make_record,
    make_refusal,
    make_uploaded_record,
)
from tests.storage.test_listing import read_all

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
Maker = Callable[[], FinishedRecord]

KINDS: dict[str, Callable[[], Record]] = {
    "recognition": make_record,
    "uploaded": make_uploaded_record,
    "unversioned": lambda: make_uploaded_record(version=None),
    "refusal": make_refusal,
    "bare refusal": lambda: replace(make_refusal(), upload=None),
    "pending": make_pending,
}


@pytest.fixture(params=KINDS)
def record(request: pytest.FixtureRequest) -> Record:
    return KINDS[request.param]()


def expire(record: Record) -> Record:
    return replace(record, expires_at=make_expired_record().expires_at)


def test_a_record_of_any_kind_comes_back_as_it_was_kept(records: Records, record: Record) -> None:
    records.put(record)
    assert records.get(record.id) == record


def test_a_key_of_any_unicode_comes_back(records: Records) -> None:
    keys = ["ü" * 512, "\x01\t\n", "a//b/../c", " ", "%41+4", "e\u0301", "\U0010ffff" * 256]
    for key in keys:
        record = replace(make_refusal(), upload=UploadedObject(key, None))
        records.put(record)
        assert records.get(record.id) == record


def test_a_refusal_expires_as_any_record_does(records: Records) -> None:
    refusal = new_refusal("corrupt-image", record_id=new_id(MOMENT), retention=timedelta(days=7))
    assert refusal.created_at == MOMENT
    assert refusal.expires_at == datetime(2026, 2, 10, 4, 5, 6, tzinfo=UTC)
    records.put(refusal)
    assert records.get(refusal.id) is None
    assert records.delete(refusal.id) is None


def test_a_pending_upload_lies_under_its_own_id() -> None:
    pending = new_pending(new_id(MOMENT), retention=timedelta(days=50))
    assert name_upload(pending.id) == f"uploads/{pending.id}"
    assert pending.expires_at == datetime(2026, 3, 25, 4, 5, 6, tzinfo=UTC)


def test_a_pending_upload_outlives_the_wait_for_its_image(records: Records) -> None:
    """In a queue and among dead letters: an image without a record is taken for a deleted one's."""
    pending = new_pending(new_id(datetime.now(UTC) - timedelta(days=28)), retention=timedelta(1))
    records.put(pending)
    assert records.get(pending.id) == pending


def test_what_is_added_is_kept_once(records: Records, record: Record) -> None:
    assert records.add(record)
    assert records.get(record.id) == record
    assert not records.add(record)
    assert not records.add(replace(make_record(), id=record.id, created_at=record.created_at))
    assert records.get(record.id) == record


def test_an_added_record_takes_nothing_from_a_labelled_one(records: Records) -> None:
    record = make_uploaded_record()
    records.add(record)
    labelled = records.label(record.id, Label(1, True, MOMENT))
    assert not records.add(record)
    assert records.get(record.id) == labelled


def test_what_has_expired_is_no_hindrance(records: Records, record: Record) -> None:
    records.put(expire(record))
    assert records.add(record)
    assert records.get(record.id) == record


def test_a_deleted_record_may_be_added_again(records: Records, record: Record) -> None:
    records.add(record)
    assert records.delete(record.id)
    assert records.add(record)


def test_of_many_that_add_one_record_one_is_told_so(records: Records) -> None:
    record = make_record()
    versions = [replace(record, digit=i % 10) for i in range(40)]
    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(records.add, versions))
    assert added.count(True) == 1
    assert records.get(record.id) == versions[added.index(True)]


@pytest.mark.parametrize("make", [make_record, make_uploaded_record, make_refusal])
def test_a_pending_upload_is_settled_once(records: Records, make: Maker) -> None:
    record = make()
    pending = new_pending(record.id)
    assert records.add(pending)
    assert records.settle(record)
    assert records.get(record.id) == record
    assert not records.settle(replace(record, created_at=MOMENT))
    assert not records.add(pending)
    assert records.get(record.id) == record


@pytest.mark.parametrize("make", [make_record, make_refusal])
def test_only_what_is_pending_is_settled(records: Records, make: Maker) -> None:
    record = make()
    other = make_pending()
    records.put(other)
    assert not records.settle(record), "there is none"
    assert records.get(record.id) is None
    records.put(new_pending(record.id))
    records.delete(record.id)
    assert not records.settle(record), "it was deleted"
    assert records.get(record.id) is None
    records.put(expire(new_pending(record.id)))
    assert not records.settle(record), "it has expired"
    assert records.get(record.id) is None
    finished = replace(make_refusal(), id=record.id, created_at=record.created_at)
    records.put(finished)
    assert not records.settle(record), "it was settled"
    assert records.get(record.id) == finished
    assert records.get(other.id) == other


def test_of_many_that_settle_one_upload_one_is_told_so(records: Records) -> None:
    record = make_record()
    records.put(new_pending(record.id))
    versions = [replace(record, digit=i % 10) for i in range(40)]
    with ThreadPoolExecutor(8) as threads:
        settled = list(threads.map(records.settle, versions))
    assert settled.count(True) == 1
    assert records.get(record.id) == versions[settled.index(True)]


def test_a_settlement_and_a_deletion_at_once_leave_nothing(records: Records) -> None:
    made = [make_record() for _ in range(20)]
    for record in made:
        records.put(new_pending(record.id))
    with ThreadPoolExecutor(4) as threads:
        settled = [threads.submit(records.settle, record) for record in made]
        deleted = [threads.submit(records.delete, record.id) for record in made]
        assert all(each.result() for each in deleted)
        assert {each.result() for each in settled} <= {True, False}
    assert [records.get(record.id) for record in made] == [None] * 20


@pytest.mark.parametrize("make", [make_refusal, make_pending])
def test_only_a_recognition_takes_a_label(records: Records, make: Callable[[], Record]) -> None:
    record = make()
    records.put(record)
    assert records.label(record.id, Label(7, True, MOMENT)) is None
    assert records.get(record.id) == record


def test_a_page_has_all_that_is_known_for_good(records: Records) -> None:
    now = datetime.now(UTC)
    first = make_refusal(now)
    hidden = [make_pending(now - timedelta(hours=5 * i)) for i in (1, 2)]
    second = make_refusal(now - timedelta(hours=15))
    recognition = make_record(moment=now - timedelta(hours=30))
    made: list[Record] = [first, *hidden, second, recognition]
    for record in made:
        records.put(record)
    assert records.list(10).records == (first, second, recognition)
    assert read_all(records, 1) == [first, second, recognition]
    labelled = records.label(recognition.id, Label(7, True, MOMENT))
    assert records.list(10, labelled=True).records == (labelled,)
