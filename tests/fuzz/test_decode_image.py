"""A minute of fuzzing finds nothing. What a longer run finds becomes a test of its own."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parents[2]
SECONDS: Final = 60
FROM_A_SMALL_PROCESS: Final = ("sh", "-c", '"$@"; exit $?', "sh")
"""Linux counts the most memory that a process held before `exec` as its own, and libFuzzer's limit
would meet what this one holds after thousands of tests. A shell that forks holds little."""


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("atheris") is None,
    reason="atheris is not installed: it comes for Linux on x86-64 alone",
)
def test_a_minute_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    fuzzing = subprocess.run(
        [
            *FROM_A_SMALL_PROCESS,
            sys.executable,
            "-m",
            "tests.fuzz.decode_image",
            str(tmp_path / "corpus"),
            f"-max_total_time={SECONDS}",
            "-print_final_stats=1",
        ],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'functions'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=5 * SECONDS,
        check=False,
    )
    print(fuzzing.stdout[-1500:])
    assert fuzzing.returncode == 0, fuzzing.stdout[-4000:]
    assert "stat::number_of_executed_units" in fuzzing.stdout
