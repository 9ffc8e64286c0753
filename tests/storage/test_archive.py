"""Record and image go together, and fail together, wherever the image is."""

from dataclasses import replace

import pytest

from storage.archive import Archive
from storage.errors import IdTaken, StorageUnavailable
from storage.ids import new_id
from storage.local_uploads import LocalUploads
from storage.records import (
    FinishedRecord,
    Images,
    Label,
    Page,
    RecognitionRecord,
    Record,
    Records,
    UploadedObject,
    name_upload,
    new_label,
    new_pending,
)
from tests.storage.conftest import (
    make_pending,
    make_record,
    make_refusal,
    make_uploaded_record,
    name_image,
)


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

    def delete(self, record_id: str) -> Record | None:
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


# An id that somebody chose may come twice


def test_the_same_again_is_kept_once(records: Records, images: Images) -> None:
    archive = Archive(records, images)
    record = make_record()
    archive.keep(record, b"drawing")
    labelled = archive.label(record.id, new_label(3, trusted=True))
    archive.keep(replace(record, model="a later one"), b"drawing")
    assert archive.find(record.id) == labelled
    assert images.get(name_image(record)) == b"drawing"


def test_another_image_takes_nobody_s_id(records: Records, images: Images) -> None:
    archive = Archive(records, images)
    record = make_record()
    archive.keep(record, b"drawing")
    for other in (record, replace(record, image_key=f"{record.id}.gif")):
        with pytest.raises(IdTaken):
            archive.keep(other, b"another")
    assert archive.find(record.id) == record
    assert images.get(name_image(record)) == b"drawing"
    assert images.get(f"{record.id}.gif") is None


def test_an_upload_s_id_is_not_taken_either(records: Records, images: Images) -> None:
    record = make_record()
    pending = new_pending(record.id)
    records.put(pending)
    with pytest.raises(IdTaken):
        Archive(records, images).keep(record, b"drawing")
    assert records.get(record.id) == pending
    assert images.get(name_image(record)) is None


def test_what_was_kept_by_half_is_made_whole_by_the_same_alone(
    records: Records, images: Images
) -> None:
    """Whoever kept the record died before the image, or has not come to it yet."""
    archive = Archive(records, images)
    record = make_record()
    records.put(record)
    with pytest.raises(IdTaken):
        archive.keep(replace(record, scores=make_record(3).scores), b"another")
    assert images.get(name_image(record)) is None
    archive.keep(record, b"drawing")
    assert archive.find(record.id) == record
    assert images.get(name_image(record)) == b"drawing"


def test_what_fails_the_second_time_leaves_what_was_kept(records: Records, images: Images) -> None:
    class Unreadable:
        put = images.put
        delete = images.delete

        def get(self, key: str) -> bytes | None:
            raise StorageUnavailable("The store is down.")

    record = make_record()
    Archive(records, images).keep(record, b"drawing")
    with pytest.raises(StorageUnavailable):
        Archive(records, Unreadable()).keep(record, b"drawing")
    assert records.get(record.id) == record
    assert images.get(name_image(record)) == b"drawing"


def test_an_id_is_free_again_once_its_record_is_removed(records: Records, images: Images) -> None:
    archive = Archive(records, images)
    record = make_record()
    archive.keep(record, b"drawing")
    archive.remove(record.id)
    archive.keep(record, b"another")
    assert archive.read_image(record) == b"another"


# Uploads


class Bucket(LocalUploads):
    """Says what it was asked to remove."""

    def __init__(self, images: dict[str, bytes] | None = None) -> None:
        super().__init__("/form")
        self.images = images or {}
        self.removed: list[str] = []

    def read(self, upload: UploadedObject) -> bytes | None:
        return self.images.get(upload.key)

    def remove(self, record: FinishedRecord) -> None:
        assert record.upload is not None
        self.removed.append(record.upload.key)

    def remove_sent(self, record_id: str) -> None:
        self.removed.append(name_upload(record_id))


class BrokenBucket(Bucket):
    def remove(self, record: FinishedRecord) -> None:
        raise StorageUnavailable("The bucket is down.")

    def remove_sent(self, record_id: str) -> None:
        raise StorageUnavailable("The bucket is down.")


def test_an_invitation_has_its_record(records: Records, images: Images) -> None:
    pending = make_pending()
    form = Archive(records, images, Bucket()).invite(pending, "image/png", 1000)
    assert form.fields["key"] == name_upload(pending.id)
    assert records.get(pending.id) == pending


def test_nobody_is_invited_without_a_record(records: Records, images: Images) -> None:
    with pytest.raises(StorageUnavailable):
        Archive(Unwritable(records), images, Bucket()).invite(make_pending(), "image/png", 1000)


def test_what_comes_for_a_pending_upload_is_kept_with_its_image(
    records: Records, images: Images
) -> None:
    archive, record = Archive(records, images, Bucket()), make_record()
    records.put(new_pending(record.id))
    assert archive.settle(record, b"drawing")
    assert archive.find(record.id) == record
    assert archive.read_image(record) == b"drawing"
    assert not archive.settle(replace(record, digit=1), b"another")
    assert archive.find(record.id) == record
    assert archive.read_image(record) == b"drawing"


def test_what_comes_for_none_leaves_nothing(records: Records, images: Images) -> None:
    record = make_record()
    assert not Archive(records, images).settle(record, b"drawing")
    assert records.get(record.id) is None
    assert images.get(name_image(record)) is None


def test_a_refusal_is_kept_without_an_image(records: Records, images: Images) -> None:
    refusal = replace(make_refusal(), upload=None)
    records.put(new_pending(refusal.id))
    archive = Archive(records, images)
    assert archive.settle(refusal)
    assert archive.find(refusal.id) == refusal
    assert archive.remove(refusal.id)


def test_an_upload_that_is_deleted_while_its_image_is_kept_leaves_nothing(
    records: Records, images: Images
) -> None:
    record = make_record()
    records.put(new_pending(record.id))

    class Overtaken:
        """Its record is deleted before an image is there."""

        get = images.get
        delete = images.delete

        def put(self, key: str, image: bytes) -> None:
            assert Archive(records, images).remove(record.id)
            images.put(key, image)

    assert not Archive(records, Overtaken()).settle(record, b"drawing")
    assert records.get(record.id) is None
    assert images.get(name_image(record)) is None


def test_an_upload_whose_image_can_t_be_kept_is_not(records: Records, images: Images) -> None:
    class Full:
        get = images.get
        delete = images.delete

        def put(self, key: str, image: bytes) -> None:
            raise StorageUnavailable("The disk is full.")

    record = make_record()
    records.put(new_pending(record.id))
    with pytest.raises(StorageUnavailable):
        Archive(records, Full()).settle(record, b"drawing")
    assert records.get(record.id) is None


def test_an_uploaded_image_is_read_and_removed_where_it_is(
    records: Records, images: Images
) -> None:
    record, refusal, pending = make_uploaded_record(), make_refusal(), make_pending()
    assert record.upload is not None
    bucket = Bucket({record.upload.key: b"scan"})
    archive = Archive(records, images, bucket)
    for each in (record, refusal, pending):
        records.put(each)
    assert archive.read_image(record) == b"scan"
    for each in (record, refusal, pending):
        assert archive.remove(each.id)
        assert not archive.remove(each.id)
    assert refusal.upload is not None
    assert bucket.removed == [record.upload.key, refusal.upload.key, name_upload(pending.id)]


def test_a_removal_of_an_upload_that_failed_can_be_tried_again(
    records: Records, images: Images
) -> None:
    record = make_uploaded_record()
    records.put(record)
    with pytest.raises(StorageUnavailable):
        Archive(records, images, BrokenBucket()).remove(record.id)
    assert Archive(records, images, Bucket()).remove(record.id)


def test_an_upload_without_its_bucket_is_unavailable(records: Records, images: Images) -> None:
    record = make_uploaded_record()
    records.put(record)
    archive = Archive(records, images)
    with pytest.raises(StorageUnavailable):
        archive.remove(record.id)
    with pytest.raises(StorageUnavailable):
        archive.read_image(record)
    with pytest.raises(StorageUnavailable):
        archive.invite(make_pending(), "image/png", 1000)


def test_a_pending_upload_that_is_settled_while_it_is_removed_goes_with_its_object(
    records: Records, images: Images
) -> None:
    record = make_uploaded_record()
    pending = new_pending(record.id)

    class Settled:
        """Records that are settled between a look at them and the next step."""

        put, add, settle = records.put, records.add, records.settle
        delete, label, list = records.delete, records.label, records.list

        def get(self, record_id: str) -> Record | None:
            found = records.get(record_id)
            records.settle(record)
            return found

    records.put(pending)
    bucket = Bucket()
    assert Archive(Settled(), images, bucket).remove(record.id)
    assert record.upload is not None
    assert bucket.removed == [record.upload.key]
    assert records.get(record.id) is None
