"""What sam needs, and what it builds: for the tests of the stack, and of the contract in Docker.

A plugin, so that the package is built once for them all.
"""

import ipaddress
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.stack.conftest import (
    LAMBDA_PYTHON,
    PROJECT,
    STACK_PYTHON,
    ask_docker,
    find_free_port,
    make_build,
)

IMAGE_VARIABLE: Final = "SAM_LOCAL_INVOKE_IMAGE"


@pytest.fixture(scope="session")
def stack_environment() -> dict[str, str]:
    """Variables for sam: it asks for a region even where it calls nobody."""
    if not STACK_PYTHON.exists():
        pytest.skip("sam is missing: make test puts it into .venv-stack")
    return {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-west-1"}


@pytest.fixture(scope="session")
def lambda_python() -> Path:
    """The Python that the Lambda runs, which makes the package's bytecode."""
    found = subprocess.run(
        ["sh", "requirements/find-python.sh", LAMBDA_PYTHON],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        pytest.skip(f"Python {LAMBDA_PYTHON} is missing: the package can't be built without it")
    return Path(found.stdout.strip())


@pytest.fixture(scope="session")
def build_folder(
    stack_environment: dict[str, str],
    lambda_python: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What `make build` makes: a template with its functions, for this machine's processor."""
    del lambda_python
    folder = tmp_path_factory.mktemp("build")
    make_build(folder, stack_environment)
    return folder


@pytest.fixture(scope="session")
def invoke_options(stack_environment: dict[str, str]) -> list[str]:
    """What `sam local` needs to run on this machine's engine and image.

    Once `SAM_LOCAL_INVOKE_IMAGE` names an image, whatever is missing is a failure.
    """
    del stack_environment
    image = os.environ.get(IMAGE_VARIABLE)
    give_up = pytest.fail if image else pytest.skip
    if shutil.which("docker") is None:
        give_up("docker is missing: the Lambda was not run")
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode != 0:
        give_up("no Docker engine answers: the Lambda was not run")
    if image:
        if not ask_docker("image", "ls", "--quiet", image):
            pytest.fail(f"{IMAGE_VARIABLE} names {image}, and there is no such image")
        return ["--invoke-image", image, "--skip-pull-image"]
    official = f"reference=*/lambda/python:{LAMBDA_PYTHON}*"
    if not ask_docker("image", "ls", "--quiet", "--filter", official):
        pytest.skip(
            f"Lambda's image for Python {LAMBDA_PYTHON} is missing: `make local` fetches it once, "
            f"or {IMAGE_VARIABLE} names another"
        )
    return []


@pytest.fixture(scope="session")
def docker_address(invoke_options: list[str]) -> str:
    """Where a container finds what listens on this machine: the gateway of Docker's network.

    An engine in a virtual machine has it there, and not here.
    """
    del invoke_options
    (network,) = json.loads(ask_docker("network", "inspect", "bridge"))
    (range_,) = [each for each in network["IPAM"]["Config"] if "." in each["Subnet"]]
    first = next(ipaddress.ip_network(range_["Subnet"]).hosts())  # unless it's told to be another
    address = str(range_.get("Gateway", first))
    try:
        find_free_port(address)
    except OSError:
        pytest.skip(f"Docker's network is not of this machine ({address}): no store to reach")
    return address
