"""`Cloud`: DynamoDB and S3 behind real HTTP, in a process of their own, with the stack deployed.

moto's server stands for AWS. It deploys what of the template it knows: table, bucket and roles. It
models no throttling, no permission and no expiry.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import httpx2
import pytest

from tests.stack.conftest import PROJECT, find_free_port

REGION: Final = "eu-west-1"
_START_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Cloud:
    endpoint: str
    table: str
    bucket: str

    @property
    def account(self) -> dict[str, str]:
        """Variables by which AWS's own library finds this cloud."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def names(self) -> dict[str, str]:
        """Variables by which the function finds its stores."""
        return {"INKLING_RECORDS_TABLE": self.table, "INKLING_IMAGES_BUCKET": self.bucket}

    def connect(self, service: str) -> Any:
        return connect(self.endpoint, service)

    def read_item(self, record_id: str) -> dict[str, Any] | None:
        """A record as the table has it."""
        items = self.connect("dynamodb").scan(TableName=self.table)["Items"]
        return next((item for item in items if item["id"]["S"] == record_id), None)

    def list_images(self) -> dict[str, bytes]:
        """Every image in the bucket, by its key."""
        s3 = self.connect("s3")
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        return {key: s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}


def connect(endpoint: str, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@contextmanager
def start_cloud(folder: Path, host: str = "127.0.0.1") -> Iterator[Cloud]:
    """Start an empty cloud at an address, with the template in it; its log is kept in a folder."""
    port = find_free_port(host)
    endpoint = f"http://{host}:{port}"
    with (folder / "cloud.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)],
            stdout=log,
            stderr=log,
            env={"PATH": os.environ["PATH"]},
        )
    try:
        _wait_for(endpoint, process)
        yield _deploy(endpoint)
    finally:
        process.kill()
        process.wait()


def _wait_for(endpoint: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "moto's server ended"
        try:
            httpx2.get(f"{endpoint}/moto-api/")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"moto's server did not start in {_START_SECONDS} s")


def _deploy(endpoint: str) -> Cloud:
    cloudformation = connect(endpoint, "cloudformation")
    cloudformation.create_stack(
        StackName="inkling",
        TemplateBody=(PROJECT / "template.yaml").read_text(encoding="utf-8"),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    (stack,) = cloudformation.describe_stacks(StackName="inkling")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack.get("StackStatusReason")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return Cloud(endpoint, table=outputs["RecordsTable"], bucket=outputs["ImagesBucket"])
