"""`open_setting`: the state machine as it is deployed, on moto's buckets and real functions."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.backlog.engine.execution import Machine, read_definition
from tests.backlog.engine.functions import Function, start_function
from tests.stack.cloud import REGION, Cloud
from tests.stack.conftest import PROJECT

DEFINITION: Final = PROJECT / "statemachines/backlog.asl.json"
ARN: Final = f"arn:aws:states:{REGION}:123456789012:stateMachine:inkling-backlog"
PREDICTOR: Final = "predictor"
SUMMARY: Final = "summary"

PATIENCE: Final = 0.01
"""Retries wait for so much of the time that they would."""


@dataclass(frozen=True)
class Setting:
    cloud: Cloud
    machine: Machine
    predictor: Function
    s3: Any

    def drop(self, key: str, image: bytes) -> None:
        self.s3.put_object(Bucket=self.cloud.uploads, Key=key, Body=image)

    def stop_events(self) -> None:
        """Have the bucket tell nobody of what comes, as if it came before anybody listened."""
        self.s3.put_bucket_notification_configuration(
            Bucket=self.cloud.uploads, NotificationConfiguration={}
        )

    def list_keys(self, prefix: str) -> list[str]:
        """The keys in the bucket of results."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.cloud.results, Prefix=prefix
        )
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def read(self, key: str) -> bytes:
        body: bytes = self.s3.get_object(Bucket=self.cloud.results, Key=key)["Body"].read()
        return body

    def scan_records(self) -> list[dict[str, Any]]:
        """Every item of the table, as DynamoDB has it."""
        pages = self.cloud.connect("dynamodb").get_paginator("scan")
        return [
            item for page in pages.paginate(TableName=self.cloud.table) for item in page["Items"]
        ]


def substitute(cloud: Cloud, **values: str) -> dict[str, str]:
    """What the template puts in the definition's places."""
    return {
        "Partition": "aws",
        "Predictor": PREDICTOR,
        "Summary": SUMMARY,
        "UploadsBucket": cloud.uploads,
        "ResultsBucket": cloud.results,
        "Concurrency": "2",
        "BatchSize": "5",
        "ToleratedPercentage": "5",
        **values,
    }


@contextmanager
def open_setting(cloud: Cloud, folder: Path, **values: str) -> Iterator[Setting]:
    """A machine with its functions; what they print is kept in a folder.

    Args:
        values: of the template's parameters, as text.
    """
    substitutions = substitute(cloud, **values)
    environment = {
        "PATH": os.environ["PATH"],
        "OPENBLAS_NUM_THREADS": "1",
        **cloud.account,
        **cloud.names,
    }
    most = int(substitutions["Concurrency"])
    with ExitStack() as stack:
        predictor, summary = (
            stack.enter_context(
                start_function(f"predictor.{module}", environment, folder / module, number)
            )
            for module, number in (("handler", most), ("summary", 1))
        )
        machine = Machine(
            ARN,
            read_definition(DEFINITION, substitutions),
            {PREDICTOR: predictor, SUMMARY: summary},
            cloud.connect("s3"),
            PATIENCE,
        )
        yield Setting(cloud, machine, predictor, cloud.connect("s3"))
