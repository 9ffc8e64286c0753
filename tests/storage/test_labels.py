"""The contract of labels, in every store of records."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from recognition.result import Outcome
from storage.ids import new_id
from storage.records import Label, RecognitionRecord, Records, new_label
from tests.storage.conftest import make_expired_record, make_record

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)
SEVEN = Label(7, False, MOMENT)
LATER_SEVEN = replace(SEVEN, labelled_at=MOMENT + timedelta(hours=1))
ONE = Label(1, False, MOMENT + timedelta(hours=2))


def test_a_new_label_is_given_now_to_the_millisecond() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    label = new_label(3, trusted=True)
    assert (label.digit, label.trusted) == (3, True)
    assert before <= label.labelled_at <= datetime.now(UTC)
    assert label.labelled_at.microsecond % 1000 == 0


@pytest.mark.parametrize("label", [SEVEN, Label(0, True, MOMENT)])
def test_a_label_is_kept_and_returned_and_changes_nothing_else(
    records: Records, label: Label
) -> None:
    record = make_record(digit=None, outcome=Outcome.NOT_A_DIGIT)
    records.put(record)
    labelled = replace(record, label=label)
    assert records.label(record.id, label) == labelled
    assert records.get(record.id) == labelled


def test_a_record_may_come_with_its_label(records: Records) -> None:
    record = replace(make_record(), label=SEVEN)
    records.put(record)
    assert records.get(record.id) == record


def test_only_the_record_that_is_named_is_labelled(records: Records) -> None:
    named, other = make_record(), make_record()
    records.put(named)
    records.put(other)
    records.label(named.id, SEVEN)
    assert records.get(other.id) == other


def test_the_same_label_again_changes_nothing(records: Records) -> None:
    record = make_record()
    records.put(record)
    first = records.label(record.id, SEVEN)
    assert records.label(record.id, LATER_SEVEN) == first
    assert records.get(record.id) == first
    assert first is not None
    assert first.label == SEVEN


@pytest.mark.parametrize("last", [ONE, replace(LATER_SEVEN, trusted=True)])
def test_another_digit_or_new_trust_replaces_the_label_whole(records: Records, last: Label) -> None:
    record = make_record()
    records.put(record)
    records.label(record.id, SEVEN)
    replaced = records.label(record.id, last)
    assert replaced is not None
    assert replaced.label == last
    assert records.get(record.id) == replaced


def test_the_same_digit_without_a_key_takes_no_trust_away(records: Records) -> None:
    record = make_record()
    records.put(record)
    trusted = records.label(record.id, replace(SEVEN, trusted=True))
    assert records.label(record.id, LATER_SEVEN) == trusted
    assert records.get(record.id) == trusted


def test_another_digit_without_a_key_replaces_a_trusted_label(records: Records) -> None:
    record = make_record()
    records.put(record)
    records.label(record.id, replace(SEVEN, trusted=True))
    replaced = records.label(record.id, ONE)
    assert replaced == replace(record, label=ONE)
    assert records.get(record.id) == replaced


def test_an_unknown_record_is_not_labelled_and_not_made(records: Records) -> None:
    record_id = new_id()
    assert records.label(record_id, SEVEN) is None
    assert records.get(record_id) is None
    assert records.list(10).records == ()


def test_a_deleted_record_stays_deleted(records: Records) -> None:
    record = make_record()
    records.put(record)
    records.label(record.id, SEVEN)
    records.delete(record.id)
    for label in (SEVEN, ONE):
        assert records.label(record.id, label) is None
        assert records.get(record.id) is None


def test_an_expired_record_takes_no_label(records: Records) -> None:
    unlabelled = make_expired_record()
    labelled = replace(make_expired_record(), label=SEVEN)
    for record in (unlabelled, labelled):
        records.put(record)
        assert records.label(record.id, SEVEN) is None
        assert records.label(record.id, ONE) is None


def test_of_labels_at_once_one_is_kept_whole(records: Records) -> None:
    record = make_record()
    records.put(record)
    given = [Label(i, i % 2 == 0, MOMENT + timedelta(minutes=i)) for i in range(10)]
    together = Barrier(5)

    def give(labels: list[Label]) -> None:
        together.wait()
        for label in labels:
            labelled = records.label(record.id, label)
            assert labelled is not None
            assert labelled.label in given

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(give, [given[i::5] for i in range(5)]))
    kept = records.get(record.id)
    assert isinstance(kept, RecognitionRecord)
    assert kept.label in given


def test_a_label_and_a_deletion_at_once_leave_nothing(records: Records) -> None:
    made = [make_record() for _ in range(20)]
    for record in made:
        records.put(record)
    with ThreadPoolExecutor(4) as threads:
        labelled = [threads.submit(records.label, record.id, SEVEN) for record in made]
        deleted = [threads.submit(records.delete, record.id) for record in made]
        assert all(each.result() for each in deleted)
        assert {each.result() is None for each in labelled} <= {True, False}
    assert [records.get(record.id) for record in made] == [None] * 20
