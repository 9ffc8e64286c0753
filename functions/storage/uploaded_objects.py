"""`S3UploadedObjects`: the images in the bucket of uploads, version by version.

Whoever drops an image there, or sends it with a presigned form, decides its key: any Unicode.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from storage.records import UploadedObject
from storage.s3_client import make_patient_client
from storage.service import Service

_GONE: Final = {
    "NoSuchKey",
    "NoSuchVersion",
    "MethodNotAllowed",  # the version is a delete marker
    "PreconditionFailed",  # without versions: another image has taken its place
    "404",  # to a HEAD, which has no body, and so no word
    "405",
    "412",
}
_EMPTY: Final = {"InvalidRange", "416"}
"""There is no first byte."""
_NO_VERSION: Final = "null"
"""What S3 calls the version of an object that came while versions were off."""


@dataclass(frozen=True, slots=True)
class UploadedImage:
    """One version of an object."""

    upload: UploadedObject
    etag: str
    """With its quotes, as HTTP has it."""
    modified_at: datetime
    """When it came, in UTC, to the second."""
    size: int
    """Bytes."""
    data: bytes | None = field(repr=False)
    """All of them; None where there are more than were asked for."""


class S3UploadedObjects:
    """The bucket of uploads, which exists. Its client is made at the first call.

    To read, the role needs GetObject and GetObjectVersion on the objects, and ListBucket and
    ListBucketVersions on the bucket: without those two, S3 answers 403 for what is gone, and that
    is a failure. To remove, DeleteObject and DeleteObjectVersion.
    """

    def __init__(self, bucket: str, make_client: Callable[[], Any] = make_patient_client) -> None:
        self._bucket = bucket
        self._service = Service(f"The bucket {bucket}", make_client)

    def open(self) -> None:
        """Make the client now. Raises StorageUnavailable."""
        self._service.open()

    def read(
        self,
        key: str,
        version: str | None = None,
        *,
        max_bytes: int,
        etag: str | None = None,
        expected_size: int = 0,
    ) -> UploadedImage | None:
        """Read one version of an object; None where it's gone. Raises StorageUnavailable.

        Args:
            key: as it is, not encoded.
            version: which; None for the one that is current.
            max_bytes: what is larger comes without its data.
            etag: without a version, what the image must have, or it counts as gone.
            expected_size: in bytes, if it's known: spares fetching what is too large.
        """
        choice = _choose(version, etag)
        if expected_size > max_bytes:
            response = self._call("head_object", answers=_GONE, Key=key, **choice)
            if "Error" in response:
                return None
            if response["ContentLength"] > max_bytes:
                return _describe(key, response, None)
        some = f"bytes=0-{max_bytes}"  # one more than may be, to tell that there are more
        response = self._call("get_object", answers=_GONE | _EMPTY, Key=key, Range=some, **choice)
        if response.get("Error", {}).get("Code") in _EMPTY:
            response = self._call("head_object", answers=_GONE, Key=key, **choice)
            response["Body"] = b""
        if "Error" in response:
            return None
        data = response["Body"]
        return _describe(key, response, data if len(data) <= max_bytes else None)

    def is_current(self, image: UploadedImage) -> bool:
        """Whether nothing has come after it under its key. Raises StorageUnavailable."""
        response = self._call("head_object", answers=_GONE, Key=image.upload.key)
        if "Error" in response:
            return False
        if image.upload.version is None:
            return bool(response["ETag"] == image.etag)
        return _read_version(response) == image.upload.version

    def has(self, image: UploadedImage) -> bool:
        """Whether it's still there, current or not. Raises StorageUnavailable."""
        choice = _choose(image.upload.version, image.etag)
        response = self._call("head_object", answers=_GONE, Key=image.upload.key, **choice)
        return "Error" not in response

    def remove(self, upload: UploadedObject) -> None:
        """Remove one version; there need not be one. Raises StorageUnavailable."""
        self._call("delete_object", Key=upload.key, **_choose(upload.version, None))

    def remove_all(self, key: str) -> None:
        """Remove every version of a key, and every mark of its removal. Raises StorageUnavailable.

        What comes meanwhile may stay.
        """
        position: dict[str, str] = {}
        while True:
            page = self._call("list_object_versions", Prefix=key, **position)
            # In the order of their keys, so that a key's own come before those that it begins.
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            own = [each for each in found if each["Key"] == key]
            for each in own:
                self.remove(UploadedObject(key, each["VersionId"]))
            if not page["IsTruncated"] or not own:
                return
            position = {
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page["NextVersionIdMarker"],
            }

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._service.call(operation, Bucket=self._bucket, **parameters)


def _choose(version: str | None, etag: str | None) -> dict[str, str]:
    """Parameters for one version, or for the image that an ETag names where there are none."""
    if version:
        return {"VersionId": version}
    return {"IfMatch": etag} if etag else {}


def _describe(key: str, response: dict[str, Any], data: bytes | None) -> UploadedImage:
    total = response.get("ContentRange", "").rpartition("/")[2]  # bytes 0-9/1234
    return UploadedImage(
        upload=UploadedObject(key, _read_version(response)),
        etag=response["ETag"],
        modified_at=response["LastModified"],
        size=int(total or response["ContentLength"]),
        data=data,
    )


def _read_version(response: dict[str, Any]) -> str | None:
    version = response.get("VersionId", _NO_VERSION)
    return None if version == _NO_VERSION else str(version)
