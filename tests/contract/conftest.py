"""The transports, started once each, and the table of what each of them answered."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.keys import DIGEST
from tests.contract.reporting import Report
from tests.contract.transports import Events, Http, Transport, start_function
from tests.stack.cloud import Cloud, start_cloud
from tests.stack.conftest import (
    PROJECT,
    SAM,
    expand,
    find_free_port,
    remove_containers,
    serve,
)

REPORT: Final = pytest.StashKey[Report]()

SETTINGS: Final = {"INKLING_API_KEY_SHA256": DIGEST}
"""What every transport has in its environment, besides the names of the stores."""


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    return request.config.stash.setdefault(REPORT, Report())


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transport]:
    """What `make run` starts, over HTTP."""
    folder = tmp_path_factory.mktemp("server")
    port = find_free_port()
    program = str(PROJECT / "functions/local_server.py")
    command = [sys.executable, program, "--port", str(port), "--data", str(folder / "data")]
    command += ["--rate", "0"]
    with serve(command, port, folder, {**os.environ, **SETTINGS}) as client:
        client.headers["Accept-Encoding"] = "identity"  # in the cloud it's the edge that compresses
        yield Http(client)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def function(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Events]:
    """The Lambda's handler, by events."""
    environment = {**os.environ, **SETTINGS, **cloud.account, **cloud.names}
    log = tmp_path_factory.mktemp("function") / "log"
    with start_function(environment, log) as events:
        yield events


@pytest.fixture(scope="session")
def container(
    build_folder: Path,
    stack_environment: dict[str, str],
    invoke_options: list[str],
    docker_address: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Transport]:
    """`sam local start-api`: the package, in Lambda's container, behind sam's gateway."""
    folder = tmp_path_factory.mktemp("container")
    with start_cloud(folder, docker_address) as cloud:
        template = build_folder / "contract.json"
        template.write_text(json.dumps(_connect(build_folder, stack_environment, cloud)))
        port = find_free_port()
        command = [
            *(*SAM, "local", "start-api", "--template", str(template), "--port", str(port)),
            *("--warm-containers", "EAGER", *invoke_options),
        ]
        # A folder of its own for temporary files: see tests/stack.
        environment = {**stack_environment, **cloud.account, "TMPDIR": str(folder)}
        with remove_containers(folder), serve(command, port, folder, environment) as client:
            yield Http(client)


def _connect(build_folder: Path, environment: dict[str, str], cloud: Cloud) -> dict[str, Any]:
    """The built template, with the stores' names and address in it: sam adds no variables."""
    template = expand(build_folder / "template.yaml", environment)["template"]
    function = template["Resources"]["ApiFunction"]["Properties"]
    function["Environment"]["Variables"] |= {**SETTINGS, **cloud.names, **cloud.account}
    return template


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(REPORT, Report()).write_table():
        terminalreporter.write_line(line)
