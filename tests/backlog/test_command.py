"""The operator's command as a process: what it does, and what it says when it can't."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.backlog.engine.execution import Execution
from tests.backlog.engine.functions import Function
from tests.backlog.operator import STACK, Desk, open_desk
from tests.backlog.setting import Setting, open_setting
from tests.backlog.test_backlog import archive, make_inventory
from tests.conftest import DrawDigit
from tests.stack.cloud import Cloud
from tests.stack.conftest import PROJECT

pytestmark = pytest.mark.slow

NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")


@pytest.fixture
def desk(cloud: Cloud, tmp_path: Path) -> Iterator[Desk]:
    with open_setting(cloud, tmp_path, BatchSize="2") as setting, open_desk(setting) as desk:
        yield desk


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    return f"scans/{request.node.name}/"


def drop_digits(setting: Setting, prefix: str, draw_digit: DrawDigit, count: int = 10) -> None:
    for i in range(count):
        setting.drop(f"{prefix}{i:02}.png", draw_digit(i % 10))


def test_backlog_is_started_followed_and_summed_up(
    desk: Desk, prefix: str, draw_digit: DrawDigit
) -> None:
    drop_digits(desk.setting, prefix, draw_digit, 4)
    desk.setting.drop(f"{prefix}no image.png", b"no image")
    status, out, err = desk.run("--prefix", prefix)
    assert (status, err) == (0, "")
    name, *told, last = out.splitlines()
    assert NAME.fullmatch(name)
    assert f"{name} is read: 5 images." in told
    assert "          4  digit" in told
    assert "          1  unreadable" in told
    folder = f"s3://{desk.setting.cloud.results}/backlogs/{name}"
    assert f"Results:  {folder}/results.csv" in told
    assert last == f"Failures: {folder}/failures.csv"


def test_backlog_of_an_inventory_is_started(desk: Desk, prefix: str, draw_digit: DrawDigit) -> None:
    drop_digits(desk.setting, prefix, draw_digit, 3)
    key = make_inventory(desk.setting, "command", prefix)
    status, out, err = desk.run("--inventory", key)
    assert (status, err) == (0, "")
    assert "is read: 3 images." in out


def test_backlog_is_stopped_and_resumed_by_its_name(
    desk: Desk, prefix: str, draw_digit: DrawDigit
) -> None:
    drop_digits(desk.setting, prefix, draw_digit, 30)
    command = desk.start("--prefix", prefix)
    assert command.stdout is not None
    name = command.stdout.readline().strip()
    execution = wait_for_results(desk)
    with pause(desk.setting.predictor):  # so that it isn't done before it is stopped
        status, out, err = desk.run("--stop", name)
    assert (status, err) == (0, "")
    assert out == f"{name} is stopped. Go on with it: make backfill RESUME={name}\n"
    rest, errors = command.communicate()
    assert (command.returncode, errors) == (1, "")
    assert rest.splitlines()[-1] == (
        f"{name} was stopped. Go on with it: make backfill RESUME={name}"
    )
    assert execution.status == "ABORTED"
    status, out, err = desk.run("--resume", name)
    assert (status, err) == (0, "")
    assert f"{name} is read: 30 images." in out
    status, out, err = desk.run("--resume", name)
    assert status == 1
    assert err.startswith(f"{name} was read to its end.")
    status, out, err = desk.run("--stop", name)
    assert (status, err) == (1, f"{name} is not running: it is succeeded.\n")


def wait_for_results(desk: Desk) -> Execution:
    """The one execution, once it has read something."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for execution in list(desk.service.executions.values()):
            for run in list(execution.map_runs.values()):
                if any(child.status == "SUCCEEDED" for child in run.children):
                    return execution
        time.sleep(0.01)
    raise AssertionError("nothing was read in a minute")


@contextmanager
def pause(function: Function) -> Iterator[None]:
    """Let none of a function's processes go on meanwhile."""
    processes = list(function.processes)
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    yield
    for process in processes:
        process.send_signal(signal.SIGCONT)


def test_failure_is_told_with_its_reason_and_the_way_on(
    desk: Desk, prefix: str, draw_digit: DrawDigit
) -> None:
    for digit in range(4):
        archive(desk.setting, f"{prefix}{digit}.png", draw_digit(digit))
    status, out, err = desk.run("--prefix", prefix)
    assert (status, err) == (1, "")
    name, *_, last = out.splitlines()
    assert last.startswith(f"{name} failed: States.ExceedToleratedFailureThreshold: ")
    assert last.endswith(f"Go on with it: make backfill RESUME={name}")
    for digit in range(4):
        desk.setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
    assert desk.run("--resume", name)[0] == 0


def test_too_many_failures_of_single_images_are_told_and_read_by_another_backlog(
    desk: Desk, prefix: str, draw_digit: DrawDigit
) -> None:
    for digit in range(4):
        drop = Setting.drop if digit % 2 else archive
        drop(desk.setting, f"{prefix}{digit}.png", draw_digit(digit))
    status, out, err = desk.run("--prefix", prefix)
    assert (status, err) == (1, "")
    name, *_, last = out.splitlines()
    assert last.startswith(f"{name} failed: TooManyFailed: 2 of 4 images could not be read; s3://")
    assert last.endswith("Start one with PREFIX=: what is read already stays as it is.")
    status, out, err = desk.run("--resume", name)
    assert (status, out) == (1, "")
    assert err.startswith(f"{name} was read to its end.")
    for digit in range(4):
        desk.setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
    assert desk.run("--prefix", prefix)[0] == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--prefix", "scans/nobody/"], "No key in the bucket .* begins with scans/nobody/."),
        (["--prefix", "results/"], "results/ is not where images lie: .* scans/ and uploads/."),
        (["--inventory", "inventories/x/manifest.json"], "The bucket .* has no inventories/x/.*"),
        (["--inventory", "x.csv"], "x.csv is no inventory's: .*"),
        (["--resume", "nobody"], f"The stack {STACK} has no backlog called nobody. .*"),
        (["--stop", "nobody"], f"The stack {STACK} has no backlog called nobody. .*"),
        (["--stack", "none", "--prefix", "scans/"], "There is no stack called none in .*"),
        (["--stack", "inkling", "--prefix", "scans/"], "The stack inkling has no BacklogArn: .*"),
        ([], "Say what to read: make backfill PREFIX=scans/2026/, .*"),
        (["--prefix", ""], "Say what to read: make backfill PREFIX=scans/2026/, .*"),
    ],
)
def test_what_cant_be_done_is_said_in_a_sentence(
    desk: Desk, options: list[str], sentence: str
) -> None:
    status, out, err = desk.run(*options)
    assert (status, out) == (1, "")
    assert re.fullmatch(sentence + "\n", err), err
    assert not desk.service.executions


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"AWS_REGION": "eu-west-1"}, "AWS knows no credentials of yours here: .*"),
        ({}, "You must specify a region. Set AWS_PROFILE and AWS_REGION .*"),
        ({"AWS_PROFILE": "nobody"}, r".*\(nobody\) could not be found. Set AWS_PROFILE .*"),
        (
            {
                "AWS_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            },
            "AWS could not be asked: Could not connect .*",
        ),
    ],
    ids=["no credentials", "no region", "no profile", "no way"],
)
def test_without_access_it_says_what_is_missing(
    variables: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    own = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    result = subprocess.run(
        [sys.executable, "-m", "backlog", "--prefix", "scans/"],
        cwd=PROJECT,
        env={**own, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(sentence + "\n", result.stderr), result.stderr


def test_make_hands_on_what_is_asked_for() -> None:
    command = ["make", "--dry-run", "backfill", "PREFIX=scans/a b/", "STACK=mine"]
    plan = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert '--stack "mine"' in plan
    assert '--prefix "scans/a b/"' in plan
    assert "--resume" not in plan
