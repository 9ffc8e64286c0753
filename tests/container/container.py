"""The local server in a container, as `docker run` starts it."""

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx2

PATIENCE: Final = 180
"""Seconds for a container to start on a busy machine."""

AS_WE_ADVISE: Final = (
    *("--read-only", "--tmpfs", "/tmp:size=16m,noexec,nosuid,nodev"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"),
    *("--memory", "640m", "--memory-swap", "640m", "--pids-limit", "64"),
)
"""What docker-compose.yml asks for, and a test holds to it."""


class Container:
    """A container that was started, whatever has become of it since."""

    def __init__(self, image: str, *options: str, arguments: tuple[str, ...] = ()) -> None:
        self.name = docker(
            *("run", "--detach", "--publish", "127.0.0.1::8000"),
            *("--health-interval", "2s", "--health-timeout", "30s"),  # not to wait, nor to hurry
            *(*AS_WE_ADVISE, *options, image, *arguments),
        )

    @property
    def url(self) -> str:
        """Another one after each start."""
        return f"http://{docker('port', self.name, '8000/tcp').splitlines()[0]}"

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(docker("inspect", "-f", "{{json .State}}", self.name))
        return state

    @property
    def log(self) -> str:
        return docker("logs", self.name)

    def wait_until(self, health: str) -> None:
        """Wait for a word of the health check's. Raises AssertionError."""
        deadline = time.monotonic() + PATIENCE
        while (now := self.state)["Health"]["Status"] != health:
            assert now["Running"], self.log
            assert time.monotonic() < deadline, (now["Health"], self.log)
            time.sleep(0.5)

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=PATIENCE)

    def execute(self, *command: str, user: str = "") -> subprocess.CompletedProcess[str]:
        options = ("--user", user) if user else ()
        return ask("exec", *options, self.name, *command)

    def remove(self) -> None:
        docker("rm", "--force", "--volumes", self.name)


@contextlib.contextmanager
def running(image: str, *options: str, arguments: tuple[str, ...] = ()) -> Iterator[Container]:
    """A container that is healthy, and gone afterwards with the volumes that have no name."""
    container = Container(image, *options, arguments=arguments)
    try:
        container.wait_until("healthy")
        yield container
    finally:
        container.remove()


def docker(*arguments: str) -> str:
    """What a command says, standard error first. Raises AssertionError where it fails."""
    result = ask(*arguments)
    assert result.returncode == 0, result.stderr
    return (result.stderr + result.stdout).strip()


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
