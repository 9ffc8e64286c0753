"""Warm requests: event in, response out, in processes that have answered before."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

from tests.benchmarks import figures
from tests.benchmarks.answers import check_response
from tests.benchmarks.comparators import BARE, KERAS, Built, Program
from tests.benchmarks.events import CANVAS, GREY, PHOTO, make_events
from tests.benchmarks.processes import Worker, write_events
from tests.benchmarks.rounds import Turn, take_turns
from tests.benchmarks.samples import Series

SECTIONS: Final = {
    GREY: figures.WARM_GREY,
    CANVAS: figures.WARM_CANVAS,
    PHOTO: figures.WARM_PHOTO,
}
CALLS: Final = 10
"""Requests in a row, each timed for itself."""
KERAS_CALLS: Final = 2


def time_requests(built: Built, programs: list[Program], rounds: int) -> list[Series]:
    """Milliseconds of each request."""
    series = []
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        measured = [program for program in programs if program.name != BARE]
        for program in measured:
            events = write_events(
                built.folder, f"warm-{program.name}", make_events(program.json_path)
            )
            worker = stack.enter_context(Worker(program, events))
            calls = KERAS_CALLS if program.name == KERAS else CALLS
            for event in SECTIONS:
                turns[f"{event}/{program.name}"] = Turn(ask(worker, program.name, event, calls))
        taken = take_turns(turns, rounds)
    for event, section in SECTIONS.items():
        series += [Series(section, each.name, taken[f"{event}/{each.name}"]) for each in measured]
    return series


def ask(worker: Worker, program: str, event: str, calls: int) -> Callable[[], list[float]]:
    def measure() -> list[float]:
        seconds, answer = worker.call(event, calls)
        check_response(program, answer)
        return [each * 1e3 for each in seconds]

    return measure
