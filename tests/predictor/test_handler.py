"""The predictor in a process of its own, at the end of the stack's own way: bucket, rule, queue."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest

from recognition.limits import MAX_UPLOADED_BYTES
from storage.dynamodb import DynamoRecords
from storage.ids import new_id
from storage.records import (
    PendingUpload,
    RecognitionRecord,
    RefusedUpload,
    UploadedObject,
    name_upload,
    new_pending,
)
from storage.results import name_result
from tests.conftest import DrawDigit
from tests.predictor.conftest import Way, make_environment
from tests.predictor.lambda_service import make_batch, start_predictor
from tests.predictor.wire import Fault

pytestmark = pytest.mark.slow

DONE: dict[str, Any] = {"batchItemFailures": []}

KEYS = {
    "plain": "7.png",
    "spaces": "a scan of  two.png",
    "plus": "1+1=2.png",
    "percent": "100%41%.png",
    "umlauts": "Übergröße/ä.png",
    "decomposed umlauts": "U\u0308ber.png",
    "emoji": "😀/👩🏽‍🔬.png",
    "quotes": 'it\'s "so" & <so>?#.png',
    "dots": "./../up.png",
    "slashes": "//double//.png",
    "control": "tab\there\x01.png",
    "backslash": "C:\\scans\\7.png",
}


def test_the_result_follows_from_the_record_that_was_kept(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    """An earlier try kept it, and a new model came before its result was written."""
    event = way.drop_quietly("7.png", draw_digit(7))
    way.predictor.invoke(make_batch(event))
    result = way.read_result("7.png")
    assert result is not None
    record = records.get(result["id"])
    assert isinstance(record, RecognitionRecord)
    records.put(replace(record, digit=1, model="an older one"))
    key = name_result(way.folder + "7.png")
    way.cloud.connect("s3").delete_object(Bucket=way.cloud.results, Key=key)
    way.predictor.invoke(make_batch(event))
    result = way.read_result("7.png")
    assert result is not None
    assert (result["digit"], result["model"]) == (1, "an older one")


def make_notification(way: Way, name: str, version: str | None = None) -> dict[str, Any]:
    """What S3 sends to a queue itself, with its own rule for keys."""
    key = quote_plus(way.folder + name, safe="/-_.*")
    found = {"key": key, "size": 1234, "eTag": "0" * 32, "sequencer": "0055AED6DCD90281E5"}
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {
            "bucket": {"name": way.cloud.uploads},
            "object": found | ({"versionId": version} if version else {}),
        },
    }


def test_what_is_dropped_ends_as_a_record_and_a_result(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    version = way.drop("7.png", draw_digit(7))
    assert way.queue.work_off(way.predictor) == 1
    result = way.read_result("7.png")
    assert result is not None
    assert list(result) == [
        *("id", "key", "version", "outcome", "digit", "confidence", "scores", "model"),
        "created_at",
    ]
    assert (result["key"], result["version"]) == (way.folder + "7.png", version)
    assert (result["outcome"], result["digit"]) == ("digit", 7)
    record = records.get(result["id"])
    assert isinstance(record, RecognitionRecord)
    assert record.upload == UploadedObject(way.folder + "7.png", version)
    assert (record.digit, record.image_key) == (7, None)
    assert [item["id"]["S"] for item in way.list_items()] == [result["id"]]


@pytest.mark.parametrize("name", KEYS.values(), ids=KEYS)
def test_any_key_is_read_by_each_rule(way: Way, draw_digit: DrawDigit, name: str) -> None:
    version = way.drop(name, draw_digit(4))
    way.queue.work_off(way.predictor)
    first = way.read_result(name)
    assert first is not None
    assert (first["key"], first["version"], first["digit"]) == (way.folder + name, version, 4)
    notification = {"Records": [make_notification(way, name, version)]}
    assert way.predictor.invoke(make_batch(notification)) == DONE
    item = {"Key": way.folder + name, "Size": 1234}
    answer = way.predictor.invoke({"backlog": {}, "Items": [item]})
    assert answer["results"][0]["id"] == first["id"]
    assert way.read_result(name) == first
    assert len(way.list_items()) == 1


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
def test_the_longest_key_is_read(way: Way, draw_digit: DrawDigit, letter: str) -> None:
    room = 1024 - len(way.folder)
    name = letter * (room // len(letter.encode())) + "x" * (room % len(letter.encode()))
    assert len((way.folder + name).encode()) == 1024
    way.drop(name, draw_digit(4))
    way.queue.work_off(way.predictor)
    result = way.read_result(name)
    assert result is not None
    assert (result["key"], result["digit"]) == (way.folder + name, 4)


def test_an_event_may_come_without_a_queue(way: Way, draw_digit: DrawDigit) -> None:
    event = way.drop_quietly("7.png", draw_digit(7))
    for each in (event, {"Records": [make_notification(way, "7.png")]}):
        answer = way.predictor.invoke(each)
        assert answer["counts"] in ({"digit": 1}, {"ignored": 1})
    assert way.read_result("7.png") is not None


def test_s3s_test_event_is_acknowledged(way: Way) -> None:
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": way.cloud.uploads}
    assert way.predictor.invoke(make_batch(test)) == DONE
    assert way.predictor.invoke(test) == {"results": [], "counts": {}}
    assert way.wire.calls == []


def test_a_bad_image_is_a_result_among_nine_others(way: Way, draw_digit: DrawDigit) -> None:
    for digit in range(10):
        image = b"\x89PNG\r\n\x1a\n and then nothing" if digit == 3 else draw_digit(digit)
        way.drop(f"{digit}.png", image)
    assert way.queue.work_off(way.predictor) == 1
    assert way.queue.deliveries == 10
    for digit in range(10):
        result = way.read_result(f"{digit}.png")
        assert result is not None
        if digit == 3:
            assert list(result) == ["id", "key", "version", "outcome", "reason", "created_at"]
            assert (result["outcome"], result["reason"]) == ("unreadable", "corrupt-image")
        else:
            assert (result["outcome"], result["digit"]) == ("digit", digit)
    outcomes = sorted(item["outcome"]["S"] for item in way.list_items())
    assert outcomes == ["digit"] * 9 + ["unreadable"]
    assert way.queue.read_dead_letters() == []


def test_twenty_mebibytes_are_read_and_one_byte_more_is_refused_unfetched(
    way: Way, draw_digit: DrawDigit
) -> None:
    image = draw_digit(7)
    way.drop("at.png", image + bytes(MAX_UPLOADED_BYTES - len(image)))
    way.queue.work_off(way.predictor)
    result = way.read_result("at.png")
    assert result is not None
    assert result["digit"] == 7
    way.wire.reset()
    way.drop("over.png", image + bytes(MAX_UPLOADED_BYTES - len(image) + 1))
    way.queue.work_off(way.predictor)
    result = way.read_result("over.png")
    assert result is not None
    assert (result["outcome"], result["reason"]) == ("unreadable", "image-too-large")
    assert "s3 GET" not in way.wire.calls


def test_an_event_that_understates_a_size_fetches_no_more_than_may_be(
    way: Way, draw_digit: DrawDigit
) -> None:
    event = way.drop_quietly("over.png", draw_digit(7) + bytes(MAX_UPLOADED_BYTES))
    event["detail"]["object"]["size"] = 5
    assert way.predictor.invoke(make_batch(event)) == DONE
    result = way.read_result("over.png")
    assert result is not None
    assert result["reason"] == "image-too-large"


def test_what_is_gone_empty_or_a_folder_is_acknowledged(way: Way, draw_digit: DrawDigit) -> None:
    s3 = way.cloud.connect("s3")
    gone = way.drop_quietly("gone.png", draw_digit(7))
    version = gone["detail"]["object"]["version-id"]
    s3.delete_object(Bucket=way.cloud.uploads, Key=way.folder + "gone.png", VersionId=version)
    folder = way.drop_quietly("folder/", b"x")
    never = json.loads(json.dumps(gone).replace("gone.png", "never.png"))
    s3.put_object(Bucket=way.cloud.uploads, Key=way.folder + "empty.png", Body=b"")
    marked = way.drop_quietly("marked.png", draw_digit(7))
    marker = s3.delete_object(Bucket=way.cloud.uploads, Key=way.folder + "marked.png")
    marked["detail"]["object"]["version-id"] = marker["VersionId"]
    assert way.queue.receive() == []  # the rule lets nothing through that is empty
    empty = make_notification(way, "empty.png")
    empty["s3"]["object"]["size"] = 0
    unknown = make_notification(way, "empty.png")
    bodies = [gone, folder, never, marked, {"Records": [empty]}, {"Records": [unknown]}]
    assert way.predictor.invoke(make_batch(*bodies)) == DONE
    assert way.list_results() == []
    assert way.list_items() == []


def test_an_upload_whose_newest_version_was_removed_has_a_record_and_no_result(
    way: Way, draw_digit: DrawDigit
) -> None:
    event = way.drop_quietly("7.png", draw_digit(7))
    way.cloud.connect("s3").delete_object(Bucket=way.cloud.uploads, Key=way.folder + "7.png")
    assert way.predictor.invoke(make_batch(event)) == DONE
    assert len(way.list_items()) == 1
    assert way.list_results() == []


def send(way: Way, record_id: str, image: bytes) -> str:
    """What a signed form does."""
    key = name_upload(record_id)
    s3 = way.cloud.connect("s3")
    return str(s3.put_object(Bucket=way.cloud.uploads, Key=key, Body=image)["VersionId"])


def test_what_a_signed_form_lets_in_settles_its_record(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    record_id = new_id()
    records.put(new_pending(record_id))
    version = send(way, record_id, draw_digit(5))
    way.queue.work_off(way.predictor)
    record = records.get(record_id)
    assert isinstance(record, RecognitionRecord)
    assert (record.digit, record.upload) == (5, UploadedObject(name_upload(record_id), version))
    results = way.cloud.connect("s3").get_object(
        Bucket=way.cloud.results, Key=name_result(name_upload(record_id))
    )
    assert json.loads(results["Body"].read())["id"] == record_id


def test_an_image_that_waited_four_weeks_is_read_where_records_are_kept_for_a_day(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    record_id = new_id(datetime.now(UTC) - timedelta(days=28))
    records.put(new_pending(record_id, retention=timedelta(days=1)))
    send(way, record_id, draw_digit(5))
    way.queue.work_off(way.predictor)
    record = records.get(record_id)
    assert isinstance(record, RecognitionRecord)
    assert record.digit == 5


def test_a_bad_image_settles_its_record_as_refused(way: Way, records: DynamoRecords) -> None:
    record_id = new_id()
    records.put(new_pending(record_id))
    send(way, record_id, b"no image at all")
    way.queue.work_off(way.predictor)
    record = records.get(record_id)
    assert isinstance(record, RefusedUpload)
    assert record.reason == "unsupported-image"


def test_a_forms_second_image_changes_nothing(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    record_id = new_id()
    records.put(new_pending(record_id))
    for digit in (5, 6):
        send(way, record_id, draw_digit(digit))
        way.queue.work_off(way.predictor)
    record = records.get(record_id)
    assert isinstance(record, RecognitionRecord)
    assert record.digit == 5
    line = way.predictor.lines()[-1]
    assert (line["outcome"], line["reason"]) == ("ignored", "not-the-first")


def test_a_forms_second_image_that_is_gone_takes_nothing_of_the_first_along(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit
) -> None:
    record_id = new_id()
    records.put(new_pending(record_id))
    send(way, record_id, draw_digit(5))
    way.queue.work_off(way.predictor)
    way.folder = name_upload(record_id)
    first = way.read_result("")
    version = send(way, record_id, draw_digit(6))
    s3 = way.cloud.connect("s3")
    key = {"Bucket": way.cloud.uploads, "Key": name_upload(record_id), "VersionId": version}
    calls = way.wire.calls = []

    def remove(call: int) -> Fault | None:
        if calls[call - 1] == "dynamodb PutItem":  # it was read, and isn't kept yet
            s3.delete_object(**key)
        return None

    way.wire.before = remove
    way.queue.work_off(way.predictor)
    assert isinstance(records.get(record_id), RecognitionRecord)
    assert first is not None
    assert way.read_result("") == first


def test_the_same_image_twice_in_one_second_is_two_versions_with_a_record_each(
    way: Way, draw_digit: DrawDigit
) -> None:
    for _ in range(4):  # of which two at least are of one second
        way.drop("7.png", draw_digit(7))
    way.queue.work_off(way.predictor)
    assert len(way.list_items()) == 4


def test_a_message_of_several_images_has_each_read_though_one_can_not_be(
    way: Way, draw_digit: DrawDigit
) -> None:
    s3 = way.cloud.connect("s3")
    archived = {"Bucket": way.cloud.uploads, "Key": way.folder + "archived.png"}
    s3.put_object(**archived, Body=draw_digit(3), StorageClass="GLACIER")
    way.drop("7.png", draw_digit(7))
    way.queue.drain()
    records = [make_notification(way, name) for name in ("archived.png", "7.png")]
    for record in records:
        del record["s3"]["object"]["eTag"]
    way.queue.send(json.dumps({"Records": records}))
    way.queue.work_off(way.predictor)
    result = way.read_result("7.png")
    assert result is not None
    assert result["digit"] == 7
    assert len(way.queue.read_dead_letters()) == 1


def test_what_comes_for_a_record_that_was_deleted_is_removed(
    way: Way, draw_digit: DrawDigit
) -> None:
    record_id = new_id()
    send(way, record_id, draw_digit(5))
    way.queue.work_off(way.predictor)
    s3 = way.cloud.connect("s3")
    left = s3.list_object_versions(Bucket=way.cloud.uploads, Prefix=name_upload(record_id))
    assert "Versions" not in left
    assert way.cloud.read_item(record_id) is None


def test_a_backlogs_batch_is_answered_in_its_order(way: Way, draw_digit: DrawDigit) -> None:
    way.drop("7.png", draw_digit(7))
    way.drop("bad.png", b"no image")
    items: list[Any] = [
        {"Key": way.folder + "7.png", "Size": 1234, "ETag": '"stale"', "LastModified": 1668000000},
        {"Key": way.folder + "bad.png", "Size": "8"},
        {"Key": way.folder + "gone.png", "Size": 1},
        {"Key": way.folder, "Size": 0},
        {"Size": 3},
        {"Key": "x" * 1025},
        "no item",
    ]
    answer = way.predictor.invoke({"backlog": {"name": "b"}, "Items": items})
    assert answer["counts"] == {"digit": 1, "unreadable": 1, "ignored": 5}
    results = answer["results"]
    assert [each["key"] for each in results[:4]] == [item["Key"] for item in items[:4]]
    assert all(list(each) == FIELDS for each in results)
    assert (results[0]["digit"], results[0]["reason"]) == (7, None)
    assert (results[1]["digit"], results[1]["reason"]) == (None, "corrupt-image") or results[1][
        "reason"
    ] == "unsupported-image"
    assert [each["reason"] for each in results[2:]] == [
        "gone",
        "folder",
        "unknown-item",
        "unknown-item",
        "unknown-item",
    ]
    # Whatever the events, which come as well, do then: nothing is there twice.
    way.queue.work_off(way.predictor)
    assert len(way.list_items()) == 2


FIELDS = ["key", "outcome", "digit", "confidence", "reason", "id"]


def test_the_log_has_a_line_for_each_image_without_its_key(way: Way, draw_digit: DrawDigit) -> None:
    before = len(way.predictor.lines())
    way.drop("anna-smith.png", draw_digit(7))
    way.drop("bad.png", b"no image")
    way.queue.work_off(way.predictor)
    lines = way.predictor.lines()[before:]
    assert {line["outcome"] for line in lines} == {"digit", "unreadable"}
    result = way.read_result("anna-smith.png")
    assert result is not None
    for line in lines:
        assert line["request_id"] == "8f5e1f2c-0000-4000-8000-000000000001"
        assert len(line["key"]) == 16
        assert line["uploads"] == 1
        assert line["milliseconds"] > 0
        assert 0 <= line["age"] < 60
        declared = line["_aws"]["CloudWatchMetrics"]
        assert {metric["Name"] for each in declared for metric in each["Metrics"]} == {
            "uploads",
            "milliseconds",
            "age",
        }
        assert declared[0]["Dimensions"] == [["outcome"]]
    text = json.dumps(lines)
    assert "anna" not in text
    assert way.folder not in text
    assert result["id"] not in text


def test_images_without_time_left_come_again(
    way: Way, draw_digit: DrawDigit, tmp_path: Any
) -> None:
    event = way.drop_quietly("7.png", draw_digit(7))
    environment = make_environment(way.cloud, way.wire)
    with start_predictor(environment, tmp_path / "log", seconds=3) as hurried:
        batch = make_batch(event, event)
        failures = hurried.invoke(batch)["batchItemFailures"]
        assert [each["itemIdentifier"] for each in failures] == [
            message["messageId"] for message in batch["Records"]
        ]
        answers = hurried.invoke_all([{"backlog": {}, "Items": [{"Key": way.folder + "7.png"}]}])
        assert answers is not None
        assert answers[0]["error"] == "BatchIncomplete"
        assert "1 out-of-time" in answers[0]["message"]
    assert way.list_items() == []


def test_a_pending_upload_that_never_came_stays_pending(way: Way, records: DynamoRecords) -> None:
    record_id = new_id()
    records.put(new_pending(record_id))
    event = {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": way.cloud.uploads},
            "object": {"key": name_upload(record_id), "size": 5, "version-id": "none"},
        },
    }
    assert way.predictor.invoke(make_batch(event)) == DONE
    assert isinstance(records.get(record_id), PendingUpload)
