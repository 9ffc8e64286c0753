"""`Archive`: records and their images, kept and removed together, wherever the images are."""

from contextlib import suppress
from dataclasses import dataclass

from storage.errors import IdTaken, StorageError, StorageUnavailable
from storage.records import (
    FinishedRecord,
    Images,
    Label,
    Page,
    PendingUpload,
    RecognitionRecord,
    Record,
    Records,
    RefusedUpload,
    UploadedObject,
)
from storage.uploads import UploadForm, Uploads


@dataclass(frozen=True, slots=True)
class Archive:
    """The stores, used in the order that leaves no image without a record to find it by.

    So the record comes first and goes last. Whatever ends a process between the two leaves a record
    without its image, of which nobody was told, and which expires.
    """

    records: Records
    images: Images
    uploads: Uploads | None = None
    """None where no image comes by any other way than through `keep`."""

    def keep(self, record: RecognitionRecord, image: bytes) -> None:
        """Keep both, or neither: a record whose image is for `images`.

        What one store did before the other failed is undone if the stores let it. The record stays
        only where its image is seen to be there still. What is there already, by a first attempt
        whose answer was lost, is left as it is.

        Raises:
            IdTaken: something else is kept under the record's id.
            StorageError: whatever else it is.
        """
        assert record.image_key is not None
        try:
            is_new = self.records.add(record)
            if is_new:
                self.images.put(record.image_key, image)
        except Exception:
            # Both, whichever it was: what was too slow to answer may have been kept.
            self._undo(record, record.image_key)
            raise
        if not is_new:
            self._keep_again(record, record.image_key, image)

    def _keep_again(self, record: RecognitionRecord, image_key: str, image: bytes) -> None:
        first = self.records.get(record.id)
        image_there = self.images.get(image_key)
        is_same = (
            isinstance(first, RecognitionRecord)
            and first.image_key == image_key
            # While its image is not there yet, the record has to tell.
            and (first.scores == record.scores if image_there is None else image_there == image)
        )
        if not is_same:
            raise IdTaken("Another image is kept under this id.")
        if image_there is None:
            self.images.put(image_key, image)

    def invite(self, pending: PendingUpload, media_type: str, max_bytes: int) -> UploadForm:
        """Keep the record of an image that may be uploaded, and make the form that lets it in.

        As `Uploads.make_form`. Raises StorageError.
        """
        form = self._find_uploads().make_form(pending.id, media_type, max_bytes)
        self.records.add(pending)
        return form

    def settle(self, record: FinishedRecord, image: bytes = b"") -> bool:
        """Keep what was read of an upload in place of its `PendingUpload`, and its image.

        Args:
            record: if it has an image, then one that is for `images`.
            image: that image.

        Returns:
            Whether there was one; if not, nothing is kept. Raises StorageError, as `keep` does.
        """
        if not self.records.settle(record):
            return False
        key = record.image_key if isinstance(record, RecognitionRecord) else None
        if key is None:
            return True
        try:
            self.images.put(key, image)
            # Whoever deleted the record meanwhile, of which he has the id, found no image.
            is_there = self.records.get(record.id) is not None
            if not is_there:
                self.images.delete(key)
        except Exception:
            self._undo(record, key)
            raise
        return is_there

    def find(self, record_id: str) -> Record | None:
        """As `Records.get`. Raises StorageError."""
        return self.records.get(record_id)

    def read_image(self, record: RecognitionRecord) -> bytes | None:
        """The image of a record, as it was kept; None where it's gone. Raises StorageError.

        One that was uploaded comes as it was sent: with whatever it says of who took it, and where.
        """
        if record.image_key is not None:
            return self.images.get(record.image_key)
        return None if record.upload is None else self._find_uploads().read(record.upload)

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        """As `Records.label`. Raises StorageError."""
        return self.records.label(record_id, label)

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        """As `Records.list`. Raises StorageError."""
        return self.records.list(limit, after, labelled)

    def remove(self, record_id: str) -> bool:
        """Remove both, and return whether there was such a record. Raises StorageError.

        While the record is there, a removal that failed can be tried again.
        """
        record = self.records.get(record_id)
        if isinstance(record, PendingUpload):
            # It may be settled in this moment: what counts is what it was when it went. Whoever
            # reads its image later finds no record, and removes it.
            record = self.records.delete(record_id)
            self._remove_image(record)
        else:
            self._remove_image(record)
            record = self.records.delete(record_id)
        return record is not None

    def _remove_image(self, record: Record | None) -> None:
        match record:
            case PendingUpload() if self.uploads is not None:
                self.uploads.remove_sent(record.id)
            case RecognitionRecord(image_key=str(key)):
                self.images.delete(key)
            case (
                RecognitionRecord(upload=UploadedObject()) | RefusedUpload(upload=UploadedObject())
            ):
                self._find_uploads().remove(record)

    def _find_uploads(self) -> Uploads:
        if self.uploads is None:
            raise StorageUnavailable("A record is of an upload, and no bucket of uploads is named.")
        return self.uploads

    def _undo(self, record: FinishedRecord, image_key: str) -> None:
        image_is_gone = False
        with suppress(StorageError):
            self.images.delete(image_key)
            image_is_gone = True
        with suppress(StorageError):
            if image_is_gone or not self._has_image(image_key):
                self.records.delete(record.id)

    def _has_image(self, key: str) -> bool:
        """Whether it can be seen: not in a store that can't be reached."""
        try:
            return self.images.get(key) is not None
        except StorageError:
            return False
