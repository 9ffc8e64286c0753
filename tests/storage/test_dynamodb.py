"""What a table promises beyond the contract: its keys, its time-to-live, and cheap listings."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recognition.result import Outcome
from storage.dynamodb import DynamoRecords
from storage.ids import created_at, new_id
from storage.records import RETENTION, Label, Record
from tests.storage.conftest import make_pending, make_record, make_refusal, make_uploaded_record
from tests.storage.test_listing import put_records, read_all, read_pages

NOW = datetime.now(UTC)


def read_items(aws: Any, table: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = aws.client("dynamodb").scan(TableName=table)["Items"]
    return items


def test_an_item_is_keyed_by_its_day_and_id_and_expires(aws: Any, table: str) -> None:
    record = replace(
        make_record(moment=datetime(2026, 2, 3, 23, 59, 59, 999_000, UTC)),
        label=Label(1, True, NOW),
    )
    DynamoRecords(table).put(record)
    (item,) = read_items(aws, table)
    assert item["day"] == {"S": "2026-02-03"}
    assert item["id"] == {"S": record.id}
    assert item["expires"] == {"N": str(int(record.expires_at.timestamp()))}
    assert item["label"] == {"N": "1"}
    assert item.keys() == {
        *("day", "id", "expires", "outcome", "digit", "confidence", "scores", "model"),
        *("image_key", "strangeness", "label", "trusted", "labelled_at"),
    }
    assert sum(len(key) + len(str(*value.values())) for key, value in item.items()) < 512


def test_an_item_without_digit_and_label_lacks_their_attributes(aws: Any, table: str) -> None:
    DynamoRecords(table).put(make_record(digit=None, outcome=Outcome.BLANK))
    (item,) = read_items(aws, table)
    assert not item.keys() & {"digit", "label", "trusted", "labelled_at"}


def test_an_upload_s_item_says_where_its_image_is_and_no_more_than_is_known(
    aws: Any, table: str
) -> None:
    records = DynamoRecords(table)
    always = {"day", "id", "expires", "outcome"}
    made: list[Record] = [make_pending(), make_refusal(), replace(make_refusal(), upload=None)]
    keys = [always, {*always, "reason", "upload_key", "upload_version"}, {*always, "reason"}]
    for record, expected in zip(made, keys, strict=True):
        records.put(record)
        (item,) = (each for each in read_items(aws, table) if each["id"]["S"] == record.id)
        assert item.keys() == expected
    records.put(recognition := make_uploaded_record())
    (item,) = (each for each in read_items(aws, table) if each["id"]["S"] == recognition.id)
    assert "image_key" not in item
    assert recognition.upload is not None
    assert item["upload_key"] == {"S": recognition.upload.key}


def test_a_settlement_of_nothing_makes_no_item(aws: Any, table: str) -> None:
    assert not DynamoRecords(table).settle(make_record())
    assert read_items(aws, table) == []


def test_a_label_for_nothing_makes_no_item(aws: Any, table: str) -> None:
    DynamoRecords(table).label(new_id(), Label(1, True, NOW))
    assert read_items(aws, table) == []


def test_a_listing_goes_back_as_far_as_records_are_kept(table: str) -> None:
    records = DynamoRecords(table, retention=timedelta(days=2))
    young, old = put_records(records, [NOW - timedelta(days=1), NOW - timedelta(days=5)])
    assert read_all(records, 10) == [young]
    assert read_all(DynamoRecords(table), 10) == [young, old]


def test_a_page_asks_once_for_each_day_at_most(aws: Any, table: str) -> None:
    records = DynamoRecords(table)
    put_records(records, [NOW - timedelta(hours=2 * i) for i in range(24)])
    asked: list[Any] = []
    records.list(1)
    events = records._service._client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    records.list(10)
    assert asked in (["Query"], ["Query"] * 2)  # the day may be young
    asked.clear()
    records.list(100)
    assert set(asked) == {"Query"}
    assert len(asked) <= RETENTION.days + 2


def test_a_listing_that_takes_long_ends_its_page_early(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.dynamodb._LIST_SECONDS", 0)
    records = DynamoRecords(table)
    made = put_records(records, [NOW, NOW - timedelta(days=3), NOW - timedelta(days=3, hours=1)])
    records.label(made[1].id, Label(1, True, NOW))
    pages = list(read_pages(records, 10))
    assert len(pages) > RETENTION.days
    assert [record.id for page in pages for record in page.records] == [each.id for each in made]
    assert [record.id for record in read_all(records, 10, labelled=True)] == [made[1].id]


def test_a_day_of_more_than_a_query_reads_is_listed_whole(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.dynamodb._QUERY_ITEMS", 3)
    records = DynamoRecords(table)
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    made = put_records(records, [midnight - timedelta(hours=1 + i) for i in range(20)])
    for record in made[::7]:
        records.label(record.id, Label(1, True, NOW))
    listed = [record.id for record in read_all(records, 2, labelled=True)]
    assert listed == [record.id for record in made[::7]]


def test_an_id_s_day_is_its_own_and_not_this_machine_s(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # 14 hours ahead
    time.tzset()
    try:
        records = DynamoRecords(table)
        midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
        made = put_records(records, [midnight, midnight - timedelta(milliseconds=1)])
        assert [records.get(record.id) for record in made] == made
        assert [created_at(record.id) for record in read_all(records, 1)] == [
            record.created_at for record in made
        ]
    finally:
        monkeypatch.undo()
        time.tzset()
