"""`Cloud`: DynamoDB and S3 behind real HTTP, in a process of their own, with the stack deployed.

moto's server stands for AWS. It deploys what data goes through and stays in: table, buckets, queues
and the rule between them. It models no throttling, no permission and no expiry.
"""

import json
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
import yaml
from botocore.config import Config

from tests.stack.conftest import PROJECT, find_free_port

REGION: Final = "eu-west-1"
_START_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Cloud:
    endpoint: str
    table: str
    bucket: str
    """For the images that come through the API."""
    uploads: str
    """The bucket that other images come through."""
    results: str
    """The bucket for what is read from those."""
    queue: str
    """The address of the queue of their events."""
    dead_letters: str
    """The address of the queue for the events that failed."""

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
        return {
            "INKLING_RECORDS_TABLE": self.table,
            "INKLING_IMAGES_BUCKET": self.bucket,
            "INKLING_UPLOADS_BUCKET": self.uploads,
            "INKLING_RESULTS_BUCKET": self.results,
            "INKLING_DEAD_LETTERS_URL": self.dead_letters,
        }

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
        # A busy machine takes minutes for a stack, and a second try would find half of it there.
        config=Config(read_timeout=600, retries={"total_max_attempts": 1}),
    )


@contextmanager
def start_cloud(folder: Path, host: str = "127.0.0.1") -> Iterator[Cloud]:
    """Start a cloud at an address, with the template in it; its log is kept in a folder."""
    with start_moto(folder, host) as endpoint:
        yield _deploy(endpoint)


@contextmanager
def start_moto(folder: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """Start an empty cloud, and give its address; its log is kept in a folder."""
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
        yield endpoint
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


_DEPLOYED: Final = {
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::Events::Rule",
}
_OUTPUTS: Final = {
    "table": "RecordsTable",
    "bucket": "ImagesBucket",
    "uploads": "UploadsBucket",
    "results": "ResultsBucket",
    "queue": "QueueUrl",
    "dead_letters": "DeadLettersUrl",
}
"""Fields of `Cloud` to the template's outputs."""


def _deploy(endpoint: str) -> Cloud:
    cloudformation = connect(endpoint, "cloudformation")
    template = read_template()
    template["Resources"] = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] in _DEPLOYED
    }
    template["Outputs"] = {name: template["Outputs"][name] for name in _OUTPUTS.values()}
    del template["Transform"]
    cloudformation.create_stack(StackName="inkling", TemplateBody=json.dumps(template))
    (stack,) = cloudformation.describe_stacks(StackName="inkling")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack.get("StackStatusReason")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    cloud = Cloud(endpoint, **{field: outputs[name] for field, name in _OUTPUTS.items()})
    _set_up(cloud, template["Resources"]["Uploads"]["Properties"])
    return cloud


def _set_up(cloud: Cloud, properties: dict[str, Any]) -> None:
    """Give the bucket of uploads what moto's CloudFormation leaves out."""
    s3 = cloud.connect("s3")
    versioning = properties["VersioningConfiguration"]
    s3.put_bucket_versioning(Bucket=cloud.uploads, VersioningConfiguration=versioning)
    assert properties["NotificationConfiguration"].keys() == {"EventBridgeConfiguration"}
    s3.put_bucket_notification_configuration(
        Bucket=cloud.uploads, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )


def _read_function(loader: Any, name: str, node: Any) -> dict[str, Any]:
    """One of CloudFormation's functions, in its short form: `!Ref Table` is `{"Ref": "Table"}`."""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    else:
        value = loader.construct_sequence(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_LOADER: Final[Any] = type("TemplateLoader", (yaml.SafeLoader,), {})
_LOADER.add_multi_constructor("!", _read_function)


def read_template() -> dict[str, Any]:
    """The template, as JSON would have it."""
    text = (PROJECT / "template.yaml").read_text(encoding="utf-8")
    template: dict[str, Any] = yaml.load(text, _LOADER)
    return template
