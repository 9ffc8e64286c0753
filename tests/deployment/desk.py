"""Where an operator sits: the command as a process, and a small stack in moto's cloud.

The stack is of plain CloudFormation, of which moto makes all: it knows nothing of SAM's resources.
Its outputs have the names of the template's.
"""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tests.stack.cloud import Cloud
from tests.stack.conftest import PROJECT


def _take_interrupts() -> None:
    """A shell's background job ignores Ctrl-C, and hands that on to whatever it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Desk:
    cloud: Cloud
    environment: dict[str, str]
    python: str = sys.executable

    def start(self, *options: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        """Start the command, with nobody there to be asked, if not by a terminal."""
        return subprocess.Popen(
            [self.python, "-m", "deployment", *options],
            preexec_fn=_take_interrupts,  # noqa: PLW1509 - it takes no lock that a thread may hold
            cwd=PROJECT,
            env=self.environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *options: str) -> tuple[int, str, str]:
        """The command's status, and what it wrote."""
        process = self.start(*options)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def type(self, answers: str, *options: str) -> tuple[int, str, str]:
        """The same, at a terminal, with what is typed there."""
        keyboard, terminal = pty.openpty()
        try:
            os.write(keyboard, answers.encode())
            process = self.start(*options, stdin=terminal)
            out, err = process.communicate(timeout=300)
        finally:
            os.close(keyboard)
            os.close(terminal)
        return process.returncode, out, err

    def move(self, region: str) -> "Desk":
        """The same, in a shell whose region is another."""
        regions = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
        return replace(self, environment={**self.environment, **regions})

    def at(self, endpoint: str) -> "Desk":
        """The same, with another way to the cloud."""
        return replace(self, environment={**self.environment, "AWS_ENDPOINT_URL": endpoint})


def make_desk(cloud: Cloud, python: str = sys.executable) -> Desk:
    own = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "SAM_CLI_TELEMETRY": "0"}
    return Desk(cloud, {**own, **cloud.account}, python)


KEPT: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}

TEMPLATE: Final[dict[str, Any]] = {
    "Parameters": {"Greeting": {"Type": "String", "Default": "hello"}},
    "Resources": {
        "SiteBucket": {"Type": "AWS::S3::Bucket"},
        "Images": {"Type": "AWS::S3::Bucket", **KEPT},
        "Records": {
            "Type": "AWS::DynamoDB::Table",
            **KEPT,
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
        "DeadLetters": {"Type": "AWS::SQS::Queue"},
        "ApiFunctionLogs": {"Type": "AWS::Logs::LogGroup"},
        "PredictorLogs": {"Type": "AWS::Logs::LogGroup"},
    },
    "Outputs": {
        "SiteBucket": {"Value": {"Ref": "SiteBucket"}},
        "ImagesBucket": {"Value": {"Ref": "Images"}},
        "QueueUrl": {"Value": {"Ref": "Queue"}},
        "DeadLettersUrl": {"Value": {"Ref": "DeadLetters"}},
    },
}


def write_template(**outputs: str) -> str:
    """The small stack's template, with more outputs."""
    more = {name: {"Value": value} for name, value in outputs.items()}
    return json.dumps({**TEMPLATE, "Outputs": {**TEMPLATE["Outputs"], **more}})


def write_build(folder: Path, **outputs: str) -> Path:
    """A folder as `make build` leaves it."""
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(write_template(**outputs))
    return folder


def create_stack(cloud: Cloud, name: str, **outputs: str) -> dict[str, str]:
    """Create the small stack, and return its outputs."""
    cloudformation = cloud.connect("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=write_template(**outputs))
    return read_outputs(cloud, name)


def read_outputs(cloud: Cloud, name: str) -> dict[str, str]:
    (stack,) = cloud.connect("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def find_physical_ids(cloud: Cloud, name: str) -> Mapping[str, str]:
    """What the small stack is made of, by the names in its template."""
    listed = cloud.connect("cloudformation").list_stack_resources(StackName=name)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in listed["StackResourceSummaries"]
    }


def create_distribution(cloud: Cloud, bucket: str) -> str:
    """A distribution that moto knows. It serves nothing, but knows what it was told to forget."""
    origin = {
        "Id": "site",
        "DomainName": f"{bucket}.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    made = cloud.connect("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": bucket,
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
            },
        }
    )
    identifier: str = made["Distribution"]["Id"]
    return identifier


def list_invalidations(cloud: Cloud, distribution: str) -> list[list[str]]:
    """The paths of each, the oldest first."""
    cloudfront = cloud.connect("cloudfront")
    listed = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]
    items = sorted(listed.get("Items", ()), key=lambda each: each["CreateTime"])
    found = [
        cloudfront.get_invalidation(DistributionId=distribution, Id=each["Id"])["Invalidation"]
        for each in items
    ]
    return [each["InvalidationBatch"]["Paths"]["Items"] for each in found]
