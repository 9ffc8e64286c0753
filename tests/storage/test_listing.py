"""The contract of pages, in every store of records."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from storage.errors import InvalidCursor
from storage.ids import created_at, lowest_id, new_id
from storage.records import RETENTION, FinishedRecord, Label, Page, RecognitionRecord, Records
from tests.storage.conftest import make_expired_record, make_record

NOW = datetime.now(UTC)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
MILLISECOND = timedelta(milliseconds=1)
LABEL = Label(7, True, MIDNIGHT)
ID = "019c21b2-8e95-7aaa-8aaa-aaaaaaaaaaaa"


def put_records(records: Records, moments: Iterable[datetime]) -> list[RecognitionRecord]:
    """Keep a record of each moment, and return them newest first."""
    made = [make_record(moment=moment) for moment in moments]
    for record in made:
        records.put(record)
    return sorted(made, key=lambda record: record.id, reverse=True)


def read_pages(
    records: Records, limit: int, labelled: bool = False, after: str | None = None
) -> Iterator[Page]:
    for pages in count():
        page = records.list(limit, after, labelled)
        assert len(page.records) <= limit
        yield page
        after = page.next
        if after is None:
            return
        assert pages < 10_000, "there is no end"


def read_all(
    records: Records, limit: int, labelled: bool = False, after: str | None = None
) -> list[FinishedRecord]:
    return [each for page in read_pages(records, limit, labelled, after) for each in page.records]


def test_an_empty_store_lists_nothing_and_comes_to_an_end(records: Records) -> None:
    assert read_all(records, 10) == []
    assert read_all(records, 10, labelled=True) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_have_every_record_once_and_newest_first(records: Records, limit: int) -> None:
    made = put_records(records, [NOW - timedelta(hours=11 * i) for i in range(7)])
    assert read_all(records, limit) == made


def test_records_of_one_millisecond_are_all_there(records: Records) -> None:
    made = put_records(records, [NOW] * 9)
    assert read_all(records, 2) == made


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_a_day_s_boundary_parts_no_pages(records: Records, limit: int) -> None:
    moments = [
        MIDNIGHT - timedelta(days=days) + sign * MILLISECOND
        for days in (0, 1)
        for sign in (-1, 0, 1)
    ]
    made = put_records(records, moments)
    assert read_all(records, limit) == made
    for record in made:
        assert records.get(record.id) == record
        assert read_all(records, limit, after=record.id) == made[made.index(record) + 1 :]


def test_the_first_and_the_last_of_the_kept_days_are_listed(records: Records) -> None:
    made = put_records(records, [NOW, NOW - RETENTION + timedelta(minutes=1)])
    assert read_all(records, 5) == made


def test_a_record_of_a_clock_that_is_ahead_is_listed(records: Records) -> None:
    made = put_records(records, [NOW, datetime.now(UTC) + timedelta(seconds=30)])
    assert read_all(records, 5) == made


def test_only_labelled_ones_are_listed_when_asked_for(records: Records) -> None:
    made = put_records(records, [NOW - timedelta(hours=i) for i in range(30)])
    for record in made[::4]:
        records.label(record.id, LABEL)
    expected = [replace(record, label=LABEL) for record in made[::4]]
    assert read_all(records, 3, labelled=True) == expected
    assert read_all(records, 100, labelled=True) == expected


def test_expired_records_are_not_listed(records: Records) -> None:
    put_records(records, [NOW])
    for _ in range(5):
        records.put(replace(make_expired_record(), label=LABEL))
    assert len(read_all(records, 1)) == 1
    assert read_all(records, 2, labelled=True) == []


@pytest.mark.parametrize("labelled", [False, True])
def test_pages_stay_right_while_records_come_and_go(records: Records, labelled: bool) -> None:
    made = put_records(records, [NOW - timedelta(hours=3 * i) for i in range(40)])
    for record in made if labelled else []:
        records.label(record.id, LABEL)
    stay, go = made[::2], iter(made[1::2])
    seen = []
    for page in read_pages(records, 3, labelled):
        seen += [record.id for record in page.records]
        records.delete(next(go).id)  # of those that were seen, and later of those to come
        for moment in (datetime.now(UTC), created_at(seen[-1]) + MILLISECOND):
            records.put(replace(make_record(moment=moment), label=LABEL))
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    assert {record.id for record in stay} <= set(seen)


def test_a_cursor_whose_record_is_gone_is_still_a_position(records: Records) -> None:
    made = put_records(records, [NOW - timedelta(hours=i) for i in range(4)])
    first = records.list(2)
    assert first.next is not None
    for record in made[:2]:
        records.delete(record.id)
    assert read_all(records, 2, after=first.next) == made[2:]


def test_any_id_is_a_position(records: Records) -> None:
    made = put_records(records, [NOW - timedelta(hours=i) for i in range(3)])
    future = "e677d21f-dbff-7fff-bfff-ffffffffffff"
    assert read_all(records, 5, after=future) == made
    assert read_all(records, 5, after=new_id(NOW - timedelta(minutes=90))) == made[2:]
    assert read_all(records, 5, after=lowest_id(NOW - 400 * RETENTION)) == []
    assert records.list(5, after="00000000-0000-7000-8000-000000000000") == Page((), None)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        " ",
        "null",
        "0",
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "' OR 1=1 --",
        "0" * 10_000,
        ID * 277,
        ID + "\n",
        ID + "\x00",
        ID.upper(),
        "\ud800" * 36,
        "ffffffff-ffff-7fff-bfff-ffffffffffff",  # in the year 10889, where no datetime gets
        "00000000-0000-4000-8000-000000000000",
    ],
    ids=ascii,
)
def test_what_is_no_position_is_refused(records: Records, cursor: str) -> None:
    records.put(make_record())
    with pytest.raises(InvalidCursor) as refusal:
        records.list(10, after=cursor)
    assert len(str(refusal.value)) < 100
    if cursor.strip():
        assert cursor not in str(refusal.value)


@pytest.mark.slow
def test_thousands_of_records_are_listed(records: Records) -> None:
    made = put_records(records, [NOW - timedelta(minutes=20 * i) for i in range(2000)])
    for record in made[::200]:
        records.label(record.id, LABEL)
    assert [record.id for record in read_all(records, 100)] == [record.id for record in made]
    labelled = [record.id for record in read_all(records, 4, labelled=True)]
    assert labelled == [record.id for record in made[::200]]
