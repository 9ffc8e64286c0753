"""The most memory that a function's process holds, after a hundred requests or images."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final

from tests.benchmarks import figures
from tests.benchmarks.answers import WrongAnswer
from tests.benchmarks.cloud import Cloud, serve_cloud
from tests.benchmarks.comparators import INKLING, KERAS, PLAIN, Built, Program
from tests.benchmarks.events import (
    CANVAS,
    GREY,
    PHOTO,
    Event,
    announce_upload,
    keep,
    make_events,
    post_form,
    request,
)
from tests.benchmarks.pictures import Picture, draw_grey, take_photo
from tests.benchmarks.processes import Worker, write_events
from tests.benchmarks.rounds import Turn, take_turns
from tests.benchmarks.samples import Series

JUNK: Final = "no image"
KEPT: Final = "grey PNG, to be kept"
HEALTH: Final = "health"
DOCUMENT: Final = "OpenAPI document"
MIX: Final = {GREY: 40, CANVAS: 20, PHOTO: 15, KEPT: 10, JUNK: 5, HEALTH: 5, DOCUMENT: 5}
"""A hundred requests. Plain and Keras keep nothing."""
STATUSES: Final = {JUNK: (400, 415)}
MEASURED: Final = (INKLING, PLAIN, KERAS)
ROUNDS: Final = 3
"""The memory of a process is nearly the same each time. Keras has one turn, of ten seconds."""
MEGABYTE: Final = 1e6


def measure_memory(built: Built, programs: list[Program], rounds: int) -> list[Series]:
    """Megabytes of the API, beside plain and Keras, and of the predictor."""
    rounds = min(rounds, ROUNDS)
    with serve_cloud(draw_grey().content) as cloud:
        account = {**cloud.account, "INKLING_IMAGES_BUCKET": "inkling-images"}
        turns = {}
        for program in programs:
            if program.name in MEASURED:
                every = ROUNDS if program.name == KERAS else 1
                placed = replace(program, environment={**program.environment, **account})
                turns[program.name] = Turn(partial(find_peak, built, placed), every)
        apis = take_turns(turns, rounds)
        (ours,) = [each for each in built.list_predictors(cloud.account) if each.name == INKLING]
        predictors = take_turns(
            {INKLING: Turn(partial(find_predictors_peak, built, ours, cloud))}, rounds
        )
    return [
        *(Series(figures.API_MEMORY, name, samples) for name, samples in apis.items()),
        *(Series(figures.PREDICTOR_MEMORY, name, samples) for name, samples in predictors.items()),
    ]


def find_peak(built: Built, program: Program) -> float:
    events = write_events(built.folder, f"memory-{program.name}", make_mix(program.json_path))
    with Worker(program, events) as worker:
        for name in shuffle_mix():
            _, answer = worker.call(name)
            if answer["statusCode"] not in STATUSES.get(name, (200,)):
                raise WrongAnswer(f"{program.name} answered {name} with {str(answer)[:500]}")
        return worker.find_peak() / MEGABYTE


def find_predictors_peak(built: Built, program: Program, cloud: Cloud) -> float:
    events = write_events(built.folder, "memory-predictor", {GREY: announce_upload()})
    with Worker(program, events) as worker:
        for number in range(100):
            cloud.image = (take_photo() if number % 4 == 0 else draw_grey()).content
            _, answer = worker.call(GREY)
            if answer != {"batchItemFailures": []}:
                raise WrongAnswer(f"{program.name} answered {answer}")
        return worker.find_peak() / MEGABYTE


def make_mix(json_path: str) -> dict[str, Event]:
    return {
        **make_events(json_path),
        KEPT: keep(post_form(draw_grey())),
        JUNK: post_form(Picture(b"This is no image. " * 50, "image/png")),
        HEALTH: request("GET", "/api/health"),
        DOCUMENT: request("GET", "/openapi.json"),
    }


def shuffle_mix() -> Iterator[str]:
    """The same order for everyone."""
    names = [name for name, count in MIX.items() for _ in range(count)]
    Random(7).shuffle(names)
    yield from names
