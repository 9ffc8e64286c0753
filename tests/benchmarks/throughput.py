"""Requests a second of the local servers, under more than they can take.

Each server is held to its processors, and the generator to the others, where there are others: on a
machine of two, "two cores" has the generator on them too. It takes 80 µs of them for a request: one
core of its own could ask for 5,000 and more in a second.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks import figures
from tests.benchmarks.answers import check_body
from tests.benchmarks.comparators import INKLING, KERAS, PLAIN, PROJECT, Built, Program
from tests.benchmarks.emulator import find_free_port
from tests.benchmarks.events import post_form, read_body
from tests.benchmarks.pictures import draw_grey
from tests.benchmarks.processes import ProgramDied
from tests.benchmarks.rounds import Turn, take_turns
from tests.benchmarks.samples import Series

URL = "/api/recognitions?store=false"
CONNECTIONS = 4
SECONDS = 1.0
"""Of load at a time."""
START_SECONDS = 60.0

Cores = frozenset[int]


def count_requests(built: Built, programs: list[Program], rounds: int) -> list[Series]:
    """Requests a second of each server on one core, and on two; every answer is looked at."""
    every_core = sorted(os.sched_getaffinity(0))
    turns: dict[str, Turn] = {}
    names = [program.name for program in programs if program.name in (INKLING, PLAIN, KERAS)]
    with ExitStack() as stack:
        for count, section in ((1, figures.ONE_CORE), (2, figures.TWO_CORES)):
            if count > len(every_core):
                continue
            cores = frozenset(every_core[:count])
            others = frozenset(every_core[count:]) or cores
            for name in names:
                port = stack.enter_context(serve(built, name, cores))
                turns[f"{section}/{name}"] = Turn(partial(count_answers, name, port, others))
        taken = take_turns(turns, rounds)
    return [
        Series(section, program, samples)
        for key, samples in taken.items()
        for section, program in [key.split("/")]
    ]


def list_servers(built: Built) -> dict[str, tuple[list[str], Path]]:
    """Each program's command, without its port, and its folder."""
    uvicorn = [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--no-access-log"]
    ours = [sys.executable, str(PROJECT / "functions/local_server.py"), "--rate", "0"]
    return {
        INKLING: (ours, PROJECT),
        PLAIN: ([*uvicorn, "programs.plain:app"], built.served),
        KERAS: ([*uvicorn, "programs.keras_api:app"], built.served),
    }


@contextmanager
def serve(built: Built, name: str, cores: Cores) -> Iterator[int]:
    """Run a program's server on some cores; gives its port once it answers."""
    command, folder = list_servers(built)[name]
    port = find_free_port()
    with tempfile.TemporaryDirectory() as data:
        if name == INKLING:
            command = [*command, "--data", data]
        log = Path(data, "log")
        with log.open("wb") as output, on_cores(cores):  # a child has its parent's
            process = subprocess.Popen(
                [*command, "--port", str(port)],
                cwd=folder,
                env={"PATH": os.environ["PATH"], "TF_CPP_MIN_LOG_LEVEL": "3"},
                stdout=output,
                stderr=output,
            )
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise ProgramDied(f"A server didn't start: {log.read_text(errors='replace')}")


def count_answers(program: str, port: int, cores: Cores) -> float:
    """Right answers a second. Raises WrongAnswer."""
    with on_cores(cores), ThreadPoolExecutor(CONNECTIONS) as threads:  # threads, too
        started = time.perf_counter()
        asking = [
            threads.submit(ask_until, program, port, started + SECONDS) for _ in range(CONNECTIONS)
        ]
        answers = sum(each.result() for each in asking)
        return answers / (time.perf_counter() - started)


def ask_until(program: str, port: int, end: float) -> int:
    event = post_form(draw_grey())
    body, headers = read_body(event), {"Content-Type": event["headers"]["Content-Type"]}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answers = 0
    with closing(connection):
        while time.perf_counter() < end:
            connection.request("POST", URL, body, headers)
            check_body(program, connection.getresponse().read())
            answers += 1
    return answers


@contextmanager
def on_cores(cores: Cores) -> Iterator[None]:
    """Hold this thread to some cores, and what it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
