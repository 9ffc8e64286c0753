"""Record and image go together, and fail together."""

import pytest

from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.records import Images, Label, Page, RecognitionRecord, Records, new_id
from tests.storage.conftest import make_record


class Unwritable:
    """Records that can be read, and neither put nor deleted."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, record: RecognitionRecord) -> None:
        raise StorageUnavailable("The disk is full.")

    def get(self, record_id: str) -> RecognitionRecord | None:
        return self._records.get(record_id)

    def delete(self, record_id: str) -> bool:
        raise StorageUnavailable("The disk is full.")

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        raise StorageUnavailable("The disk is full.")

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        return self._records.list(limit, after, labelled)


def test_what_was_kept_is_found_and_removed_whole(records: Records, images: Images) -> None:
    archive = Archive(records, images)
    record = make_record()
    archive.keep(record, b"drawing")
    assert archive.find(record.id) == record
    assert images.get(record.image_key) == b"drawing"
    assert archive.remove(record.id)
    assert archive.find(record.id) is None
    assert images.get(record.image_key) is None


def test_what_was_never_kept_is_not_removed(records: Records, images: Images) -> None:
    assert not Archive(records, images).remove(new_id())


def test_no_image_stays_without_its_record(records: Records, images: Images) -> None:
    record = make_record()
    with pytest.raises(StorageUnavailable):
        Archive(Unwritable(records), images).keep(record, b"drawing")
    assert images.get(record.image_key) is None


def test_a_removal_that_failed_can_be_tried_again(records: Records, images: Images) -> None:
    record = make_record()
    Archive(records, images).keep(record, b"drawing")
    with pytest.raises(StorageUnavailable):
        Archive(Unwritable(records), images).remove(record.id)
    assert Archive(records, images).remove(record.id)
    assert records.get(record.id) is None
