"""The contract of every store of records."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recognition.result import Outcome, Recognition
from storage.ids import new_id
from storage.records import Label, RecognitionRecord, Records, new_record
from tests.storage.conftest import make_expired_record, make_record

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789_000, UTC)


def test_a_new_record_says_what_was_read_and_until_when_it_stays() -> None:
    recognition = Recognition(Outcome.UNCERTAIN, 3, (0.1,) * 10, strangeness=0.4)
    record = new_record(
        recognition,
        record_id=new_id(MOMENT),
        model="0123456789ab",
        image_key="three.png",
        retention=timedelta(days=7),
    )
    assert (record.outcome, record.digit, record.strangeness) == (Outcome.UNCERTAIN, 3, 0.4)
    assert record.created_at == MOMENT
    assert record.expires_at == datetime(2026, 2, 10, 4, 5, 6, tzinfo=UTC)
    assert record.label is None


def test_a_record_comes_back_as_it_was_kept(records: Records) -> None:
    record = make_record()
    records.put(record)
    assert records.get(record.id) == record


@pytest.mark.parametrize("outcome", Outcome)
def test_a_record_of_any_outcome_comes_back_so(records: Records, outcome: Outcome) -> None:
    digit = 7 if outcome in (Outcome.DIGIT, Outcome.UNCERTAIN) else None
    record = make_record(digit=digit, outcome=outcome)
    records.put(record)
    kept = records.get(record.id)
    assert kept == record
    assert kept.outcome is outcome


@pytest.mark.parametrize("value", [0.0, 1.0, 0.1 + 0.2, 5e-324, 1e-45, 1 / 3])
def test_numbers_come_back_to_the_last_digit_that_matters(records: Records, value: float) -> None:
    record = replace(make_record(), confidence=value, strangeness=value, scores=(value,) * 10)
    records.put(record)
    kept = records.get(record.id)
    assert isinstance(kept, RecognitionRecord)
    assert kept.scores == record.scores
    assert kept.confidence == pytest.approx(value, rel=0, abs=1e-120)
    assert kept.strangeness == pytest.approx(value, rel=0, abs=1e-120)


@pytest.mark.parametrize(
    "text",
    ["", "x", "\ud800", "../secret", "a" * 10_000, "019C21B2-8E95-7AAA-8AAA-AAAAAAAAAAAA"],
)
def test_what_is_no_id_has_no_record(records: Records, text: str) -> None:
    assert records.get(text) is None
    assert records.delete(text) is None
    assert records.label(text, Label(7, False, MOMENT)) is None


def test_an_expired_record_is_gone_at_once(records: Records) -> None:
    expired, living = make_expired_record(), make_record(expires_in=timedelta(hours=1))
    records.put(expired)
    records.put(living)
    assert records.get(expired.id) is None
    assert records.delete(expired.id) is None
    assert records.get(living.id) == living


def test_an_unknown_id_has_no_record(records: Records) -> None:
    records.put(make_record())
    assert records.get(new_id()) is None


def test_a_record_put_again_replaces_the_first(records: Records) -> None:
    record = make_record(digit=3)
    records.put(record)
    records.put(replace(record, digit=5))
    kept = records.get(record.id)
    assert isinstance(kept, RecognitionRecord)
    assert kept.digit == 5


def test_a_deleted_record_is_gone_and_the_others_stay(records: Records) -> None:
    kept, deleted = make_record(), make_record()
    records.put(kept)
    records.put(deleted)
    assert records.delete(deleted.id)
    assert records.get(deleted.id) is None
    assert records.get(kept.id) == kept


def test_deleting_what_is_not_there_says_so(records: Records) -> None:
    record = make_record()
    assert not records.delete(record.id)
    records.put(record)
    assert records.delete(record.id)
    assert not records.delete(record.id)


def test_many_threads_may_use_one_store(records: Records) -> None:
    made = [make_record(digit=i % 10) for i in range(64)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(records.put, made))
        assert list(threads.map(records.get, (record.id for record in made))) == made
        assert all(threads.map(records.delete, (record.id for record in made)))
