"""What S3 lets in by a form of ours, by its own rules; and what is removed again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from storage.errors import StorageUnavailable
from storage.ids import new_id
from storage.records import UploadedObject, name_upload
from storage.results import S3Results, name_result
from storage.s3_uploads import S3Uploads
from storage.uploads import FORM_LIFETIME
from tests.storage.conftest import REGION, make_record, make_refusal
from tests.storage.post_policy import Refusal, check_post, read_expiration

SECRET: Final = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
BUCKET: Final = "inkling-uploads"
MAX_BYTES: Final = 1000
Fields = dict[str, str]


@pytest.fixture
def uploads(aws: Any, monkeypatch: pytest.MonkeyPatch) -> S3Uploads:
    """As a function has it: with credentials that are its role's, for some hours."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a token")
    monkeypatch.setattr(aws, "DEFAULT_SESSION", None)
    return S3Uploads(BUCKET, "inkling-results")


def post(fields: Fields, size: int, *, bucket: str = BUCKET, after: float = 0) -> Refusal | None:
    """What S3 would say some seconds from now."""
    now = datetime.now(UTC) + timedelta(seconds=after)
    return check_post(fields, size, bucket=bucket, secret=SECRET, now=now)


def test_a_form_goes_to_the_bucket_in_its_own_region(uploads: S3Uploads) -> None:
    """A browser can't follow S3 from anywhere else to there."""
    form = uploads.make_form(new_id(), "image/png", MAX_BYTES)
    assert form.url == f"https://{BUCKET}.s3.{REGION}.amazonaws.com/"


def test_a_form_lets_one_image_in(uploads: S3Uploads) -> None:
    record_id = new_id()
    form = uploads.make_form(record_id, "image/png", MAX_BYTES)
    assert form.fields["key"] == name_upload(record_id)
    for size in (1, MAX_BYTES):
        assert post(dict(form.fields), size) is None


def change(name: str, value: str | None) -> Callable[[Fields], Fields]:
    def changed(fields: Fields) -> Fields:
        others = {key: each for key, each in fields.items() if key != name}
        return others if value is None else {**others, name: value}

    return changed


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        (change("key", "uploads/another"), (403, "AccessDenied")),
        (change("key", None), (403, "AccessDenied")),
        (change("Content-Type", "text/html"), (403, "AccessDenied")),
        (change("Content-Type", None), (403, "AccessDenied")),
        (change("acl", "public-read"), (403, "AccessDenied")),
        (change("x-amz-meta-name", "zebra"), (403, "AccessDenied")),
        (change("success_action_redirect", "https://evil.example"), (403, "AccessDenied")),
        (change("x-amz-security-token", "another"), (403, "AccessDenied")),
        (change("policy", None), (403, "AccessDenied")),
        (change("policy", "e30="), (403, "SignatureDoesNotMatch")),
        (change("x-amz-signature", "0" * 64), (403, "SignatureDoesNotMatch")),
        (change("x-amz-signature", None), (403, "SignatureDoesNotMatch")),
    ],
)
def test_a_form_that_was_changed_lets_nothing_in(
    uploads: S3Uploads, changed: Callable[[Fields], Fields], refusal: Refusal
) -> None:
    form = uploads.make_form(new_id(), "image/png", MAX_BYTES)
    assert post(changed(dict(form.fields)), 100) == refusal


@pytest.mark.parametrize(
    ("size", "refusal"),
    [(0, (400, "EntityTooSmall")), (MAX_BYTES + 1, (400, "EntityTooLarge"))],
)
def test_an_image_of_another_size_is_refused(
    uploads: S3Uploads, size: int, refusal: Refusal
) -> None:
    form = uploads.make_form(new_id(), "image/png", MAX_BYTES)
    assert post(dict(form.fields), size) == refusal


def test_a_form_is_for_one_bucket(uploads: S3Uploads) -> None:
    form = uploads.make_form(new_id(), "image/png", MAX_BYTES)
    assert post(dict(form.fields), 100, bucket="another") == (403, "AccessDenied")


def test_a_form_expires_when_it_says_so(uploads: S3Uploads) -> None:
    form = uploads.make_form(new_id(), "image/png", MAX_BYTES)
    seconds = FORM_LIFETIME.total_seconds()
    assert post(dict(form.fields), 100, after=seconds - 60) is None
    assert post(dict(form.fields), 100, after=seconds + 60) == (403, "AccessDenied")
    assert timedelta(0) <= read_expiration(form.fields) - form.expires_at < timedelta(seconds=2)


def test_without_credentials_there_is_no_form(
    uploads: S3Uploads, aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StorageUnavailable, match="The bucket inkling-uploads can't be used"):
        uploads.make_form(new_id(), "image/png", MAX_BYTES)


# Reading and removing, in buckets as template.yaml has them


@pytest.fixture
def buckets(aws: Any, bucket: str) -> tuple[str, str]:
    s3 = aws.client("s3")
    results = f"{bucket}-results"
    s3.create_bucket(Bucket=results, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket, results


def list_left(aws: Any, bucket: str) -> list[tuple[str, str]]:
    """Key and version of all that is left, marks of removal included."""
    page = aws.client("s3").list_object_versions(Bucket=bucket)
    found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [(each["Key"], each["VersionId"]) for each in found]


def put(aws: Any, bucket: str, key: str, image: bytes = b"scan") -> UploadedObject:
    response = aws.client("s3").put_object(Bucket=bucket, Key=key, Body=image)
    return UploadedObject(key, response["VersionId"])


def test_each_version_is_read_for_itself(aws: Any, buckets: tuple[str, str]) -> None:
    uploads, versions = S3Uploads(*buckets), [b"one", b"two"]
    put_ones = [put(aws, buckets[0], "scans/ä.png", image) for image in versions]
    assert [uploads.read(each) for each in put_ones] == versions
    assert uploads.read(replace(put_ones[0], key="scans/a.png")) is None


def test_a_dropped_image_goes_with_its_result_and_nothing_else_does(
    aws: Any, buckets: tuple[str, str]
) -> None:
    bucket, results = buckets
    old, new, other = (put(aws, bucket, f"scans/{name}") for name in ("a", "a", "a.png"))
    record = replace(make_record(), image_key=None, upload=new)
    S3Results(results).publish(record, lambda: True)
    uploads = S3Uploads(*buckets)
    uploads.remove(replace(make_record(), image_key=None, upload=old))
    assert {version for _, version in list_left(aws, bucket)} == {new.version, other.version}
    listed = aws.client("s3").list_objects_v2(Bucket=results)["Contents"]
    assert [each["Key"] for each in listed] == [name_result("scans/a")]  # it's the other's
    uploads.remove(record)
    uploads.remove(record)
    assert list_left(aws, bucket) == [("scans/a.png", other.version)]
    assert aws.client("s3").list_objects_v2(Bucket=results)["KeyCount"] == 0


def test_whatever_one_form_let_in_goes_together(aws: Any, buckets: tuple[str, str]) -> None:
    bucket, results = buckets
    refusal = make_refusal()
    key = name_upload(refusal.id)
    sent = [put(aws, bucket, key) for _ in range(3)]
    aws.client("s3").delete_object(Bucket=bucket, Key=key)  # which leaves a mark
    beside = put(aws, bucket, key + "0")
    refusal = replace(refusal, upload=sent[1])
    S3Results(results).publish(refusal, lambda: True)
    S3Uploads(*buckets).remove(refusal)
    assert list_left(aws, bucket) == [(beside.key, beside.version)]
    assert aws.client("s3").list_objects_v2(Bucket=results)["KeyCount"] == 0


def test_what_came_for_a_pending_upload_goes(aws: Any, buckets: tuple[str, str]) -> None:
    bucket, _ = buckets
    record_id = new_id()
    uploads = S3Uploads(*buckets)
    uploads.remove_sent(record_id)
    put(aws, bucket, name_upload(record_id))
    uploads.remove_sent(record_id)
    assert list_left(aws, bucket) == []
