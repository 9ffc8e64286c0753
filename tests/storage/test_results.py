"""Results of uploads: one for each key, of its current version, and removed with its record."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.result import Outcome
from storage.errors import StorageUnavailable
from storage.ids import new_id
from storage.records import RecognitionRecord, UploadedObject, new_refusal
from storage.results import S3Results, name_result, write_result
from storage.s3_client import make_quick_client
from tests.storage.conftest import make_record

KEY = "scans/7.png"


def make_uploaded(digit: int = 7, version: str = "v1", key: str = KEY) -> RecognitionRecord:
    return replace(make_record(digit), image_key=None, upload=UploadedObject(key, version))


@pytest.fixture
def results(bucket: str) -> S3Results:
    return S3Results(bucket)


@pytest.fixture
def read(aws: Any, bucket: str) -> Callable[[], Any]:
    """The result under the key that the tests use; None where there is none."""
    s3 = aws.client("s3")

    def read() -> Any:
        try:
            return json.loads(s3.get_object(Bucket=bucket, Key=name_result(KEY))["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None

    return read


def always() -> bool:
    return True


def test_a_result_says_what_was_read_and_nothing_else(
    results: S3Results, read: Callable[[], Any]
) -> None:
    record = make_uploaded()
    assert results.publish(record, always)
    assert read() == {
        "id": record.id,
        "key": KEY,
        "version": "v1",
        "outcome": "digit",
        "digit": 7,
        "confidence": record.confidence,
        "scores": list(record.scores),
        "model": record.model,
        "created_at": record.created_at.isoformat(timespec="milliseconds")[:-6] + "Z",
    }


def test_a_refusal_says_why() -> None:
    record = new_refusal("corrupt-image", record_id=new_id(), upload=UploadedObject(KEY, None))
    result = json.loads(write_result(record))
    assert list(result) == ["id", "key", "version", "outcome", "reason", "created_at"]
    assert (result["outcome"], result["reason"]) == ("unreadable", "corrupt-image")
    assert result["version"] is None


def test_what_has_no_digit_says_none() -> None:
    record = replace(make_uploaded(), outcome=Outcome.BLANK, digit=None)
    assert json.loads(write_result(record))["digit"] is None


def test_the_same_record_is_the_same_file(results: S3Results, read: Callable[[], Any]) -> None:
    record = make_uploaded()
    assert write_result(record) == write_result(record)
    assert results.publish(record, always)
    assert results.publish(record, always)
    assert read()["id"] == record.id


def test_a_newer_one_takes_its_place_and_an_older_one_does_not(
    results: S3Results, read: Callable[[], Any]
) -> None:
    older, newer = make_uploaded(3), make_uploaded(8, "v2")
    assert results.publish(older, always)
    assert results.publish(newer, always)
    assert not results.publish(older, lambda: False)
    assert read()["id"] == newer.id


def test_whether_it_is_current_is_asked_after_what_it_would_overwrite_was_seen(
    results: S3Results, read: Callable[[], Any]
) -> None:
    """Another one publishes between the two, and its image is newer."""
    first, older, newer = make_uploaded(1), make_uploaded(3), make_uploaded(8)
    results.publish(first, always)
    answers: Iterator[bool] = iter([True, True, False])

    def ask() -> bool:
        answer = next(answers)
        if answer and read()["id"] == first.id and asked:
            results.publish(newer, always)
        asked.append(answer)
        return answer

    asked: list[bool] = []
    assert not results.publish(older, ask)
    assert asked == [True, True, False]
    assert read()["id"] == newer.id


def test_a_result_that_was_removed_meanwhile_is_written_anew(
    results: S3Results, read: Callable[[], Any]
) -> None:
    older, newer = make_uploaded(3), make_uploaded(8)
    results.publish(older, always)
    asked: list[None] = []

    def ask() -> bool:
        asked.append(None)
        if len(asked) == 2:
            results.remove(KEY, older.id)
        return True

    assert results.publish(newer, ask)
    assert read()["id"] == newer.id


def test_what_is_no_result_is_overwritten(
    aws: Any, bucket: str, results: S3Results, read: Callable[[], Any]
) -> None:
    for body in (b"", b"no JSON", b"[]", b'{"other": 1}', b"\xff", b"[" * 100_000):
        aws.client("s3").put_object(Bucket=bucket, Key=name_result(KEY), Body=body)
        record = make_uploaded()
        assert results.publish(record, always)
        assert read()["id"] == record.id


def test_who_never_gets_its_turn_gives_up(results: S3Results) -> None:
    def ask() -> bool:  # each time, another one is there before
        results.remove(KEY, latest[-1].id)
        latest.append(make_uploaded())
        results.publish(latest[-1], always)
        return True

    latest = [make_uploaded()]
    results.publish(latest[-1], always)
    with pytest.raises(StorageUnavailable, match="too many"):
        results.publish(make_uploaded(), ask)


def test_a_result_is_removed_with_its_record_alone(
    results: S3Results, read: Callable[[], Any]
) -> None:
    older, newer = make_uploaded(3), make_uploaded(8)
    results.remove(KEY, older.id)  # there need not be one
    results.publish(older, always)
    results.publish(newer, always)
    results.remove(KEY, older.id)
    assert read()["id"] == newer.id
    results.remove(KEY, newer.id)
    assert read() is None


def test_a_newer_result_that_comes_as_an_older_one_is_removed_stays(
    bucket: str, read: Callable[[], Any]
) -> None:
    older, newer = make_uploaded(3), make_uploaded(8)
    written: list[bool] = []

    def make_client() -> Any:
        client = make_quick_client()
        client.meta.events.register("before-call.s3.DeleteObject", replace_first)
        return client

    def replace_first(**options: Any) -> None:
        del options
        if not written:
            written.append(True)
            others.publish(newer, always)

    others = S3Results(bucket)
    results = S3Results(bucket, make_client)
    others.publish(older, always)
    results.remove(KEY, older.id)
    assert written
    assert read()["id"] == newer.id


def test_a_result_is_found_with_what_it_is_of(aws: Any, bucket: str, results: S3Results) -> None:
    assert results.find(KEY) is None
    record = make_uploaded(version="v2")
    results.publish(record, always)
    assert results.find(KEY) == (record.id, "v2")
    for body in (b"no JSON", b"[]", b'{"id": 1}', b'{"id": "x", "version": 3}'):
        aws.client("s3").put_object(Bucket=bucket, Key=name_result(KEY), Body=body)
        assert results.find(KEY) is None


@given(st.sets(st.text(min_size=1, max_size=1024), min_size=2, max_size=20))
def test_no_two_keys_have_the_same_result(keys: set[str]) -> None:
    valid = [key for key in keys if not any("\ud800" <= each <= "\udfff" for each in key)]
    names = {name_result(key) for key in valid}
    assert len(names) == len(valid)
    assert all(len(name.encode()) <= 1024 for name in names)


@pytest.mark.parametrize("length", [1010, 1011, 1012, 1024])
def test_a_key_that_leaves_no_room_has_a_name_by_its_hash(length: int) -> None:
    name = name_result("x" * length)
    assert name.startswith("results/") == (length <= 1024 - len("results/.json"))
    assert len(name) <= 1024
