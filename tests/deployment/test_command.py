"""The commands without what they need: what they say, and that they do nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deployment.__main__ import STEPS
from tests.stack.conftest import PROJECT

NO_ACCESS = [
    ({"AWS_REGION": "eu-west-1"}, "AWS knows no credentials of yours here: .*"),
    ({"AWS_PROFILE": "nobody"}, r".*\(nobody\) could not be found. Set AWS_PROFILE .*"),
]


def run(*options: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    own = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run(
        [sys.executable, "-m", "deployment", *options],
        cwd=PROJECT,
        env={**own, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", STEPS)
@pytest.mark.parametrize(("variables", "sentence"), NO_ACCESS, ids=["no credentials", "no profile"])
def test_without_access_it_says_what_it_would_do_and_what_is_missing(
    command: str, variables: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    result = run(command, folder=tmp_path, **variables)
    assert result.returncode == 1
    assert re.fullmatch(sentence + "\n", result.stderr), result.stderr
    assert result.stdout.startswith(f"With access to AWS, make {command} would:\n  1. ask AWS who")
    assert len(result.stdout.splitlines()) == 1 + len(STEPS[command])


@pytest.mark.slow
def test_no_way_to_aws_is_told_without_a_traceback(tmp_path: Path) -> None:
    account = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"}
    options = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    result = run("status", folder=tmp_path, **account, **options)
    assert result.returncode == 1
    assert result.stderr.startswith("AWS could not be asked: Could not connect ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["deploy", "STACK=mine", "CONFIRM=no"], ['--stack "mine"', '--confirm "no"']),
        (["deploy", "PARAMETERS=A=b C=d"], ["--parameters 'A=b C=d'"]),
        (["deploy", "ARCHITECTURE=x86_64"], ["--parameters 'Architecture=x86_64'"]),
        (["deploy"], ["--parameters ''"]),
        (["destroy", "STACK=mine", "CONFIRM=mine"], ['--stack "mine"', '--confirm "mine"']),
        (["status"], ["-m deployment status"]),
        (["logs", "SINCE=2h", "FUNCTION=api", "FOLLOW=1"], ['--since "2h"', "--follow"]),
    ],
)
def test_make_hands_on_what_is_asked_for(command: list[str], words: list[str]) -> None:
    # What the environment says of this machine's processor is not meant for the cloud.
    environment = {**os.environ, "ARCHITECTURE": "arm64"}
    plan = subprocess.run(
        ["make", "--dry-run", *command],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for word in words:
        assert word in plan
