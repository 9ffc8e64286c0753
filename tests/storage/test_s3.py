"""What a bucket's objects are beyond the contract: of a type, and nobody's but their owner's."""

from typing import Any

import pytest

from storage.errors import StorageUnavailable
from storage.s3 import S3Images


@pytest.mark.parametrize(
    ("key", "media_type"),
    [
        ("one.png", "image/png"),
        ("one.jpeg", "image/jpeg"),
        ("one.webp", "image/webp"),
        ("one.gif", "image/gif"),
        ("one.bmp", "image/bmp"),
        ("one.html", "application/octet-stream"),
        ("one.svg", "application/octet-stream"),
        ("png", "application/octet-stream"),
        ("folder.png/one", "application/octet-stream"),
    ],
)
def test_an_object_has_its_image_s_type_and_no_other(
    aws: Any, bucket: str, key: str, media_type: str
) -> None:
    S3Images(bucket).put(key, b"<script>")
    assert aws.client("s3").get_object(Bucket=bucket, Key=key)["ContentType"] == media_type


def test_an_object_is_granted_to_its_owner_alone(aws: Any, bucket: str) -> None:
    S3Images(bucket).put("one.png", b"drawing")
    grants = aws.client("s3").get_object_acl(Bucket=bucket, Key="one.png")["Grants"]
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [
        ("CanonicalUser", "FULL_CONTROL")
    ]


def test_an_image_of_four_mebibytes_is_kept(bucket: str) -> None:
    images, image = S3Images(bucket), bytes(range(256)) * (4 << 12)
    images.put("large.png", image)
    assert images.get("large.png") == image


def test_a_bucket_that_is_not_there_is_unavailable(aws: Any) -> None:
    with pytest.raises(StorageUnavailable, match="The bucket nowhere can't be used: NoSuchBucket"):
        S3Images("nowhere").get("one.png")
