"""`Site`: the bucket that the page is served from, brought up to what is here."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from deployment.page import PageFile

_AT_ONCE: Final = 8
_MOST_DELETED_AT_ONCE: Final = 1000
"""In one request, as S3 has it."""


@dataclass(frozen=True, slots=True)
class Held:
    """An object as it is served."""

    etag: str
    media_type: str
    caching: str


class Site:
    """Each method raises what boto3 raises."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self.bucket = bucket

    def read(self) -> dict[str, Held]:
        """What the bucket holds, by key."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(keys, pool.map(self._read_one, keys), strict=True))

    def _read_one(self, key: str) -> Held:
        found = self._s3.head_object(Bucket=self.bucket, Key=key)
        return Held(
            found["ETag"].strip('"'), found.get("ContentType", ""), found.get("CacheControl", "")
        )

    def upload(self, files: Sequence[PageFile]) -> None:
        """Upload files, the last of them once all others are there."""
        if not files:
            return
        *others, last = files
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._upload_one, others))
        self._upload_one(last)

    def _upload_one(self, file: PageFile) -> None:
        self._s3.put_object(
            Bucket=self.bucket,
            Key=file.key,
            Body=file.content,
            ContentType=file.media_type,
            CacheControl=file.caching,
        )

    def remove(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _MOST_DELETED_AT_ONCE):
            some = [{"Key": key} for key in keys[start : start + _MOST_DELETED_AT_ONCE]]
            self._s3.delete_objects(Bucket=self.bucket, Delete={"Objects": some, "Quiet": True})


def hold(file: PageFile) -> Held:
    """A file as the bucket would hold it."""
    return Held(file.etag, file.media_type, file.caching)


def find_changed(files: Sequence[PageFile], held: dict[str, Held]) -> list[PageFile]:
    """Files that the bucket lacks, or has otherwise, in the order in which they came."""
    return [file for file in files if held.get(file.key) != hold(file)]


def digest_page(held: dict[str, Held]) -> str:
    """A name for what a bucket holds: 16 hexadecimals."""
    lines = [f"{key}\n{each}\n" for key, each in sorted(held.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
