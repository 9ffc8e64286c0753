"""What it costs to read an image: `measure_cost`, in a process of its own.

`python -m tests.recognition.costs` is that process. It reads an image from its standard input.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one image."""

    outcome: str
    """Of the recognition, with the digit if there is one; or the name of the exception."""
    seconds: float
    """Of processor time."""
    mebibytes: float
    """The most that the whole process had resident, the interpreter and the model included."""


def measure_cost(image: bytes) -> Cost:
    """Read an image in a new process, with the model loaded."""
    reading = subprocess.run(
        [sys.executable, "-m", "tests.recognition.costs"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'functions'}"},
        input=image,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return Cost(**json.loads(reading.stdout))


def _read(image: bytes) -> Cost:
    from recognition.recognizer import Recognizer

    recognizer = Recognizer.load()
    started = time.process_time()
    try:
        recognition = recognizer.recognize(image)
    except Exception as error:
        outcome = type(error).__name__
    else:
        digit = "" if recognition.digit is None else f" {recognition.digit}"
        outcome = f"{recognition.outcome}{digit}"
    return Cost(outcome, time.process_time() - started, _peak() / 1024**2)


def _peak() -> int:
    """Bytes. Of Linux's two figures, the one that doesn't start at what the parent had."""
    import resource

    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    print(json.dumps(asdict(_read(sys.stdin.buffer.read()))))
