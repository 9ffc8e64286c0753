"""`Archive`: records and their images, kept and removed together."""

from contextlib import suppress
from dataclasses import dataclass

from storage.errors import StorageError
from storage.records import Images, Label, Page, RecognitionRecord, Record, Records


@dataclass(frozen=True, slots=True)
class Archive:
    """The two stores, used in the order that leaves no image without a record to find it by.

    So the record comes first and goes last. Whatever ends a process between the two leaves a record
    without its image, of which nobody was told, and which expires.
    """

    records: Records
    images: Images

    def keep(self, record: RecognitionRecord, image: bytes) -> None:
        """Keep both, or neither: a record whose image is for `images`. Raises StorageError.

        What one store did before the other failed is undone if the stores let it. The record stays
        only where its image is seen to be there still.
        """
        key = record.image_key
        assert key is not None
        try:
            self.records.put(record)
            self.images.put(key, image)
        except Exception:
            # Both, whichever it was: what was too slow to answer may have been kept.
            image_is_gone = False
            with suppress(StorageError):
                self.images.delete(key)
                image_is_gone = True
            with suppress(StorageError):
                if image_is_gone or not self._has_image(record):
                    self.records.delete(record.id)
            raise

    def find(self, record_id: str) -> Record | None:
        """As `Records.get`. Raises StorageError."""
        return self.records.get(record_id)

    def read_image(self, record: RecognitionRecord) -> bytes | None:
        """The image of a record, as it was kept; None where it's gone. Raises StorageError."""
        return None if record.image_key is None else self.images.get(record.image_key)

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
        if record is None:
            return False
        if isinstance(record, RecognitionRecord) and record.image_key is not None:
            self.images.delete(record.image_key)
        return self.records.delete(record_id)

    def _has_image(self, record: RecognitionRecord) -> bool:
        """Whether it can be seen: not in a store that can't be reached."""
        try:
            return self.read_image(record) is not None
        except StorageError:
            return False
