"""`S3BacklogFiles`: what a backlog leaves in the bucket of results, file by file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from storage.errors import StorageUnavailable
from storage.s3_client import make_patient_client
from storage.service import Service

_FOLDER: Final = "backlogs/"
_BATCHES: Final = re.compile(r"(SUCCEEDED|FAILED)_[0-9]+\.jsonl?")
"""The files that Step Functions writes, beside a manifest. What was stopped counts as failed, and
PENDING is what an attempt that was stopped had not begun: the next one has."""
_CHUNK: Final = 1 << 16


class S3BacklogFiles:
    """One backlog's folder in the bucket, which exists. Its client is made at the first call.

    The role needs ListBucket on the bucket, and GetObject and PutObject on the folder's objects.
    Each method raises StorageUnavailable.
    """

    def __init__(self, bucket: str, backlog: str) -> None:
        """The backlog is named as its execution is."""
        self.bucket = bucket
        self._folder = f"{_FOLDER}{backlog}/"
        self._service = Service(f"The bucket {bucket}", make_patient_client)

    def list_batches(self) -> list[tuple[str, str]]:
        """What became of some batches (SUCCEEDED or FAILED), and the key of the file of them.

        Those of every attempt, should an attempt have written its own.
        """
        found: list[tuple[str, str]] = []
        more: dict[str, str] = {}
        while True:
            page = self._service.call(
                "list_objects_v2", Bucket=self.bucket, Prefix=self._folder, **more
            )
            for entry in page.get("Contents", ()):
                if match := _BATCHES.fullmatch(entry["Key"].rpartition("/")[2]):
                    found.append((match[1], entry["Key"]))
            if not page["IsTruncated"]:
                return found
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def read_lines(self, key: str) -> Iterator[bytes]:
        """The lines of a file, of which no more is in memory than the one."""
        client = self._service.open()
        try:
            yield from client.get_object(Bucket=self.bucket, Key=key)["Body"].iter_lines(_CHUNK)
        except Exception as error:  # botocore's errors have no one base, and it isn't imported here
            self._fail(error)

    def write(self, name: str, path: Path, media_type: str) -> str:
        """Keep a file, of 5 GB at most, in place of any of its name. Returns its key."""
        key = self._folder + name
        client = self._service.open()
        try:
            with path.open("rb") as body:
                client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=media_type)
        except Exception as error:
            self._fail(error)
        return key

    def _fail(self, error: Exception) -> NoReturn:
        response: dict[str, Any] = getattr(error, "response", None) or {}
        code = response.get("Error", {}).get("Code") or type(error).__name__
        raise StorageUnavailable(f"The bucket {self.bucket} can't be used: {code}.") from None
