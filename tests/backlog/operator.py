"""The operator's command as a process, and the stack that it finds."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.backlog.engine.server import Service, serve_machine
from tests.backlog.setting import ARN, Setting
from tests.stack.cloud import Cloud
from tests.stack.conftest import PROJECT

STACK: Final = "backlogs"


@dataclass(frozen=True)
class Desk:
    """Where an operator sits: what the command finds there, and the service behind it."""

    setting: Setting
    service: Service
    environment: dict[str, str]

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """Start the command."""
        return subprocess.Popen(
            [sys.executable, "-m", "backlog", "--stack", STACK, "--poll", "0.1", *options],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *options: str) -> tuple[int, str, str]:
        """The command's status, and what it wrote."""
        process = self.start(*options)
        out, err = process.communicate()
        return process.returncode, out, err


def deploy_outputs(cloud: Cloud) -> None:
    """A stack with the outputs that moto's deployment lacks: it makes nothing that is SAM's."""
    outputs = {"BacklogArn": ARN, "UploadsBucket": cloud.uploads, "ResultsBucket": cloud.results}
    template = {
        "Parameters": {"ScansPrefix": {"Type": "String", "Default": "scans/"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    cloudformation = cloud.connect("cloudformation")
    with contextlib.suppress(cloudformation.exceptions.AlreadyExistsException):
        cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(template))


@contextlib.contextmanager
def open_desk(setting: Setting) -> Iterator[Desk]:
    deploy_outputs(setting.cloud)
    with serve_machine(setting.machine) as (address, service):
        own: dict[str, Any] = {"AWS_ENDPOINT_URL_SFN": address, "HOME": "/nonexistent"}
        environment = {"PATH": os.environ["PATH"], **setting.cloud.account, **own}
        yield Desk(setting, service, environment)
