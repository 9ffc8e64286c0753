"""The predictor on bad days: whatever comes twice, late, out of order or not at all.

In the end there is one record for each version of an image, one result for each key, and it is of
the newest version: nothing lost, and nothing twice.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from itertools import permutations
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import pytest

from storage.archive import Archive
from storage.dynamodb import DynamoRecords
from storage.ids import new_id
from storage.records import RecognitionRecord, name_upload, new_pending
from storage.s3 import S3Images
from storage.s3_uploads import S3Uploads
from tests.conftest import DrawDigit
from tests.predictor.conftest import Way, make_environment
from tests.predictor.lambda_service import Predictor, make_batch, start_predictor
from tests.predictor.wire import Fault
from tests.storage.endpoint import reset

pytestmark = pytest.mark.slow

TRIES: Final = 5
DONE: Final[dict[str, Any]] = {"batchItemFailures": []}


def fail(request: BaseHTTPRequestHandler) -> None:
    """An error of the service's own, in the words of both."""
    request.send_response(500)
    request.send_header("Content-Length", "0")
    request.end_headers()


@pytest.fixture
def second(way: Way, tmp_path: Path) -> Iterator[Predictor]:
    """Another process of the predictor, past the wire."""
    environment = {**make_environment(way.cloud, way.wire), "AWS_ENDPOINT_URL": way.cloud.endpoint}
    with start_predictor(environment, tmp_path / "second") as predictor:
        yield predictor


def assert_one(way: Way, name: str, digit: int, records: int = 1) -> None:
    result = way.read_result(name)
    assert result is not None
    assert result["digit"] == digit
    assert len(way.list_results()) == 1
    items = way.list_items()
    assert len(items) == records
    assert result["id"] in {item["id"]["S"] for item in items}
    assert way.queue.receive() == []
    assert way.queue.read_dead_letters() == []


def test_an_event_that_comes_a_hundred_times_at_once_is_read_once(
    way: Way, draw_digit: DrawDigit
) -> None:
    batch = make_batch(way.drop_quietly("7.png", draw_digit(7)))
    answers = way.predictor.invoke_all([batch] * 100)
    assert answers == [{"answer": DONE}] * 100
    assert_one(way, "7.png", 7)


def test_an_event_that_comes_a_hundred_times_to_four_processes_is_read_once(
    way: Way, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    event = way.drop_quietly("7.png", draw_digit(7))
    batch = make_batch(*[event] * 5)
    with ExitStack() as stack:
        environment = make_environment(way.cloud, way.wire)
        processes = [
            stack.enter_context(start_predictor(environment, tmp_path / f"log{i}"))
            for i in range(4)
        ]
        answers: list[Any] = []
        threads = [
            Thread(target=lambda each=each: answers.append(each.invoke_all([batch] * 5)))
            for each in processes
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [[{"answer": DONE}] * 5] * 4
    assert way.wire.calls.count("s3 GET") >= 100
    assert_one(way, "7.png", 7)


@pytest.mark.parametrize("order", [*permutations(range(2)), *permutations(range(3))], ids=str)
def test_the_newest_version_wins_in_any_order(
    way: Way, draw_digit: DrawDigit, order: tuple[int, ...]
) -> None:
    digits = [3, 5, 8][: len(order)]
    events = [way.drop_quietly("scan.png", draw_digit(digit)) for digit in digits]
    for i in order:
        assert way.predictor.invoke(make_batch(events[i])) == DONE
    assert_one(way, "scan.png", digits[-1], records=len(order))


@pytest.mark.parametrize("round_", range(5))
def test_the_newest_version_wins_of_three_at_once(
    way: Way, draw_digit: DrawDigit, round_: int
) -> None:
    del round_
    events = [way.drop_quietly("scan.png", draw_digit(digit)) for digit in (3, 5, 8)]
    way.predictor.invoke_all([make_batch(event) for event in events * 10])
    assert_one(way, "scan.png", 8, records=3)


@pytest.mark.parametrize("has_result", [False, True], ids=["without a result", "over a result"])
@pytest.mark.parametrize("number", range(1, 9))
def test_an_older_version_that_is_held_up_at_any_call_never_wins(
    way: Way, second: Predictor, draw_digit: DrawDigit, number: int, has_result: bool
) -> None:
    if has_result:
        way.predictor.invoke(make_batch(way.drop_quietly("scan.png", draw_digit(1))))
    older = way.drop_quietly("scan.png", draw_digit(3))
    way.wire.reset()
    reached, go_on = Event(), Event()

    def hold_up(call: int) -> Fault | None:
        if call == number:
            reached.set()
            assert go_on.wait(60)
        return None

    way.wire.before = hold_up
    held_up = Thread(target=way.predictor.invoke, args=(make_batch(older),))
    held_up.start()
    while held_up.is_alive() and not reached.wait(0.05):
        pass  # there may be fewer calls
    newer = way.drop_quietly("scan.png", draw_digit(8))
    assert second.invoke(make_batch(newer)) == DONE
    go_on.set()
    held_up.join()
    assert_one(way, "scan.png", 8, records=2 + has_result)


def delete_upload(way: Way, records: DynamoRecords, how: str) -> None:
    """Delete whatever is known of the one upload, as the API does."""
    uploads = S3Uploads(way.cloud.uploads, way.cloud.results)
    archive = Archive(records, S3Images(way.cloud.bucket), uploads)
    ids = [item["id"]["S"] for item in way.list_items()]
    for record_id in ids if how == "dropped" else [way.folder.removeprefix("uploads/")]:
        assert archive.remove(record_id)
        way.deleted = True


@pytest.mark.parametrize(
    ("how", "number"),
    [*(("dropped", number) for number in range(1, 6)), *(("sent", each) for each in range(1, 5))],
)
def test_an_upload_that_is_deleted_while_it_is_read_leaves_nothing(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit, how: str, number: int
) -> None:
    (drop_one if how == "dropped" else send_one)(way, records, draw_digit)
    messages = way.queue.receive()
    way.wire.reset()

    def delete(call: int) -> Fault | None:
        if call == number:
            delete_upload(way, records, how)
        return None

    way.wire.before = delete
    way.queue.finish(messages, way.predictor.invoke({"Records": messages}))
    if not way.deleted:  # nobody knew of it yet
        assert (how, number <= 2) == ("dropped", True)
        assert len(way.list_items()) == 1
        return
    assert way.list_items() == []
    assert way.list_results() == []
    left = way.cloud.connect("s3").list_object_versions(Bucket=way.cloud.uploads, Prefix=way.folder)
    assert "Versions" not in left
    way.queue.work_off(way.predictor)
    assert way.list_items() == []


@pytest.mark.parametrize("trouble", ["fails", "ends the process before"])
@pytest.mark.parametrize("how", ["sent", "dropped"])
def test_an_upload_that_is_deleted_as_its_reader_breaks_off_leaves_nothing(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit, how: str, trouble: str
) -> None:
    """Deleted just before its result is written; and then its reader never gets to look again."""
    (drop_one if how == "dropped" else send_one)(way, records, draw_digit)
    messages = way.queue.receive()
    way.wire.reset()

    def delete(call: int) -> Fault | None:
        if way.deleted:
            return fail if trouble == "fails" else kill(way)
        if way.wire.calls[call - 1] == "s3 PUT":
            delete_upload(way, records, how)
        return None

    way.wire.before = delete
    answers = way.predictor.invoke_all([{"Records": messages}])
    assert (answers is None) == (trouble != "fails")
    way.queue.finish(messages, answers[0]["answer"] if answers else None)
    assert way.deleted
    assert len(way.list_results()) == 1
    way.wire.reset()
    way.queue.work_off(way.predictor)
    assert way.list_results() == []
    assert way.list_items() == []


Prepare = Callable[[Way, DynamoRecords, DrawDigit], str]
"""Makes an image come, and returns the name that it is under."""


def drop_one(way: Way, records: DynamoRecords, draw_digit: DrawDigit) -> str:
    del records
    way.drop("7.png", draw_digit(7))
    return "7.png"


def drop_bad(way: Way, records: DynamoRecords, draw_digit: DrawDigit) -> str:
    del records, draw_digit
    way.drop("7.png", b"GIF89a and then nothing")
    return "7.png"


def drop_another(way: Way, records: DynamoRecords, draw_digit: DrawDigit) -> str:
    del records
    way.predictor.invoke(make_batch(way.drop_quietly("7.png", draw_digit(1))))
    way.drop("7.png", draw_digit(7))
    return "7.png"


def send_one(way: Way, records: DynamoRecords, draw_digit: DrawDigit) -> str:
    record_id = new_id()
    records.put(new_pending(record_id))
    way.folder = name_upload(record_id)
    way.drop("", draw_digit(7))
    return ""


COMING: Final[dict[str, tuple[Prepare, int, int]]] = {
    "dropped": (drop_one, 5, 1),
    "dropped and bad": (drop_bad, 5, 1),
    "dropped over another": (drop_another, 8, 2),
    "sent": (send_one, 4, 1),
}
"""What to prepare, how many calls it takes on a good day, and how many records there are then."""

CASES: Final = [
    pytest.param((prepare, records), (number, how), id=f"{name}, call {number} {how}")
    for name, (prepare, calls, records) in COMING.items()
    for number in range(1, calls + 1)
    for how in (
        "fails once",
        "is never answered once",
        "is done and never answered once",
        "fails from then on",
        "is done, and all fails from then on",
        "ends the process before",
        "ends the process after",
    )
]


@pytest.mark.parametrize(
    ("prepare", "calls"),
    [pytest.param(prepare, calls, id=name) for name, (prepare, calls, _) in COMING.items()],
)
def test_a_good_day_takes_as_many_calls_as_are_tried_below(
    way: Way, records: DynamoRecords, draw_digit: DrawDigit, prepare: Prepare, calls: int
) -> None:
    prepare(way, records, draw_digit)
    way.wire.reset()
    assert way.queue.work_off(way.predictor) == 1
    assert len(way.wire.calls) == calls, way.wire.calls


def make_trouble(way: Way, number: int, how: str) -> None:
    """Have a call go wrong."""
    wire = way.wire

    def at(fault: Fault) -> Callable[[int], Fault | None]:
        return lambda call: fault if call == number else None

    match how:
        case "fails once":
            wire.before = at(fail)
        case "is never answered once":
            wire.before = at(reset)
        case "is done and never answered once":
            wire.after = at(reset)
        case "fails from then on":
            wire.before = lambda call: fail if call >= number else None
        case "is done, and all fails from then on":
            wire.after = at(reset)
            wire.before = lambda call: fail if call > number else None
        case "ends the process before":
            wire.before = at(kill(way))
        case "ends the process after":
            wire.after = at(kill(way))


def kill(way: Way) -> Fault:
    """`kill -9` of the predictor's process."""

    def fault(request: BaseHTTPRequestHandler) -> None:
        way.predictor.kill()
        request.close_connection = True

    return fault


@pytest.mark.parametrize(("coming", "trouble"), CASES)
def test_whatever_happens_to_any_call_the_rerun_converges(
    way: Way,
    records: DynamoRecords,
    draw_digit: DrawDigit,
    coming: tuple[Prepare, int],
    trouble: tuple[int, str],
) -> None:
    prepare, expected = coming
    number, how = trouble
    name = prepare(way, records, draw_digit)
    way.wire.reset()
    make_trouble(way, number, how)
    messages = way.queue.receive()
    assert len(messages) == 1
    answers = way.predictor.invoke_all([{"Records": messages}])
    assert (answers is None) == how.startswith("ends the process")
    answer = answers[0]["answer"] if answers else None
    if answer is not None:
        assert bool(answer["batchItemFailures"]) == how.endswith("from then on")
    way.queue.finish(messages, answer)
    way.wire.reset()
    way.queue.work_off(way.predictor)
    if prepare is drop_bad:
        result = way.read_result(name)
        assert result is not None
        assert result["reason"] == "corrupt-image"
        assert len(way.list_items()) == 1
        return
    assert_one(way, name, 7, expected)
    if prepare is send_one:
        record = records.get(way.folder.removeprefix("uploads/"))
        assert isinstance(record, RecognitionRecord)


def test_a_message_whose_removal_failed_changes_nothing_when_it_comes_again(
    way: Way, draw_digit: DrawDigit
) -> None:
    way.drop("7.png", draw_digit(7))
    messages = way.queue.receive()
    assert way.predictor.invoke({"Records": messages}) == DONE
    before = way.read_result("7.png"), way.list_items()
    way.queue.finish(messages, None)  # SQS heard nothing of it
    way.queue.work_off(way.predictor)
    assert (way.read_result("7.png"), way.list_items()) == before
    assert_one(way, "7.png", 7)


def read_reasons(way: Way) -> list[tuple[str, str]]:
    """The reason of each dead letter, and the sentence to it."""
    letters = [each["MessageAttributes"] for each in way.queue.read_dead_letters()]
    return [(each["reason"]["StringValue"], each["detail"]["StringValue"]) for each in letters]


POISON: Final = {
    "no JSON": "scans/7.png",
    "no object": "[]",
    "nothing": "{}",
    "no key": '{"source": "aws.s3", "detail-type": "Object Created", "detail": {}}',
    "another event": '{"source": "aws.s3", "detail-type": "Object Deleted", "detail": {}}',
    "deep": "[" * 50_000,
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON)
def test_a_poisoned_message_is_tried_five_times_and_kept_with_its_reason(
    way: Way, draw_digit: DrawDigit, body: str
) -> None:
    way.drop("7.png", draw_digit(7))
    way.queue.send(body)
    assert way.queue.work_off(way.predictor) == TRIES
    assert way.queue.deliveries == TRIES + 1
    ((reason, detail),) = read_reasons(way)
    assert reason == "unknown-event"
    assert detail.endswith(".")
    (letter,) = way.queue.read_dead_letters()
    assert letter["Body"] == body
    result = way.read_result("7.png")
    assert result is not None
    assert result["digit"] == 7


def test_a_message_that_was_not_understood_is_read_once_that_is_mended(
    way: Way, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    way.drop("7.png", draw_digit(7))
    wrong = make_environment(way.cloud, way.wire, INKLING_UPLOADS_BUCKET="another-bucket")
    with start_predictor(wrong, tmp_path / "log") as mistaken:
        assert way.queue.work_off(mistaken) == TRIES
    assert read_reasons(way) == [("unknown-event", "The event is about another bucket.")]
    assert way.queue.redrive() == 1
    assert way.queue.work_off(way.predictor) == 1
    assert_one(way, "7.png", 7)


@pytest.mark.parametrize("call", ["s3 GET", "dynamodb PutItem", "s3 PUT"])
def test_an_image_of_a_store_that_is_down_is_read_once_it_is_mended(
    way: Way, draw_digit: DrawDigit, call: str
) -> None:
    way.drop("7.png", draw_digit(7))
    calls = way.wire.calls
    way.wire.before = lambda number: fail if calls[number - 1] == call else None
    assert way.queue.work_off(way.predictor) == TRIES
    ((reason, detail),) = read_reasons(way)
    assert reason == "storage-unavailable"
    assert "can't be used: 500." in detail
    way.wire.reset()
    assert way.queue.redrive() == 1
    assert way.queue.work_off(way.predictor) == 1
    assert_one(way, "7.png", 7)


def test_a_message_that_can_not_be_sent_on_is_moved_by_sqs_itself(
    way: Way, draw_digit: DrawDigit
) -> None:
    way.drop("7.png", draw_digit(7))
    calls = way.wire.calls
    failing = {"s3 GET", "sqs SendMessage"}
    way.wire.before = lambda number: fail if calls[number - 1] in failing else None
    assert way.queue.work_off(way.predictor) == TRIES
    (letter,) = way.queue.read_dead_letters()
    assert "MessageAttributes" not in letter
    assert json.loads(letter["Body"])["detail"]["object"]["key"] == way.folder + "7.png"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_ends_while_it_sends_a_message_on_loses_nothing(
    way: Way, draw_digit: DrawDigit, moment: str
) -> None:
    way.drop("7.png", draw_digit(7))
    calls = way.wire.calls
    faults: dict[str, Fault] = {"s3 GET": fail}
    if moment == "before":
        faults["sqs SendMessage"] = kill(way)
    else:
        way.wire.after = lambda number: (
            kill(way) if calls[number - 1] == "sqs SendMessage" else None
        )
    way.wire.before = lambda number: faults.get(calls[number - 1])
    way.queue.work_off(way.predictor)
    way.wire.reset()
    # Once by SQS, which heard nothing of it, and before that by the predictor, or not.
    assert way.queue.redrive() == (1 if moment == "before" else 2)
    way.queue.work_off(way.predictor)
    assert_one(way, "7.png", 7)
