"""docker-compose.yml: what it promises, and that it runs."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import yaml

from api import settings
from tests.container.conftest import PROJECT, read_default_base
from tests.container.container import AS_WE_ADVISE
from tests.server_process import PATIENCE
from tests.stack.conftest import find_free_port

FILE: Final = PROJECT / "docker-compose.yml"


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    (described,) = yaml.safe_load(FILE.read_text())["services"].values()
    assert isinstance(described, dict)
    return described


def test_the_container_can_do_as_little_as_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "user"} & set(service)


def test_the_tests_run_the_container_as_it_says(service: dict[str, Any]) -> None:
    options = dict(zip(AS_WE_ADVISE[1::2], AS_WE_ADVISE[2::2], strict=True))
    assert AS_WE_ADVISE[0] == "--read-only"
    assert options["--memory"] == options["--memory-swap"] == service["mem_limit"]
    assert service["memswap_limit"] == service["mem_limit"]
    assert int(options["--pids-limit"]) == service["pids_limit"]
    assert [options["--tmpfs"]] == service["tmpfs"]


def test_it_is_published_on_this_machine_alone_unless_told(service: dict[str, Any]) -> None:
    (port,) = service["ports"]
    assert port == "${INKLING_ADDRESS:-127.0.0.1}:${INKLING_PORT:-8000}:8000"


def test_its_base_is_the_dockerfile_s(service: dict[str, Any]) -> None:
    assert service["build"]["args"]["BASE_IMAGE"] == f"${{BASE_IMAGE:-{read_default_base()}}}"


def test_its_settings_are_those_that_the_server_reads(service: dict[str, Any]) -> None:
    known = {value for name, value in vars(settings).items() if name.endswith("_VARIABLE")}
    assert set(service["environment"]) <= known
    for name, value in service["environment"].items():
        assert value == f"${{{name}:-}}"


def test_it_names_no_index_s_address() -> None:
    for path in (FILE, PROJECT / "Dockerfile"):
        assert re.findall(r"https?://(?!127\.0\.0\.1)", path.read_text()) == []


def find_compose() -> list[str]:
    """Compose's command, in whichever form this machine has it."""
    if shutil.which("docker") is None:
        pytest.skip("docker is missing: docker-compose.yml was not run")
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if plugin.returncode == 0:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    pytest.skip("neither docker compose nor docker-compose is there: the file was not run")


class Project:
    """The file, run under a name and a port of its own."""

    def __init__(self, folder: Path, base_image: str) -> None:
        self.port = find_free_port()
        name = f"inkling-test-{self.port}"
        self._command = [*find_compose(), "--project-name", name, "--file", str(folder / FILE.name)]
        self._environment = {
            **os.environ,
            "BASE_IMAGE": base_image,
            "INKLING_PORT": str(self.port),
            "INKLING_RETENTION_DAYS": "7",
        }

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            cwd=PROJECT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def project(image: str, base_image: str) -> Iterator[Project]:
    del image  # built already, so that what Compose builds comes out of the engine's cache
    project = Project(PROJECT, base_image)
    try:
        yield project
    finally:
        project.run("down", "--volumes")


@pytest.mark.docker
@pytest.mark.slow
def test_it_comes_up_keeps_what_it_is_sent_and_goes_down(project: Project) -> None:
    project.run("up", "--build", "--detach")
    with httpx2.Client(base_url=f"http://127.0.0.1:{project.port}", timeout=PATIENCE) as client:
        wait_until_it_answers(client)
        picture = (PROJECT / "frontend/examples/7.jpg").read_bytes()
        answer = client.post("/api/recognitions", content=picture).json()
        assert (answer["digit"], answer["stored"]) == (7, True)
        project.run("down")
        project.run("up", "--detach")
        wait_until_it_answers(client)
        assert client.get(f"/api/recognitions/{answer['id']}").json()["digit"] == 7


def wait_until_it_answers(client: httpx2.Client) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            client.get("/api/health").raise_for_status()
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        else:
            return
