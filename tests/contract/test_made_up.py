"""Schemathesis finds nothing: what the API answers is what its description says, to anything."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tests.contract.conftest import SETTINGS
from tests.contract.keys import KEY
from tests.stack.conftest import PROJECT, find_free_port, serve

pytestmark = pytest.mark.slow

THOROUGH: Final = bool(os.environ.get("INKLING_THOROUGH"))
CASES: Final = 10_000 if THOROUGH else 300
EXAMPLES: Final = 900 if THOROUGH else 10
"""Of each operation in each phase; some phases need fewer."""

CONFIGURATION: Final = PROJECT / "tests/contract/made_up/schemathesis.toml"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server of its own: what is sent to it stays."""
    port = find_free_port()
    program = str(PROJECT / "functions/local_server.py")
    command = [sys.executable, program, "--port", str(port), "--data", str(tmp_path / "data")]
    with serve([*command, "--rate", "0"], port, tmp_path, {**os.environ, **SETTINGS}) as client:
        yield str(client.base_url).rstrip("/")


def test_no_made_up_request_is_answered_otherwise_than_described(
    address: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    command += ["run", f"{address}/openapi.json", "--header", f"X-API-Key: {KEY}"]
    # All checks are on unless the configuration says otherwise; `--checks all` would overrule it.
    command += ["--max-examples", str(EXAMPLES), "--no-color"]
    command += ["--continue-on-failure"]
    path = f"{PROJECT}{os.pathsep}{PROJECT / 'functions'}"
    found = subprocess.run(
        command,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "SCHEMATHESIS_HOOKS": "tests.contract.made_up.hooks",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    print("\n".join(found.stdout.splitlines()[-25:]))
    assert found.returncode == 0, found.stdout + found.stderr
    generated = re.search(r"([\d,]+) generated", found.stdout)
    assert generated is not None, found.stdout
    assert int(generated[1].replace(",", "")) >= CASES
    assert httpx2.get(f"{address}/api/health").status_code == 200
