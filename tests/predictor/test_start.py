"""How the predictor starts: with what it needs, and in a fraction of the API's time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"

ENVIRONMENT: Final = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(FUNCTIONS),
    "OPENBLAS_NUM_THREADS": "1",
    "INKLING_RECORDS_TABLE": "records",
    "INKLING_UPLOADS_BUCKET": "uploads",
    "INKLING_RESULTS_BUCKET": "results",
    "INKLING_DEAD_LETTERS_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    "INKLING_IMAGES_BUCKET": "images",
}

WEB: Final = {"fastapi", "starlette", "pydantic", "mangum", "uvicorn", "api", "psutil"}


def run(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def import_and_time(module: str) -> float:
    """Seconds of processor time, of a new process that imports a module."""
    program = f"import {module}, time; print(time.process_time())"
    return float(run(program).splitlines()[-1])


def test_no_web_framework_is_imported_and_boto3_not_before_its_time() -> None:
    program = "import predictor.handler, sys, json; print(json.dumps(list(sys.modules)))"
    modules = {name.partition(".")[0] for name in json.loads(run(program).splitlines()[-1])}
    assert "ai_edge_litert" in modules
    assert not modules & (WEB | {"boto3", "botocore"})


@pytest.mark.parametrize("module", ["predictor.handler", "api.handler"])
def test_what_is_there_after_the_start_is_never_looked_through_for_garbage(module: str) -> None:
    program = (
        f"import {module}, gc, json; print(json.dumps([gc.isenabled(), gc.get_freeze_count()]))"
    )
    is_enabled, frozen = json.loads(run(program).splitlines()[-1])
    assert is_enabled
    assert frozen > 10_000


@pytest.mark.slow
def test_it_starts_in_half_the_time_of_the_apis_whole_application() -> None:
    ours, theirs = (
        min(import_and_time(module) for _ in range(3))
        for module in ("predictor.handler", "api.app")
    )
    assert ours < theirs / 2


def test_a_setting_that_is_missing_is_named() -> None:
    environment = {**ENVIRONMENT, "INKLING_RESULTS_BUCKET": ""}
    result = subprocess.run(
        [sys.executable, "-c", "import predictor.handler"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert result.stderr.endswith("SettingsError: INKLING_RESULTS_BUCKET is missing.\n")
