"""Record and image go together, and fail together."""

import pytest

from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.ids import new_id
from storage.records import (
    FinishedRecord,
    Images,
    Label,
    Page,
    RecognitionRecord,
    Record,
    Records,
    new_label,
)
from tests.storage.conftest import make_record, name_image


class Unwritable:
    """Records that can be read, and neither put nor deleted."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, record: Record) -> None:
        raise StorageUnavailable("The disk is full.")

    def add(self, record: Record) -> bool:
        raise StorageUnavailable("The disk is full.")

    def settle(self, record: FinishedRecord) -> bool:
        raise StorageUnavailable("The disk is full.")

    def get(self, record_id: str) -> Record | None:
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
    assert archive.read_image(record) == b"drawing"
    assert archive.remove(record.id)
    assert archive.find(record.id) is None
    assert archive.read_image(record) is None


def test_an_archive_labels_and_lists_its_records(records: Records, images: Images) -> None:
    archive = Archive(records, images)
    record, other = make_record(), make_record()
    archive.keep(record, b"drawing")
    archive.keep(other, b"drawing")
    labelled = archive.label(record.id, new_label(3, trusted=True))
    assert labelled == archive.find(record.id)
    assert archive.list(10, labelled=True).records == (labelled,)
    assert {each.id for each in archive.list(10).records} == {record.id, other.id}
    assert archive.label(new_id(), new_label(3, trusted=True)) is None


def test_what_was_never_kept_is_not_removed(records: Records, images: Images) -> None:
    assert not Archive(records, images).remove(new_id())


def test_no_image_stays_without_its_record(records: Records, images: Images) -> None:
    record = make_record()
    with pytest.raises(StorageUnavailable):
        Archive(Unwritable(records), images).keep(record, b"drawing")
    assert images.get(name_image(record)) is None


@pytest.mark.parametrize("error", [StorageUnavailable, ZeroDivisionError])
def test_no_record_stays_without_its_image(
    records: Records, images: Images, error: type[Exception]
) -> None:
    class Failing:
        """Images that are put, and then fail all the same: too slow an answer."""

        get = images.get
        delete = images.delete

        def put(self, key: str, image: bytes) -> None:
            images.put(key, image)
            raise error

    record = make_record()
    with pytest.raises(error):
        Archive(records, Failing()).keep(record, b"drawing")
    assert records.get(record.id) is None
    assert images.get(name_image(record)) is None


def test_an_image_that_can_t_be_taken_back_can_still_be_found(
    records: Records, images: Images
) -> None:
    class Stuck:
        get = images.get

        def put(self, key: str, image: bytes) -> None:
            images.put(key, image)
            raise StorageUnavailable("too slow")

        def delete(self, key: str) -> None:
            raise StorageUnavailable("too slow")

    record = make_record()
    with pytest.raises(StorageUnavailable):
        Archive(records, Stuck()).keep(record, b"drawing")
    archive = Archive(records, images)
    found = archive.find(record.id)
    assert isinstance(found, RecognitionRecord)
    assert archive.read_image(found) == b"drawing"
    assert archive.remove(record.id)


def test_a_removal_that_failed_can_be_tried_again(records: Records, images: Images) -> None:
    record = make_record()
    Archive(records, images).keep(record, b"drawing")
    with pytest.raises(StorageUnavailable):
        Archive(Unwritable(records), images).remove(record.id)
    assert Archive(records, images).remove(record.id)
    assert records.get(record.id) is None


def test_a_record_is_undone_where_the_images_can_t_be_reached_at_all(records: Records) -> None:
    class Down:
        def put(self, key: str, image: bytes) -> None:
            raise StorageUnavailable("The store is down.")

        def get(self, key: str) -> bytes | None:
            raise StorageUnavailable("The store is down.")

        def delete(self, key: str) -> None:
            raise StorageUnavailable("The store is down.")

    record = make_record()
    with pytest.raises(StorageUnavailable):
        Archive(records, Down()).keep(record, b"drawing")
    assert records.get(record.id) is None


def test_a_record_is_undone_where_images_can_only_be_read(records: Records, images: Images) -> None:
    class ReadOnly:
        get = images.get

        def put(self, key: str, image: bytes) -> None:
            raise StorageUnavailable("The disk is read-only.")

        def delete(self, key: str) -> None:
            raise StorageUnavailable("The disk is read-only.")

    record = make_record()
    with pytest.raises(StorageUnavailable):
        Archive(records, ReadOnly()).keep(record, b"drawing")
    assert records.get(record.id) is None
