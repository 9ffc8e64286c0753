"""`S3Images`: images in a bucket.

The bucket is private, and so are its objects: they are put without any grant. A lifecycle rule on
the bucket, no shorter than the records' retention, removes what its record outlived.
"""

from pathlib import PurePosixPath
from typing import Any, Final

from storage.image_keys import require_key
from storage.s3_client import make_quick_client
from storage.service import Service

_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".bmp": "image/bmp",
}
_ANY_TYPE: Final = "application/octet-stream"
_MISSING: Final = "NoSuchKey"


class S3Images:
    """Images in a bucket that exists, each an object. Its client is made at the first call.

    The function's role needs GetObject, PutObject and DeleteObject on the bucket's objects, and
    ListBucket on the bucket: without that, S3 answers 403 for an object that is not there, to tell
    nothing of what is (its reference, GetObject), as it does where it denies one that is. The two
    could not be told apart, and both would be StorageUnavailable.
    """

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._service = Service(f"The bucket {bucket}", make_quick_client)

    def open(self) -> None:
        """Make the client now, and let no later call take as long. Raises StorageUnavailable."""
        self._service.open()

    def put(self, key: str, image: bytes) -> None:
        require_key(key)
        media_type = _TYPES.get(PurePosixPath(key).suffix, _ANY_TYPE)
        self._call("put_object", Key=key, Body=image, ContentType=media_type)

    def get(self, key: str) -> bytes | None:
        require_key(key)
        response = self._call("get_object", answers={_MISSING}, Key=key)
        return None if "Error" in response else response["Body"]

    def delete(self, key: str) -> None:
        require_key(key)
        self._call("delete_object", Key=key)

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._service.call(operation, Bucket=self._bucket, **parameters)
