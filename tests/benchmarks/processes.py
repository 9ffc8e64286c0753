"""Programs in processes of their own: one that answers once, and one that stays."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from tests.benchmarks.comparators import PROGRAMS, Program
from tests.benchmarks.events import Event

WORKER: Final = PROGRAMS / "worker.py"


class ProgramDied(Exception):
    """A program ended without an answer; the text is what it wrote on standard error."""


@dataclass(frozen=True, slots=True)
class Start:
    """One process, from its spawn to its first answer."""

    answer: Any
    ready: float
    """Seconds until the function was imported."""
    seconds: float
    processor: float
    """Seconds that it took of the processors until its end, which comes at once."""


def start_once(program: Program, events: Path, event: str) -> Start:
    """Spawn a process for one answer. Raises ProgramDied."""
    command = [str(program.python), str(WORKER), program.handler, str(events), "once", event]
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=program.folders[0],
        env=program.make_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    ready = time.perf_counter() - started
    line = process.stdout.readline()
    seconds = time.perf_counter() - started
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0 or not line:
        raise ProgramDied(f"{program.name}: {errors}")
    return Start(json.loads(line), ready, seconds, usage.ru_utime + usage.ru_stime)


class Worker:
    """A program that stays, and answers events as often as it's told to."""

    def __init__(self, program: Program, events: Path) -> None:
        self._program = program
        command = [str(program.python), str(WORKER), program.handler, str(events), "serve"]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - for as long as the process
        self._process = subprocess.Popen(
            command,
            cwd=program.folders[0],
            env=program.make_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._read()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def call(self, event: str, calls: int = 1) -> tuple[list[float], Any]:
        """The seconds of each call, and the last answer. Raises ProgramDied."""
        found = self._ask({"event": event, "calls": calls})
        return found["seconds"], found["answer"]

    def find_peak(self) -> int:
        """The most memory that it has held, in bytes."""
        return int(self._ask({}))

    def _ask(self, order: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            errors = self._errors.read().decode(errors="replace")
            raise ProgramDied(f"{self._program.name} ended: {errors}")
        return json.loads(line)


def write_events(folder: Path, name: str, events: Mapping[str, Event]) -> Path:
    """A file of events, for programs to read."""
    file = folder / "events" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(events), encoding="utf-8")
    return file
