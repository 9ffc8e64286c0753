"""`return_freed_memory`; what it is worth is measured at a running server."""

import platform
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from recognition.freed_memory import return_freed_memory
from tests.conftest import DrawDigit

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"

COUNT_FAULTS: Final = """
import resource, sys
from recognition.freed_memory import return_freed_memory
from recognition.recognizer import Recognizer

return_freed_memory()
recognizer, drawing = Recognizer.load(), sys.stdin.buffer.read()
counts = []
for _ in range(30):
    recognizer.recognize(drawing)
    counts.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
print(counts[-1] - counts[-11])
"""


def test_glibc_can_be_told_and_any_other_is_left_as_it_is() -> None:
    assert return_freed_memory() is (platform.libc_ver()[0] == "glibc")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_a_drawing_has_the_last_ones_memory(draw_digit: DrawDigit) -> None:
    """Whatever is asked of the system anew is cleared by it first, page by page."""
    printed = subprocess.run(
        [sys.executable, "-c", COUNT_FAULTS],
        cwd=FUNCTIONS,
        input=draw_digit(4),
        capture_output=True,
        check=True,
    ).stdout
    assert int(printed) < 100  # in ten drawings: each would take a hundred and more
