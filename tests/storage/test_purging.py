"""What has expired goes, with its image, and in an order that loses track of nothing."""

import logging
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from storage.errors import StorageUnavailable
from storage.folder import FolderImages
from storage.purging import purge, purging
from storage.records import RecognitionRecord
from storage.sqlite import SqliteRecords
from tests.storage.conftest import (
    make_expired_record,
    make_pending,
    make_record,
    make_refusal,
    name_image,
)
from tests.storage.test_folder import files_in


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqliteRecords]:
    with closing(SqliteRecords(tmp_path / "records.sqlite")) as store:
        yield store


@pytest.fixture
def images(tmp_path: Path) -> FolderImages:
    return FolderImages(tmp_path / "images")


def keep(
    records: SqliteRecords, images: FolderImages, *made: RecognitionRecord
) -> list[RecognitionRecord]:
    for record in made:
        images.put(name_image(record), b"drawing")  # a purge that runs may not find it missing
        records.put(record)
    return list(made)


def test_what_has_expired_goes_with_its_image_and_the_rest_stays(
    records: SqliteRecords, images: FolderImages, tmp_path: Path
) -> None:
    keep(records, images, *(make_expired_record() for _ in range(120)))
    (living,) = keep(records, images, make_record(expires_in=timedelta(hours=1)))
    assert purge(records, images) == 120
    assert files_in(tmp_path / "images") == [name_image(living)]
    assert records.get(living.id) == living
    assert records.expired(10) == ()
    assert purge(records, images) == 0


def test_what_has_expired_without_an_image_goes_too(
    records: SqliteRecords, images: FolderImages
) -> None:
    past = make_expired_record().expires_at
    for made in (make_pending(), make_refusal(), replace(make_record(), image_key=None)):
        records.put(replace(made, expires_at=past))
    assert purge(records, images) == 3
    assert records.expired(10) == ()


def test_an_image_that_can_t_be_removed_keeps_its_record_for_the_next_time(
    records: SqliteRecords, images: FolderImages, tmp_path: Path
) -> None:
    class Unremovable(FolderImages):
        def delete(self, key: str) -> None:
            raise StorageUnavailable("The disk can't be written.")

    (record,) = keep(records, images, make_expired_record())
    with pytest.raises(StorageUnavailable):
        purge(records, Unremovable(tmp_path / "images"))
    assert records.expired(10) == (record,)
    assert purge(records, images) == 1
    assert files_in(tmp_path / "images") == []


def test_a_purge_stops_when_it_is_told_to(records: SqliteRecords, images: FolderImages) -> None:
    keep(records, images, *(make_expired_record() for _ in range(5)))
    ended = Event()
    ended.set()
    assert purge(records, images, ended) == 0
    assert len(records.expired(10)) == 5


def test_purging_begins_at_once_and_goes_on(
    records: SqliteRecords, images: FolderImages, tmp_path: Path
) -> None:
    keep(records, images, make_expired_record())
    with purging(records, images, seconds=0.01):
        wait_until_gone(tmp_path / "images")
        keep(records, images, make_expired_record())
        wait_until_gone(tmp_path / "images")
    keep(records, images, make_expired_record())
    time.sleep(0.05)
    assert len(records.expired(10)) == 1  # it has ended


def test_a_round_that_fails_is_logged_and_not_the_last(
    records: SqliteRecords,
    images: FolderImages,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Moody(FolderImages):
        failures = 2

        def delete(self, key: str) -> None:
            if self.failures:
                self.failures -= 1
                raise StorageUnavailable("The disk can't be written.")
            super().delete(key)

    keep(records, images, make_expired_record())
    with purging(records, Moody(tmp_path / "images"), seconds=0.01):
        wait_until_gone(tmp_path / "images")
    assert [line.levelno for line in caplog.records] == [logging.ERROR] * 2


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while files_in(folder):
        assert time.monotonic() < deadline
        time.sleep(0.005)
