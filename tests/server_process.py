"""The server on a laptop, as a process."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "functions" / "local_server.py"
PATIENCE = 30


class Process:
    """A server that was started, and the address that it printed."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - a pipe would fill up
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER), "--port", "0", "--data", str(data), *options],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, **environment},
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.url = self.line.rpartition(" ")[2].strip()

    def request(
        self, path: str, body: bytes | None = None, method: str | None = None, key: str = ""
    ) -> bytes:
        headers = {"X-API-Key": key} if key else {}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            content: bytes = response.read()
            return content

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Its exit status, and the rest of what it wrote."""
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE)
        # Not by `communicate`: what came in one piece with its first line would be lost.
        assert self.process.stdout is not None
        out = self.process.stdout.read()
        self._errors.seek(0)
        return self.process.returncode, out, self._errors.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self._errors.close()


@contextlib.contextmanager
def running(data: Path, *options: str, **environment: str) -> Iterator[Process]:
    server = Process(data, *options, **environment)
    try:
        yield server
    finally:
        server.close()
