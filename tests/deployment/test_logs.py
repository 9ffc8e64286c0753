"""`make logs` as a process, against moto."""

import json
import signal
import time

import pytest

from tests.deployment.desk import Desk, create_stack, find_physical_ids

pytestmark = pytest.mark.slow


def write(desk: Desk, group: str, *messages: str, ago: float = 0.0) -> None:
    logs = desk.cloud.connect("logs")
    stream = f"stream-{time.time_ns()}"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int((time.time() - ago) * 1000)
    events = [{"timestamp": now + i, "message": text} for i, text in enumerate(messages)]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def test_lines_of_all_functions_are_told_in_the_order_of_time(desk: Desk, stack: str) -> None:
    create_stack(desk.cloud, stack)
    made = find_physical_ids(desk.cloud, stack)
    write(desk, made["ApiFunctionLogs"], "second", ago=10)
    write(desk, made["PredictorLogs"], json.dumps({"message": "first"}), ago=20)
    write(desk, made["ApiFunctionLogs"], "an hour old", ago=3600)
    status, out, err = desk.run("logs", "--stack", stack)
    assert (status, err) == (0, "")
    assert [line.split()[2:] for line in out.splitlines()] == [
        ["predictor", "first"],
        ["api", "second"],
    ]
    assert len(desk.run("logs", "--stack", stack, "--since", "2h")[1].splitlines()) == 3
    assert "second" not in desk.run("logs", "--stack", stack, "--function", "Pre")[1]
    found = desk.run("logs", "--stack", stack, "--find", "second", "--json")
    assert found[1] == "second\n"


def test_new_lines_are_followed_each_once_until_ctrl_c(desk: Desk, stack: str) -> None:
    create_stack(desk.cloud, stack)
    group = find_physical_ids(desk.cloud, stack)["ApiFunctionLogs"]
    write(desk, group, "one", ago=5)
    command = desk.start("logs", "--stack", stack, "--follow", "--poll", "0.2")
    assert command.stdout is not None
    assert command.stdout.readline().endswith("one\n")
    write(desk, group, "two")
    assert command.stdout.readline().endswith("two\n")
    time.sleep(1)
    command.send_signal(signal.SIGINT)
    rest, err = command.communicate(timeout=60)
    assert (rest, err.strip(), command.returncode) == ("", "", 130)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--function", "nothing"], "FUNCTION= is one of api, predictor."),
        (["--since", "yesterday"], "'yesterday' is no time like 90s, 10m"),
    ],
)
def test_what_cant_be_read_is_told(
    desk: Desk, stack: str, options: list[str], sentence: str
) -> None:
    create_stack(desk.cloud, stack)
    status, out, err = desk.run("logs", "--stack", stack, *options)
    assert (status != 0, out) == (True, "")
    assert sentence in err


def test_silence_is_told_apart_from_lines(desk: Desk, stack: str) -> None:
    create_stack(desk.cloud, stack)
    assert desk.run("logs", "--stack", stack) == (0, "", "No lines in that time.\n")
