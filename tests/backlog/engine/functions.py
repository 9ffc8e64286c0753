"""`Function`: a Lambda function, as several processes of which each reads one event at a time."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.backlog.engine.errors import StateFailed

_PROCESS: Final = Path(__file__).with_name("function_process.py")


class Function:
    """Grows to as many processes as are asked for at once, up to a number; more are throttled.

    A process that ends is replaced at the next event, as Lambda does it.
    """

    def __init__(
        self, module: str, environment: Mapping[str, str], log: Path, concurrency: int
    ) -> None:
        self._module = module
        self._environment = dict(environment)
        self._log = log
        self._places = threading.BoundedSemaphore(concurrency)
        self._idle: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self.processes: list[subprocess.Popen[str]] = []
        self.invocations = 0
        self.seconds = 0.0
        """Of the handler's own, over all invocations: what Lambda bills, but for the start."""

    def invoke(self, event: Any) -> Any:
        """The answer to an event. Raises StateFailed, with the error's name as Lambda gives it."""
        if not self._places.acquire(blocking=False):
            raise StateFailed("Lambda.TooManyRequestsException", "Rate Exceeded.")
        try:
            return self._invoke(event)
        finally:
            self._places.release()

    def _invoke(self, event: Any) -> Any:
        process = self._take()
        assert process.stdin is not None
        assert process.stdout is not None
        self.invocations += 1
        try:
            process.stdin.write(json.dumps(event) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            process.wait()
            raise StateFailed("Runtime.ExitError", "the process ended before it answered")
        self._idle.put(process)
        answer = json.loads(line)
        self.seconds += answer["seconds"]
        if "error" in answer:
            raise StateFailed(answer["error"]["errorType"], json.dumps(answer["error"]))
        return answer["result"]

    def _take(self) -> "subprocess.Popen[str]":
        while True:
            try:
                process = self._idle.get_nowait()
            except queue.Empty:
                return self._start()
            if process.poll() is None:
                return process

    def _start(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, str(_PROCESS), self._module, str(self._log)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()


@contextmanager
def start_function(
    module: str, environment: Mapping[str, str], log: Path, concurrency: int
) -> Iterator[Function]:
    """A function whose handler is in a module; what it prints is added to a file.

    Args:
        module: from the functions' folder, or the project's.
        concurrency: how many events it reads at once, at most.
    """
    function = Function(module, environment, log, concurrency)
    try:
        yield function
    finally:
        function.close()
