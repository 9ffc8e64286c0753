"""Every implementation of a store, each made new; the contract's tests run once for each."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recognition.result import Outcome
from storage.dynamodb import DynamoRecords
from storage.folder import FolderImages
from storage.records import RETENTION, Images, RecognitionRecord, Records, created_at, new_id
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


@pytest.fixture
def table(aws: Any) -> str:
    """A new table for `DynamoRecords`, as template.yaml has it."""
    name = f"records-{secrets.token_hex(4)}"
    aws.client("dynamodb").create_table(
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
def bucket(aws: Any) -> str:
    """A new bucket."""
    name = f"images-{secrets.token_hex(4)}"
    aws.client("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
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


def make_expired_record() -> RecognitionRecord:
    return make_record(expires_in=timedelta(0))
