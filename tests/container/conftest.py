"""The image, built as `make container` builds it."""

import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.container.container import Container, ask, docker, running

PROJECT: Final = Path(__file__).parents[2]
BASE_VARIABLE: Final = "INKLING_BASE_IMAGE"
PULL_SECONDS: Final = 120

WITHOUT_BYTECODE: Final = """
FROM {}
RUN find / -xdev -name __pycache__ -prune -exec rm -rf {{}} +
"""
"""As the official image is: in another that has its place, nothing shall run that it has ready."""


@pytest.fixture(scope="session")
def base_image() -> str:
    """A base that is there. Once `INKLING_BASE_IMAGE` names one, what is missing is a failure."""
    named = os.environ.get("INKLING_BASE_IMAGE")
    give_up = pytest.fail if named else pytest.skip
    if shutil.which("docker") is None:
        give_up("docker is missing: the container was not built")
    if ask("info").returncode != 0:
        give_up("no Docker engine answers: the container was not built")
    if named:
        if ask("image", "inspect", named).returncode != 0:
            pytest.fail(f"{BASE_VARIABLE} names {named}, and there is no such image")
        return derive(named)
    official = read_default_base()
    if ask("image", "inspect", official).returncode != 0 and not pull(official):
        pytest.skip(
            f"{official} can't be pulled: the container was not built; "
            f"{BASE_VARIABLE} names another base"
        )
    return official


def read_default_base() -> str:
    (name,) = re.findall(r"^ARG BASE_IMAGE=(\S+)$", (PROJECT / "Dockerfile").read_text(), re.M)
    return str(name)


def pull(image: str) -> bool:
    try:
        pulled = subprocess.run(
            ["docker", "pull", "--quiet", image],
            capture_output=True,
            timeout=PULL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return pulled.returncode == 0


def derive(base: str) -> str:
    tag = "inkling-test-base"
    built = subprocess.run(
        ["docker", "build", "--quiet", "--tag", tag, "-"],
        input=WITHOUT_BYTECODE.format(base),
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return tag


@pytest.fixture(scope="session")
def image(base_image: str) -> str:
    """The image's tag. Its layers stay with the engine, so that the next run is quick."""
    tag = "inkling-test"
    built = subprocess.run(
        ["make", "container", f"IMAGE={tag}", f"BASE_IMAGE={base_image}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return tag


@pytest.fixture(scope="session")
def container(image: str) -> Iterator[Container]:
    """One that runs, for the tests that leave it as it is."""
    with running(image) as container:
        yield container


@pytest.fixture
def volume() -> Iterator[str]:
    """A volume's name: made by the first container that mounts it."""
    name = f"inkling-test-{uuid.uuid4().hex}"
    yield name
    docker("volume", "rm", "--force", name)
