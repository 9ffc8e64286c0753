"""Ids: UUIDs that sort by time, new or of something that has names."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from storage.ids import created_at, derive_id, is_id, is_new, lowest_id, new_id

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
ID = "019c21b2-8e95-7aaa-8aaa-aaaaaaaaaaaa"


def test_id_is_a_version_7_uuid_of_its_moment() -> None:
    parsed = uuid.UUID(new_id(MOMENT))
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    assert str(parsed) == str(parsed).lower()
    assert created_at(str(parsed)) == MOMENT


def test_ids_sort_by_time() -> None:
    ids = [new_id(MOMENT + timedelta(milliseconds=i)) for i in range(100)]
    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ_in_every_random_bit() -> None:
    numbers = [uuid.UUID(new_id(MOMENT)).int for _ in range(200)]
    assert len(set(numbers)) == 200
    random_bits = [*range(62), *range(64, 76)]
    for bit in random_bits:  # each of the 74 takes both values: 200 equal ones have odds of 2^-199
        assert {number >> bit & 1 for number in numbers} == {0, 1}


def test_a_new_id_is_made_now() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= created_at(new_id()) <= datetime.now(UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        ID.upper(),
        ID + "\n",
        ID[:-1],
        ID.replace("-", ""),
        "9d1f3a52-6c0b-4e7a-9b1c-2f4d8e6a7b30",  # version 4
        "\ud800" * 36,
        "../" * 12,
        "ffffffff-ffff-7fff-bfff-ffffffffffff",  # in the year 10889, where no datetime gets
    ],
)
def test_what_new_id_never_makes_is_no_id(text: str) -> None:
    assert is_id(new_id())
    assert not is_id(text)


def test_the_lowest_id_of_a_moment_parts_those_before_it() -> None:
    lowest = lowest_id(MOMENT)
    assert is_id(lowest)
    assert created_at(lowest) == MOMENT
    for _ in range(100):
        assert new_id(MOMENT - timedelta(milliseconds=1)) < lowest <= new_id(MOMENT)


def test_the_last_id_has_a_time() -> None:
    last = "e677d21f-dbff-7fff-bfff-ffffffffffff"
    assert is_id(last)
    assert created_at(last).year == 9999
    assert not is_id(last.replace("dbff", "dc00"))


def test_a_derived_id_is_a_version_7_uuid_of_its_moment_and_names_for_ever() -> None:
    derived = derive_id(MOMENT, "bucket", "scans/ä.png", "v1")
    assert derived == "019c21ac-ec65-73d3-8e57-21fb66250948"
    assert is_id(derived)
    assert created_at(derived) == MOMENT
    assert uuid.UUID(derived).version == 7


def test_other_names_or_another_moment_derive_another_id() -> None:
    names = [
        ("bucket", "key", "version"),
        ("bucket", "key", "version", ""),
        ("bucket", "keyversion"),
        ("bucke", "tkey", "version"),
        ("bucket", "version", "key"),
        (),
    ]
    ids = {derive_id(MOMENT, *each)[15:] for each in names}
    assert len(ids) == len(names)
    later = derive_id(MOMENT + timedelta(milliseconds=1), *names[0])
    assert later > derive_id(MOMENT, *names[0])
    assert later[15:] == derive_id(MOMENT, *names[0])[15:]


def test_every_bit_of_a_derived_id_that_may_differs() -> None:
    numbers = [uuid.UUID(derive_id(MOMENT, str(i))).int for i in range(200)]
    for bit in [*range(62), *range(64, 76)]:
        assert {number >> bit & 1 for number in numbers} == {0, 1}


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), True),
        (timedelta(minutes=59), True),
        (timedelta(minutes=61), False),
        (timedelta(seconds=-55), True),
        (timedelta(seconds=-65), False),
        (timedelta(days=-3000), False),
    ],
)
def test_id_is_new_for_an_hour_and_to_a_clock_that_is_a_minute_slow(
    age: timedelta, expected: bool
) -> None:
    assert is_new(new_id(datetime.now(UTC) - age)) is expected


def test_what_is_no_id_is_no_new_one() -> None:
    assert not is_new("")
    assert not is_new(new_id().upper())
    assert not is_new(str(uuid.uuid4()))
