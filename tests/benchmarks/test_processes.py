"""Real processes, of functions that do next to nothing."""

import sys
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.comparators import Program
from tests.benchmarks.events import Event
from tests.benchmarks.processes import ProgramDied, Worker, start_once, write_events

HANDLER = """
print("a line of the log")
def handler(event, context):
    if event["a"] == "fault":
        raise RuntimeError("no such thing")
    return {"heard": event["a"]}
"""
EVENTS: Final[dict[str, Event]] = {"one": {"a": 1}, "two": {"a": "fault"}}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    (tmp_path / "app.py").write_text(HANDLER)
    return Program("some program", "app.handler", (tmp_path,), Path(sys.executable))


@pytest.fixture
def events(tmp_path: Path) -> Path:
    return write_events(tmp_path, "some", EVENTS)


def test_a_start_is_timed_to_its_answer(program: Program, events: Path) -> None:
    start = start_once(program, events, "one")
    assert start.answer == {"heard": 1}
    assert 0 < start.ready <= start.seconds < 10
    assert 0 < start.processor < 10


def test_a_program_that_dies_is_told_with_its_last_words(program: Program, events: Path) -> None:
    with pytest.raises(ProgramDied, match=r"some program: (?s:.*)no such thing"):
        start_once(program, events, "two")
    with Worker(program, events) as worker, pytest.raises(ProgramDied, match="no such thing"):
        worker.call("two")


def test_a_worker_times_each_call_and_knows_its_peak(program: Program, events: Path) -> None:
    with Worker(program, events) as worker:
        seconds, answer = worker.call("one", 3)
        assert len(seconds) == 3
        assert answer == {"heard": 1}
        assert 1e6 < worker.find_peak() < 1e9


def test_nobody_keeps_bytecode(program: Program, events: Path) -> None:
    start_once(program, events, "one")
    assert not list(program.folders[0].rglob("*.pyc"))
