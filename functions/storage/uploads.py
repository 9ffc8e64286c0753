"""`Uploads`: the way in for images that no request to the API carries, and the way out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from storage.records import FinishedRecord, UploadedObject

FORM_LIFETIME: Final = timedelta(minutes=15)
"""How long an upload may begin."""
FILE_FIELD: Final = "file"
"""Of a form, the last field: the image."""


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What lets one image in: a form to be sent as multipart/form-data, with the image after it."""

    url: str
    """Where it's to be sent with POST."""
    fields: Mapping[str, str]
    """All of them are to be in it, as they are."""
    expires_at: datetime
    """In UTC, whole seconds."""


class Uploads(Protocol):
    """Each method may be called from any thread, and raises StorageUnavailable."""

    def make_form(self, record_id: str, media_type: str, max_bytes: int) -> UploadForm:
        """A form for the image of a `PendingUpload`.

        Args:
            record_id: its record's.
            media_type: what the image is to be declared as, and as nothing else.
            max_bytes: how many it may have. It may not be empty, either.
        """

    def read(self, upload: UploadedObject) -> bytes | None:
        """The image as it came; None where it's gone."""

    def remove(self, record: FinishedRecord) -> None:
        """Remove the image that a record is of, and its result; there need not be any."""

    def remove_sent(self, record_id: str) -> None:
        """Remove whatever was sent for a `PendingUpload`."""
