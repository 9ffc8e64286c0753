"""sam, the package that it builds, and the same API twice: in Lambda's container and on its own."""

import json
import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

PROJECT: Final = Path(__file__).parents[2]
STACK_PYTHON: Final = PROJECT / ".venv-stack/bin/python"
SAM: Final = (str(STACK_PYTHON), "-m", "samcli")
CFN_LINT: Final = (str(STACK_PYTHON), str(STACK_PYTHON.with_name("cfn-lint")))
HOST_ARCHITECTURE: Final = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"

LAMBDA_PYTHON: Final = subprocess.run(
    ["sh", "lambda_package/python-version.sh"],
    cwd=PROJECT,
    capture_output=True,
    text=True,
    check=True,
).stdout.strip()
"""The version of the Python that the functions run on."""

START_SECONDS: Final = 180
"""sam builds an image of its own, with the runtime's emulator in it, before its first start."""


TEMPLATE: Final = PROJECT / "template.yaml"

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def documents(stack_environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The template as it is written, and as SAM expands it for CloudFormation."""
    return expand(TEMPLATE, stack_environment)


@pytest.fixture(scope="session")
def written(documents: dict[str, dict[str, Any]]) -> Resources:
    resources: Resources = documents["template"]["Resources"]
    return resources


@pytest.fixture(scope="session")
def expanded(documents: dict[str, dict[str, Any]]) -> Resources:
    resources: Resources = documents["expanded"]["Resources"]
    return resources


@pytest.fixture(scope="session")
def package(build_folder: Path) -> Path:
    """The API function's folder, as Lambda mounts it."""
    return build_folder / "ApiFunction"


def make_build(folder: Path, environment: dict[str, str], *settings: str) -> None:
    """`make build` into a folder."""
    built = subprocess.run(
        ["make", "build", f"BUILD_FOLDER={folder}", *settings],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr


def expand(template: Path, environment: dict[str, str]) -> dict[str, dict[str, Any]]:
    """A template as it is written, and as SAM expands it for CloudFormation."""
    printed = subprocess.run(
        [str(STACK_PYTHON), str(PROJECT / "tests/stack/expand.py"), str(template)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    both: dict[str, dict[str, Any]] = json.loads(printed)
    return both


def run_tool(*command: str, environment: dict[str, str]) -> None:
    result = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="session")
def lambda_api(
    build_folder: Path,
    stack_environment: dict[str, str],
    invoke_options: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx2.Client]:
    """`sam local start-api`: API Gateway's ways, and the function in Lambda's container."""
    folder = tmp_path_factory.mktemp("lambda")
    port = find_free_port()
    command = [
        *(*SAM, "local", "start-api", "--template", str(build_folder / "template.yaml")),
        *("--port", str(port), "--config-file", str(PROJECT / "samconfig.toml"), *invoke_options),
    ]
    # A folder of its own for temporary files: a sam that is killed leaves a lock there, for which
    # the next one would wait for ever.
    environment = {**stack_environment, "TMPDIR": str(folder)}
    with remove_containers(folder), serve(command, port, folder, environment) as client:
        yield client


@pytest.fixture(scope="session")
def local_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """What `make run` starts."""
    folder = tmp_path_factory.mktemp("local")
    port = find_free_port()
    server = str(PROJECT / "functions/local_server.py")
    command = [sys.executable, server, "--port", str(port), "--data", str(folder / "data")]
    with serve(command, port, folder, dict(os.environ)) as client:
        yield client


@contextmanager
def serve(
    command: list[str], port: int, folder: Path, environment: dict[str, str]
) -> Iterator[httpx2.Client]:
    """Run a server until it is done with; its output is kept in the folder's `log`."""
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_for(client, process, log)
            yield client
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(client: httpx2.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended: {log.read_text()}"
        try:
            client.get("/api/health").raise_for_status()
        except httpx2.TransportError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer in {START_SECONDS} s: {log.read_text()}")


@contextmanager
def remove_containers(folder: Path) -> Iterator[None]:
    """Remove what sam left running, by the names in its log: it does so itself unless killed."""
    yield
    for container in re.findall(r"SAM_CONTAINER_ID: (\w+)", (folder / "log").read_text()):
        ask_docker("rm", "--force", container)


def find_free_port(host: str = "127.0.0.1") -> int:
    with socket.create_server((host, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def ask_docker(*arguments: str) -> str:
    return subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, check=False
    ).stdout.strip()
