"""`empty_bucket`: every version of every object, and every mark that one was deleted.

And before that: where a bucket is, and how much is in it.
"""

from typing import Any

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.errors import NotRemovable


def find_region(s3: Any, bucket: str, owner: str) -> str | None:
    """Where a bucket is, from wherever it's asked; None where there is no such bucket.

    Args:
        owner: the account that it must be in.

    Raises NotRemovable where that can't be told, or the bucket is somebody else's.
    """
    try:
        found = s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=owner)
    except ClientError as error:
        code = read_code(error)
        if code in {"NoSuchBucket", "404"}:
            return None
        raise NotRemovable(
            f"S3 does not say where {bucket} is ({code}), or it is not of the account {owner}: it "
            "can't be told whether a stack uses it, and it stays."
        ) from None
    headers = found["ResponseMetadata"]["HTTPHeaders"]
    region: str | None = found.get("BucketRegion") or headers.get("x-amz-bucket-region")
    if not region:
        raise NotRemovable(
            f"S3 does not say in which region {bucket} is: it can't be told whether a stack uses "
            "it, and it stays."
        )
    return region


def count_objects(s3: Any, bucket: str, at_most: int) -> int | None:
    """How many versions and marks a bucket has; `at_most` for that many and more.

    None where there is no such bucket.
    """
    count = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            count += len(page.get("Versions", ())) + len(page.get("DeleteMarkers", ()))
            if count >= at_most:
                return at_most
    except ClientError as error:
        if read_code(error) not in {"NoSuchBucket", "404"}:
            raise
        return None
    return count


def empty_bucket(s3: Any, bucket: str) -> int:
    """Returns how many went. Raises NotRemovable for what would not, and what boto3 raises."""
    count = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        if not objects:
            continue
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        if errors := answer.get("Errors"):
            raise NotRemovable(
                f"S3 does not remove {errors[0]['Key']} from {bucket}: {errors[0]['Message']}"
            )
        count += len(objects)
    return count
