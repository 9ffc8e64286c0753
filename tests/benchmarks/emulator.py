"""Lambda's runtime interface emulator, which sam brings, without a container around it.

It starts the function's runtime when the first event comes, as Lambda does.
"""

import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.comparators import PROJECT, Program
from tests.benchmarks.events import Event
from tests.benchmarks.processes import ProgramDied

PROCESSOR: Final = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
PATH: Final = "/2015-03-31/functions/function/invocations"
START_SECONDS: Final = 10.0


def find_emulator() -> Path:
    """The program inside sam's package."""
    name = f"aws-lambda-rie-{PROCESSOR}"
    found = list(
        (PROJECT / ".venv-stack").glob(f"lib/python3*/site-packages/samcli/local/rapid/{name}")
    )
    if not found:
        raise FileNotFoundError(f"sam's package has no {name}.")
    return found[0]


def start_under_emulator(
    program: Program, runtime: Path, event: Event, log: Path
) -> tuple[Any, float]:
    """One cold start: the answer, and the seconds from the event on. Raises ProgramDied."""
    with start_emulator(program, runtime, log) as port:
        body = json.dumps(event)
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        seconds = time.perf_counter() - started
        connection.close()
    found = json.loads(answer)
    if isinstance(found, dict) and "errorType" in found:
        raise ProgramDied(f"{program.name}: {found} (see {log})")
    return found, seconds


@contextmanager
def start_emulator(program: Program, runtime: Path, log: Path) -> Iterator[int]:
    """The emulator with a program, which it hasn't started yet. Gives its port."""
    port, api_port = find_free_port(), find_free_port()
    command = [
        str(find_emulator()),
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{api_port}"),
        *(str(program.python), "-m", "awslambdaric", program.handler),
    ]
    environment = {
        **program.make_environment(runtime),
        "LAMBDA_TASK_ROOT": str(program.folders[0]),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "120",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=program.folders[0],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_for(port, process, log)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise ProgramDied(f"The emulator didn't start: {log.read_text(errors='replace')}")


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
