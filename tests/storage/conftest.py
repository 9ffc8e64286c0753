"""Every implementation of a store, each made new; the contract's tests run once for each."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recognition.result import Outcome
from storage.dynamodb import DynamoRecords
from storage.folder import FolderImages
from storage.ids import created_at, new_id
from storage.records import (
    RETENTION,
    Images,
    PendingUpload,
    RecognitionRecord,
    Record,
    Records,
    RefusedUpload,
    UploadedObject,
    new_pending,
    new_refusal,
)
from storage.s3 import S3Images
from storage.sqlite import SqliteRecords

REGION = "eu-central-1"


@pytest.fixture(scope="package")
def aws() -> Iterator[Any]:
    """boto3, which reaches an AWS of its own in this process: empty, and without permissions."""
    import boto3
    from moto import mock_aws

    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            environment.delenv(name)
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        with mock_aws():
            yield boto3


@pytest.fixture(scope="package")
def dynamodb(aws: Any) -> Any:
    """A client that the tests share: each takes 10 ms to make."""
    return aws.client("dynamodb")


@pytest.fixture(scope="package")
def s3(aws: Any) -> Any:
    return aws.client("s3")


@pytest.fixture
def table(dynamodb: Any) -> str:
    """A new table for `DynamoRecords`, as template.yaml has it."""
    name = f"records-{secrets.token_hex(4)}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "day", "AttributeType": "S"},
            {"AttributeName": "id", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "day", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
    )
    return name


@pytest.fixture
def bucket(s3: Any) -> str:
    """A new bucket."""
    name = f"images-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name


@pytest.fixture(params=["sqlite", "dynamodb"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    if request.param == "sqlite":
        with closing(SqliteRecords(tmp_path / "records.sqlite")) as store:
            yield store
    else:
        yield DynamoRecords(request.getfixturevalue("table"))


@pytest.fixture(params=["folder", "s3"])
def images(request: pytest.FixtureRequest, tmp_path: Path) -> Images:
    if request.param == "folder":
        return FolderImages(tmp_path / "images")
    return S3Images(request.getfixturevalue("bucket"))


def make_record(
    digit: int | None = 7,
    outcome: Outcome = Outcome.DIGIT,
    *,
    moment: datetime | None = None,
    expires_in: timedelta = RETENTION,
) -> RecognitionRecord:
    """A record of a moment (now), which expires so long from now."""
    record_id = new_id(moment)
    scores = tuple(0.91 if i == digit else 0.01 for i in range(10))
    return RecognitionRecord(
        id=record_id,
        created_at=created_at(record_id),
        outcome=outcome,
        digit=digit,
        confidence=max(scores),
        scores=scores,
        model="0123456789ab",
        image_key=f"{record_id}.png",
        strangeness=0.25,
        expires_at=datetime.now(UTC).replace(microsecond=0) + expires_in,
    )


def name_image(record: Record) -> str:
    """The key of a record's image, which is in `Images`."""
    assert isinstance(record, RecognitionRecord)
    assert record.image_key is not None
    return record.image_key


def make_expired_record() -> RecognitionRecord:
    return make_record(expires_in=timedelta(0))


def make_uploaded_record(
    version: str | None = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY",
) -> RecognitionRecord:
    """A record whose image is in the bucket of uploads, under a key that is not easy to keep."""
    upload = UploadedObject("scans/Zähler 4+5%41/👩🏽‍🔬 \u0001'\".png", version)
    return replace(make_record(), image_key=None, upload=upload)


def make_refusal(moment: datetime | None = None) -> RefusedUpload:
    record_id = new_id(moment)
    return new_refusal(
        "corrupt-image", record_id=record_id, upload=UploadedObject(f"uploads/{record_id}", "v1")
    )


def make_pending(moment: datetime | None = None) -> PendingUpload:
    return new_pending(new_id(moment))
