"""Every implementation of a store, each made new; the contract's tests run once for each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recognition.result import Outcome
from storage.folder import FolderImages
from storage.records import RETENTION, Images, RecognitionRecord, Records, created_at, new_id
from storage.sqlite import SqliteRecords


@pytest.fixture(params=["sqlite"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    store = {"sqlite": lambda: SqliteRecords(tmp_path / "records.sqlite")}[request.param]()
    yield store
    store.close()


@pytest.fixture(params=["folder"])
def images(request: pytest.FixtureRequest, tmp_path: Path) -> Images:
    return {"folder": lambda: FolderImages(tmp_path / "images")}[request.param]()


def make_record(digit: int | None = 7, outcome: Outcome = Outcome.DIGIT) -> RecognitionRecord:
    record_id = new_id()
    scores = tuple(0.91 if i == digit else 0.01 for i in range(10))
    return RecognitionRecord(
        id=record_id,
        created_at=created_at(record_id),
        outcome=outcome,
        digit=digit,
        confidence=max(scores),
        scores=scores,
        model="0123456789ab",
        image_key=f"{record_id}.png",
        strangeness=0.25,
        expires_at=datetime.now(UTC).replace(microsecond=0) + RETENTION,
    )
