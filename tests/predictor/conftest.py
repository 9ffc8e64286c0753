"""The stack's bucket, queue and table in a cloud of their own, and the predictor beside them."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from storage.dynamodb import DynamoRecords
from storage.results import name_result
from tests.predictor.lambda_service import Predictor, Queue, start_predictor
from tests.predictor.wire import Wire, stretch_wire
from tests.stack.cloud import Cloud, start_cloud


@dataclass
class Way:
    """From a bucket to a result, with everything on it."""

    cloud: Cloud
    wire: Wire
    queue: Queue
    predictor: Predictor
    folder: str
    """Of the bucket of uploads, for one test alone."""
    deleted: bool = False
    """Whether somebody deleted what was in it."""

    def drop(self, name: str, image: bytes) -> str:
        """Put an image into the bucket, as an operator does, and return its version."""
        key = self.folder + name
        response = self.cloud.connect("s3").put_object(
            Bucket=self.cloud.uploads, Key=key, Body=image
        )
        return str(response["VersionId"])

    def drop_quietly(self, name: str, image: bytes) -> dict[str, Any]:
        """Drop an image, and take its event out of the queue: it's what is returned."""
        self.drop(name, image)
        messages = self.queue.receive()
        self.queue.finish(messages, {"batchItemFailures": []})
        (message,) = messages
        event: dict[str, Any] = json.loads(message["body"])
        return event

    def read_result(self, name: str) -> dict[str, Any] | None:
        """The result of what was dropped under a name."""
        s3 = self.cloud.connect("s3")
        try:
            found = s3.get_object(Bucket=self.cloud.results, Key=name_result(self.folder + name))
        except s3.exceptions.NoSuchKey:
            return None
        result: dict[str, Any] = json.loads(found["Body"].read())
        return result

    def list_results(self) -> list[str]:
        """The keys of all results of this test."""
        listed = self.cloud.connect("s3").list_objects_v2(
            Bucket=self.cloud.results, Prefix=f"results/{self.folder}"
        )
        return [each["Key"] for each in listed.get("Contents", [])]

    def list_items(self) -> list[dict[str, Any]]:
        """The records of this test, as the table has them."""
        table = self.cloud.connect("dynamodb").get_paginator("scan")
        return [
            item
            for page in table.paginate(TableName=self.cloud.table)
            for item in page["Items"]
            if item.get("upload_key", {}).get("S", "").startswith(self.folder)
        ]


@pytest.fixture(scope="package")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture(scope="package")
def wire(cloud: Cloud) -> Iterator[Wire]:
    with stretch_wire(cloud.endpoint) as wire:
        yield wire


def make_environment(cloud: Cloud, wire: Wire, **variables: str) -> dict[str, str]:
    """What the predictor finds: its names, and a cloud at the other end of the wire."""
    own = {"AWS_ENDPOINT_URL": wire.url, "OPENBLAS_NUM_THREADS": "1", **variables}
    return {"PATH": os.environ["PATH"], **cloud.account, **cloud.names, **own}


@pytest.fixture(scope="package")
def predictor(
    cloud: Cloud, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Predictor]:
    log = tmp_path_factory.mktemp("predictor") / "log"
    with start_predictor(make_environment(cloud, wire), log) as predictor:
        yield predictor


@pytest.fixture
def way(cloud: Cloud, wire: Wire, predictor: Predictor) -> Way:
    queue = Queue(cloud)
    queue.drain()
    wire.reset()
    return Way(cloud, wire, queue, predictor, f"scans/{secrets.token_hex(4)}/")


@pytest.fixture
def records(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> DynamoRecords:
    """The table, as the API has it."""
    for name, value in cloud.account.items():
        monkeypatch.setenv(name, value)
    return DynamoRecords(cloud.table)
