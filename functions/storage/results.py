"""`S3Results`: what was read from each uploaded image, as a JSON file in a bucket of its own.

One file for each key, and it is of the version that is current: never of one that came before,
whatever arrives late. No clock and no counter decides that, but S3: who writes has seen that its
version is current after it saw what it overwrites, and S3 refuses once that has changed (If-Match).
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from storage.errors import StorageUnavailable
from storage.records import UNREADABLE, FinishedRecord, RefusedUpload
from storage.s3_client import make_patient_client
from storage.service import Service

_FOLDER: Final = "results/"
_LONG_FOLDER: Final = "results-of-long-keys/"
_SUFFIX: Final = ".json"
_MAX_KEY_BYTES: Final = 1024
"""Of UTF-8, for any key in S3."""

_CHANGED: Final = {
    "PreconditionFailed",
    "ConditionalRequestConflict",  # another one writes right now
    "NoSuchKey",  # If-Match, and it was removed
    "412",
    "404",
}
_MISSING: Final = {"NoSuchKey"}
_ATTEMPTS: Final = 20
"""Each is lost to another writer, who is done then."""


class S3Results:
    """The bucket of results, which exists. Its client is made at the first call.

    To publish, the role needs PutObject and GetObject on the objects; to remove, DeleteObject, too.
    """

    def __init__(self, bucket: str, make_client: Callable[[], Any] = make_patient_client) -> None:
        self._bucket = bucket
        self._service = Service(f"The bucket {bucket}", make_client)

    def open(self) -> None:
        """Make the client now. Raises StorageUnavailable."""
        self._service.open()

    def publish(self, record: FinishedRecord, is_current: Callable[[], bool]) -> bool:
        """Write a record's result, unless its image is no longer the one that its key stands for.

        Args:
            record: of an uploaded image.
            is_current: asks whether it is. What it raises goes through.

        Returns:
            Whether the result is there, whoever wrote it. Raises StorageUnavailable.
        """
        assert record.upload is not None
        key, body = name_result(record.upload.key), write_result(record)
        condition = {"IfNoneMatch": "*"}
        for _ in range(_ATTEMPTS):
            # After what is overwritten was seen, and never before.
            if not is_current():
                return False
            if self._put(key, body, condition):
                return True
            found, etag = self._read(key)
            if found and found[0] == record.id:
                return True
            condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        raise StorageUnavailable(f"The bucket {self._bucket} can't be used: too many write there.")

    def find(self, upload_key: str) -> tuple[str, str | None] | None:
        """The id and the version that the result of an uploaded image's key is of.

        None where there is no result. Raises StorageUnavailable.
        """
        return self._read(name_result(upload_key))[0]

    def remove(self, upload_key: str, record_id: str) -> None:
        """Remove the result of an uploaded image's key, if it's a record's; there need not be one.

        Raises StorageUnavailable.
        """
        key = name_result(upload_key)
        for _ in range(_ATTEMPTS):
            found, etag = self._read(key)
            if found is None or found[0] != record_id:
                return
            response = self._call("delete_object", answers=_CHANGED, Key=key, IfMatch=etag)
            if "Error" not in response:
                return
        raise StorageUnavailable(f"The bucket {self._bucket} can't be used: too many write there.")

    def _put(self, key: str, body: bytes, condition: dict[str, str]) -> bool:
        """Whether it was written: the condition held."""
        response = self._call(
            "put_object",
            answers=_CHANGED,
            Key=key,
            Body=body,
            ContentType="application/json",
            **condition,
        )
        return "Error" not in response

    def _read(self, key: str) -> tuple[tuple[str, str | None] | None, str | None]:
        """The id and the version in a result, and its ETag; None where there is none."""
        response = self._call("get_object", answers=_MISSING, Key=key)
        if "Error" in response:
            return None, None
        try:
            result = json.loads(response["Body"])
            found = result["id"], result["version"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None, response["ETag"]  # no result of ours
        ours = isinstance(found[0], str) and isinstance(found[1], str | None)
        return found if ours else None, response["ETag"]

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._service.call(operation, Bucket=self._bucket, **parameters)


def name_result(key: str) -> str:
    """The key of the result of an uploaded image's key. No two have the same."""
    name = f"{_FOLDER}{key}{_SUFFIX}"
    if len(name.encode()) <= _MAX_KEY_BYTES:
        return name
    return f"{_LONG_FOLDER}{sha256(key.encode()).hexdigest()}{_SUFFIX}"


def write_result(record: FinishedRecord) -> bytes:
    """The file: JSON in UTF-8, the same for the same record."""
    upload = record.upload
    assert upload is not None
    result: dict[str, Any] = {"id": record.id, "key": upload.key, "version": upload.version}
    moment = record.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(record, RefusedUpload):
        result |= {"outcome": UNREADABLE, "reason": record.reason, "created_at": moment}
    else:
        result |= {
            "outcome": record.outcome.value,
            "digit": record.digit,
            "confidence": record.confidence,
            "scores": list(record.scores),
            "model": record.model,
            "created_at": moment,
        }
    return json.dumps(result, ensure_ascii=False, indent=2).encode() + b"\n"
