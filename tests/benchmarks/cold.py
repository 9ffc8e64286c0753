"""Cold starts: from a process's start to its first answer, which must be right.

Files come from memory, as a first round has read them; Lambda's fetching of a package isn't in it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks import figures
from tests.benchmarks.answers import WrongAnswer, check_body, check_response
from tests.benchmarks.cloud import serve_cloud
from tests.benchmarks.comparators import KERAS, Built, Program
from tests.benchmarks.emulator import start_under_emulator
from tests.benchmarks.events import GREY, Event, announce_upload, make_events
from tests.benchmarks.pictures import draw_grey
from tests.benchmarks.processes import start_once, write_events
from tests.benchmarks.rounds import Turn, take_turns
from tests.benchmarks.samples import Series

SLOW_EVERY = 5
"""Rounds from one of Keras's turns to the next: one start takes as long as ten of the others."""

Sections = tuple[str, str, str, str]
API_SECTIONS: Sections = (
    figures.API_SPAWN,
    figures.API_READY,
    figures.API_PROCESSOR,
    figures.API_EMULATOR,
)
PREDICTOR_SECTIONS: Sections = (
    figures.PREDICTOR_SPAWN,
    figures.PREDICTOR_READY,
    figures.PREDICTOR_PROCESSOR,
    figures.PREDICTOR_EMULATOR,
)

Check = Callable[[str, Any], None]


def time_apis(built: Built, programs: list[Program], rounds: int) -> list[Series]:
    event = make_events()[GREY]
    return time_starts(
        built,
        programs,
        event,
        check_response,
        rounds,
        sections=API_SECTIONS,
    )


def time_predictors(built: Built, rounds: int) -> list[Series]:
    with serve_cloud(draw_grey().content) as cloud:

        def check(program: str, answer: Any) -> None:
            if answer != {"batchItemFailures": []} or not cloud.records:
                raise WrongAnswer(
                    f"{program} answered {answer}, after {len(cloud.records)} records"
                )
            check_body(program, cloud.results[-1])
            cloud.results.clear()
            cloud.records.clear()

        return time_starts(
            built,
            built.list_predictors(cloud.account),
            announce_upload(),
            check,
            rounds,
            sections=PREDICTOR_SECTIONS,
        )


def time_starts(
    built: Built,
    programs: list[Program],
    event: Event,
    check: Check,
    rounds: int,
    *,
    sections: Sections,
) -> list[Series]:
    """Milliseconds of each program, in turns: by spawn, until it's imported, of the processor, and
    under the emulator.

    Args:
        check: raises WrongAnswer; it's called after each start.
        sections: the names of the four.
    """
    events = write_events(built.folder, "cold", {GREY: event})
    spawn, ready, processor, emulator = sections
    turns: dict[str, Turn] = {}
    beside: dict[tuple[str, str], list[float]] = {}

    def start(program: Program) -> float:
        started = start_once(program, events, GREY)
        check(program.name, started.answer)
        beside.setdefault((ready, program.name), []).append(started.ready * 1e3)
        beside.setdefault((processor, program.name), []).append(started.processor * 1e3)
        return started.seconds * 1e3

    def emulate(program: Program) -> float:
        log = built.folder / "emulator.log"
        answer, seconds = start_under_emulator(program, built.runtime, event, log)
        check(program.name, answer)
        return seconds * 1e3

    for program in programs:
        every = SLOW_EVERY if program.name == KERAS else 1
        turns[f"{spawn}/{program.name}"] = Turn(partial(start, program), every)
        turns[f"{emulator}/{program.name}"] = Turn(partial(emulate, program), every)
    taken = take_turns(turns, rounds)
    return [
        *(Series(spawn, each.name, taken[f"{spawn}/{each.name}"]) for each in programs),
        *(Series(*key, tuple(samples[1:])) for key, samples in beside.items()),
        *(Series(emulator, each.name, taken[f"{emulator}/{each.name}"]) for each in programs),
    ]
