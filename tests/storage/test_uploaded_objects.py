"""The bucket of uploads, version by version; and one without versions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.errors import StorageUnavailable
from storage.records import UploadedObject
from storage.uploaded_objects import S3UploadedObjects

KEY = "scans/Ü +%41😀.png"
MAX = 1000


@pytest.fixture
def versioned(aws: Any, bucket: str) -> str:
    aws.client("s3").put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    return bucket


@pytest.fixture
def objects(versioned: str) -> S3UploadedObjects:
    return S3UploadedObjects(versioned)


def put(aws: Any, bucket: str, data: bytes, key: str = KEY) -> Any:
    return aws.client("s3").put_object(Bucket=bucket, Key=key, Body=data)


def test_each_version_is_read(aws: Any, versioned: str, objects: S3UploadedObjects) -> None:
    versions = [put(aws, versioned, data)["VersionId"] for data in (b"first", b"second")]
    for version, data in zip(versions, (b"first", b"second"), strict=True):
        image = objects.read(KEY, version, max_bytes=MAX)
        assert image is not None
        assert (image.upload, image.data) == (UploadedObject(KEY, version), data)
        assert image.size == len(data)
        assert abs(image.modified_at - datetime.now(UTC)) < timedelta(minutes=1)
    newest = objects.read(KEY, max_bytes=MAX)
    assert newest is not None
    assert newest.upload.version == versions[1]


def test_the_current_version_is_the_last_that_came(
    aws: Any, versioned: str, objects: S3UploadedObjects
) -> None:
    put(aws, versioned, b"first")
    first = objects.read(KEY, max_bytes=MAX)
    assert first is not None
    assert objects.is_current(first)
    put(aws, versioned, b"first")  # the same bytes
    assert not objects.is_current(first)
    assert objects.has(first)
    aws.client("s3").delete_object(Bucket=versioned, Key=KEY)
    assert not objects.is_current(first)
    assert objects.has(first)


def test_what_is_gone_is_none(aws: Any, versioned: str, objects: S3UploadedObjects) -> None:
    version = put(aws, versioned, b"first")["VersionId"]
    image = objects.read(KEY, version, max_bytes=MAX)
    assert image is not None
    objects.remove(image.upload)
    assert objects.read(KEY, version, max_bytes=MAX) is None
    assert objects.read(KEY, version, max_bytes=MAX, expected_size=MAX + 1) is None
    assert objects.read(KEY, max_bytes=MAX) is None
    assert objects.read("never", max_bytes=MAX) is None
    assert not objects.has(image)
    objects.remove(image.upload)  # there need not be one


def test_a_mark_of_removal_is_none(aws: Any, versioned: str, objects: S3UploadedObjects) -> None:
    put(aws, versioned, b"first")
    marker = aws.client("s3").delete_object(Bucket=versioned, Key=KEY)["VersionId"]
    assert objects.read(KEY, marker, max_bytes=MAX) is None


@pytest.mark.parametrize("expected", [0, MAX, MAX + 1])
@pytest.mark.parametrize("size", [MAX, MAX + 1, 5 * MAX])
def test_what_is_too_large_comes_without_its_data(
    aws: Any, versioned: str, objects: S3UploadedObjects, size: int, expected: int
) -> None:
    version = put(aws, versioned, bytes(size))["VersionId"]
    image = objects.read(KEY, version, max_bytes=MAX, expected_size=expected)
    assert image is not None
    assert image.size == size
    assert image.data == (bytes(size) if size <= MAX else None)


def test_what_is_empty_is_there(aws: Any, versioned: str, objects: S3UploadedObjects) -> None:
    put(aws, versioned, b"")
    image = objects.read(KEY, max_bytes=MAX)
    assert image is not None
    assert (image.size, image.data) == (0, b"")


def test_without_versions_the_etag_tells(aws: Any, bucket: str) -> None:
    objects = S3UploadedObjects(bucket)
    etag = put(aws, bucket, b"first")["ETag"]
    image = objects.read(KEY, max_bytes=MAX, etag=etag)
    assert image is not None
    assert image.upload.version is None
    assert objects.is_current(image)
    assert objects.has(image)
    put(aws, bucket, b"second")
    assert objects.read(KEY, max_bytes=MAX, etag=etag) is None
    assert objects.read(KEY, max_bytes=MAX, etag=etag, expected_size=MAX + 1) is None
    assert not objects.is_current(image)
    assert not objects.has(image)


def test_all_versions_of_a_key_are_removed_and_no_other_keys(
    aws: Any, versioned: str, objects: S3UploadedObjects
) -> None:
    for key in ("a", "a/b", "ab"):
        for data in (b"first", b"second"):
            put(aws, versioned, data, key)
    aws.client("s3").delete_object(Bucket=versioned, Key="a")
    objects.remove_all("a")
    objects.remove_all("never")
    left = aws.client("s3").list_object_versions(Bucket=versioned)
    assert [each["Key"] for each in left["Versions"]] == ["a/b"] * 2 + ["ab"] * 2
    assert "DeleteMarkers" not in left


def test_a_bucket_that_is_not_there_is_a_failure(aws: Any) -> None:
    objects = S3UploadedObjects("not-there")
    with pytest.raises(StorageUnavailable, match="NoSuchBucket"):
        objects.read(KEY, max_bytes=MAX)
