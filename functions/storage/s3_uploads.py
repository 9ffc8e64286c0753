"""`S3Uploads`: the API's side of the bucket of uploads and that of their results."""

from datetime import UTC, datetime
from typing import Final

from storage.records import FinishedRecord, UploadedObject, name_upload
from storage.results import S3Results
from storage.s3_client import make_quick_client, make_signing_client
from storage.service import Service
from storage.uploaded_objects import S3UploadedObjects
from storage.uploads import FORM_LIFETIME, UploadForm

_MAX_READ_BYTES: Final = 32 * 1024**2
"""More than any image has that could be read, and so has a record with its place in it."""


class S3Uploads:
    """Two buckets that exist. Their clients are made at the first call.

    What a form lets in is let in by the function's role: it needs PutObject on the objects below
    `uploads/`. For the rest it needs what `S3UploadedObjects` and `S3Results` say.
    """

    def __init__(self, bucket: str, results: str) -> None:
        self._bucket = bucket
        self._service = Service(f"The bucket {bucket}", make_signing_client)
        self._objects = S3UploadedObjects(bucket, make_quick_client)
        self._results = S3Results(results, make_quick_client)

    def make_form(self, record_id: str, media_type: str, max_bytes: int) -> UploadForm:
        expires_at = datetime.now(UTC).replace(microsecond=0) + FORM_LIFETIME
        fields = {"Content-Type": media_type}
        form = self._service.call(  # nothing is sent for it
            "generate_presigned_post",
            Bucket=self._bucket,
            Key=name_upload(record_id),
            Fields=fields,
            Conditions=[fields, ["content-length-range", 1, max_bytes]],
            ExpiresIn=int(FORM_LIFETIME.total_seconds()),
        )
        return UploadForm(form["url"], form["fields"], expires_at)

    def read(self, upload: UploadedObject) -> bytes | None:
        image = self._objects.read(upload.key, upload.version, max_bytes=_MAX_READ_BYTES)
        return None if image is None else image.data

    def remove(self, record: FinishedRecord) -> None:
        upload = record.upload
        assert upload is not None
        if upload.key == name_upload(record.id):
            self._objects.remove_all(upload.key)  # a form lets in one image after another
        else:
            self._objects.remove(upload)
        self._results.remove(upload.key, record.id)

    def remove_sent(self, record_id: str) -> None:
        self._objects.remove_all(name_upload(record_id))
