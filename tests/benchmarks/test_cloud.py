"""The stand-in for AWS, asked by AWS's own library."""

import boto3
import pytest

from tests.benchmarks.cloud import RESULTS, serve_cloud
from tests.benchmarks.events import BUCKET


def test_it_takes_what_a_predictor_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_cloud(b"an image") as cloud:
        for name, value in cloud.account.items():
            monkeypatch.setenv(name, value)
        s3, table = boto3.client("s3"), boto3.client("dynamodb")
        found = s3.get_object(Bucket=BUCKET, Key="some/key.png")
        assert found["Body"].read() == b"an image"
        assert s3.head_object(Bucket=BUCKET, Key="some/key.png")["ETag"] == found["ETag"]
        s3.put_object(Bucket=RESULTS, Key="some.json", Body=b"a result")
        table.put_item(TableName="inkling-records", Item={"id": {"S": "one"}})
        assert cloud.results == [b"a result"]
        assert b'"one"' in cloud.records[0]
