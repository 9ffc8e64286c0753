"""Each kind of event by its own rule; and whatever is none of them is refused, in a sentence."""

import json
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictor.errors import UnknownEvent
from predictor.events import (
    MAX_KEY_BYTES,
    Arrival,
    read_backlog,
    read_event,
    read_message,
)

BUCKET: Final = "uploads"

KEYS: Final = st.text(min_size=1, max_size=300).filter(
    lambda key: (
        len(key.encode(errors="replace")) <= MAX_KEY_BYTES
        and not any("\ud800" <= letter <= "\udfff" for letter in key)
    )
)


def make_eventbridge(key: Any = "scans/7.png", **fields: Any) -> dict[str, Any]:
    found = {"key": key, "size": 5, "etag": "d41d", "version-id": "v1"} | fields
    return {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": BUCKET}, "object": found},
    }


def make_notification(key: Any = "scans/7.png", **fields: Any) -> dict[str, Any]:
    found = {"key": key, "size": 5, "eTag": "d41d", "versionId": "v1"} | fields
    record = {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": BUCKET}, "object": found},
    }
    return {"Records": [record]}


def test_both_kinds_tell_the_same() -> None:
    expected = [Arrival("scans/7.png", "v1", '"d41d"', 5)]
    assert read_event(make_eventbridge(), BUCKET) == expected
    assert read_event(make_notification(), BUCKET) == expected


@given(KEYS)
def test_any_key_is_read_from_each_kind_by_its_own_rule(key: str) -> None:
    raw = read_event(json.loads(json.dumps(make_eventbridge(key))), BUCKET)
    encoded = read_event(make_notification(quote_plus(key)), BUCKET)
    (listed,) = read_backlog({"backlog": {}, "Items": [{"Key": key}]})
    assert raw[0].key == encoded[0].key == key
    assert listed.arrival == Arrival(key)


@pytest.mark.parametrize(
    ("written", "raw", "encoded"),
    [("a+b", "a+b", "a b"), ("a%2Bb", "a%2Bb", "a+b"), ("%41", "%41", "A"), ("a b", "a b", "a b")],
)
def test_the_same_letters_are_different_keys_in_the_two_kinds(
    written: str, raw: str, encoded: str
) -> None:
    assert read_event(make_eventbridge(written), BUCKET)[0].key == raw
    assert read_event(make_notification(written), BUCKET)[0].key == encoded


def test_a_notification_may_tell_of_many() -> None:
    event = {"Records": make_notification("a")["Records"] + make_notification("b")["Records"]}
    assert [each.key for each in read_event(event, BUCKET)] == ["a", "b"]


@pytest.mark.parametrize(
    "fields",
    [{"version-id": None}, {"version-id": ""}, {"version-id": "null"}],
)
def test_a_bucket_without_versions_has_none(fields: dict[str, Any]) -> None:
    (arrival,) = read_event(make_eventbridge(**fields), BUCKET)
    assert (arrival.version, arrival.etag) == (None, '"d41d"')


def test_what_an_event_does_not_say_is_not_known() -> None:
    event = make_eventbridge()
    event["detail"]["object"] = {"key": "scans/7.png"}
    assert read_event(event, BUCKET) == [Arrival("scans/7.png")]


def test_moto_and_aws_spell_an_etag_differently() -> None:
    event = make_eventbridge()
    event["detail"]["object"]["eTag"] = event["detail"]["object"].pop("etag")
    assert read_event(event, BUCKET)[0].etag == '"d41d"'


def test_s3s_test_event_tells_of_nothing() -> None:
    assert read_event({"Event": "s3:TestEvent", "Bucket": "another"}, BUCKET) == []


LONGEST: Final = ["x" * 1024, "ü" * 512, "😀" * 256]


@pytest.mark.parametrize("key", LONGEST, ids=["ascii", "umlauts", "emoji"])
def test_a_key_has_1024_bytes_at_most(key: str) -> None:
    assert read_event(make_eventbridge(key), BUCKET)[0].key == key
    assert read_event(make_notification(quote_plus(key)), BUCKET)[0].key == key
    with pytest.raises(UnknownEvent):
        read_event(make_eventbridge(key + "x"), BUCKET)


UNKNOWN: Final[dict[str, Any]] = {
    "nothing": None,
    "a list": [],
    "a text": "scans/7.png",
    "an empty object": {},
    "no records": {"Records": []},
    "records that are none": {"Records": [None]},
    "another source": {"Records": [{"eventSource": "aws:sns"}]},
    "a removal": {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectRemoved:Delete"}]},
    "a number for a name": {"Records": [{"eventSource": "aws:s3", "eventName": 5}]},
    "another event": make_eventbridge() | {"detail-type": "Object Deleted"},
    "no detail": {"source": "aws.s3", "detail-type": "Object Created"},
    "a text for a detail": {"source": "aws.s3", "detail-type": "Object Created", "detail": "x"},
    "no key": make_eventbridge(None),
    "an empty key": make_eventbridge(""),
    "a number for a key": make_eventbridge(7),
    "half a pair": make_eventbridge("\ud83d"),
    "bytes that are no text": make_notification("%FF%FE"),
    "a number for a version": make_eventbridge(**{"version-id": 5}),
    "a text for a size": make_eventbridge(size="5"),
    "a truth for a size": make_eventbridge(size=True),
    "a list for an etag": make_eventbridge(etag=["x"]),
}


@pytest.mark.parametrize("event", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_none_of_them_is_refused_without_a_word_of_it(event: Any) -> None:
    with pytest.raises(UnknownEvent) as caught:
        read_event(event, BUCKET)
    assert "scans" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_another_buckets_event_is_refused() -> None:
    for event in (make_eventbridge(), make_notification()):
        with pytest.raises(UnknownEvent, match="another bucket"):
            read_event(event, "mine")


@pytest.mark.parametrize("body", ["", "scans/7.png", "{", "[" * 100_000, "NaN", None, 5])
def test_a_message_that_is_no_event_is_refused(body: Any) -> None:
    with pytest.raises(UnknownEvent):
        read_message(body, BUCKET)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda each: (
            st.lists(each, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "Records",
                        "source",
                        "detail-type",
                        "detail",
                        "object",
                        "key",
                        "s3",
                        "bucket",
                        "name",
                    ]
                ),
                each,
                max_size=4,
            )
        ),
    )
)
def test_nothing_else_is_raised_whatever_comes(event: Any) -> None:
    with suppress(UnknownEvent):
        read_event(event, BUCKET)


def test_an_item_that_can_not_be_understood_is_alone_in_that() -> None:
    items = [{"Key": "a", "Size": "12"}, {"Size": 3}, {"Key": "b", "Size": "many"}, 5]
    found = read_backlog({"backlog": {}, "Items": items})
    assert [each.key for each in found] == ["a", None, "b", None]
    assert found[0].arrival == Arrival("a", size=12)
    assert [each.arrival for each in found[1:]] == [None] * 3


def test_an_items_etag_is_not_asked_for_again() -> None:
    (item,) = read_backlog({"backlog": {}, "Items": [{"Key": "a", "ETag": '"old"'}]})
    assert item.arrival == Arrival("a")


@pytest.mark.parametrize("event", [{"backlog": {}}, {"backlog": {}, "Items": {}}])
def test_a_batch_without_items_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(UnknownEvent):
        read_backlog(event)
