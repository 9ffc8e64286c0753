"""The ways that a request reaches the API: over HTTP, or as an event."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import httpx2

from tests.contract.gateway import STAGE, make_event, read_answer, read_binary_types
from tests.contract.messages import Answer, Request

_PROCESS: Final = Path(__file__).with_name("lambda_process.py")


class Transport(Protocol):
    root: str
    """What its answers have before each of their own paths."""

    def send(self, request: Request) -> Answer: ...


class Http:
    """A server that runs, and HTTP that is real."""

    root = ""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def send(self, request: Request) -> Answer:
        response = self._client.request(
            request.method, request.path, headers=dict(request.headers), content=request.body
        )
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.content)


class Events:
    """The function, and the events that API Gateway makes of requests."""

    root = f"/{STAGE}"

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._binary_types = read_binary_types()

    def invoke(self, event: Any) -> dict[str, Any]:
        """The answer to any event at all."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the function's process ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def send(self, request: Request) -> Answer:
        answer = self.invoke(make_event(request, self._binary_types))
        return read_answer(request, answer, self._binary_types)


@contextmanager
def start_function(environment: Mapping[str, str], log: Path) -> Iterator[Events]:
    """Run the function in a process of its own; what it prints is kept in a file."""
    process = subprocess.Popen(
        [sys.executable, str(_PROCESS), str(log)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Events(process)
    finally:
        process.kill()
        process.communicate()
