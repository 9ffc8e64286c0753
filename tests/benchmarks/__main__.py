"""`make bench`: Inkling beside what people would build instead, measured in turns.

    python -m tests.benchmarks [--only cold warm] [--rounds 15] [--check] [--profile]

Builds the comparators under build/bench, prints one table, and writes build/bench.json.
Needs Linux.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tests.benchmarks import cold, figures, imports, memory, sizes, stages, throughput, warm
from tests.benchmarks.answers import WrongAnswer
from tests.benchmarks.building import BuildFailed, build_all
from tests.benchmarks.comparators import (
    BARE,
    FLOOR,
    INKLING,
    KERAS,
    PLAIN,
    PROJECT,
    Built,
    Program,
)
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.processes import ProgramDied
from tests.benchmarks.report import draw_table, judge, make_report
from tests.benchmarks.samples import Series

EVERYONE: Final = (INKLING, PLAIN, FLOOR, KERAS, BARE)

Part = Callable[[Built, list[Program], int], list[Series]]
PARTS: Final[dict[str, Part]] = {
    "cold": cold.time_apis,
    "predictor": lambda built, programs, rounds: cold.time_predictors(built, rounds),
    "warm": warm.time_requests,
    "stages": lambda built, programs, rounds: stages.time_stages(built, rounds),
    "batches": lambda built, programs, rounds: stages.count_batches(built, rounds),
    "throughput": throughput.count_requests,
    "sizes": lambda built, programs, rounds: sizes.weigh_packages(built),
    "memory": memory.measure_memory,
}
"""What can be asked for, in the order that it's measured."""


def main() -> None:
    arguments = parse_arguments()
    facts = describe_machine()
    started = time.monotonic()
    built = build_all(arguments.folder, tutorial=not {PLAIN, KERAS}.isdisjoint(arguments.programs))
    facts["build_seconds"] = round(time.monotonic() - started, 1)
    say(f"built in {facts['build_seconds']:.0f} s")
    if arguments.profile:
        print(imports.draw_profile(imports.profile_imports(built, arguments.rounds)))
        return
    began = time.monotonic()
    measured = measure(built, arguments.only, arguments.programs, arguments.rounds)
    facts["seconds"] = round(time.monotonic() - began, 1)
    if set(arguments.only) == set(PARTS):
        minutes = (time.monotonic() - started) / 60
        measured.append(Series(figures.BENCH, figures.ALL, (minutes,)))
    print(draw_table(measured))
    parts = sizes.weigh_parts(built.package) if "sizes" in arguments.only else {}
    if parts:
        print(f"\n{sizes.draw_parts(parts)}")
        facts["parts"] = {name: asdict(weight) for name, weight in parts.items()}
    report = make_report(measured, {**facts, "rounds": arguments.rounds})
    write_report(report, arguments.json)
    say(f"measured in {facts['seconds']:.0f} s; every sample is in {arguments.json}")
    missed = [verdict for verdict in judge(measured) if not verdict.met]
    if missed and arguments.check:
        sys.exit("\n".join(f"{verdict.section}: {verdict.words}" for verdict in missed))


def measure(
    built: Built, parts: Iterable[str], programs: Iterable[str], rounds: int
) -> list[Series]:
    measured: list[Series] = []
    apis = built.list_apis(programs)
    for name in parts:
        began = time.monotonic()
        measured += PARTS[name](built, apis, rounds)
        say(f"{name}: {time.monotonic() - began:.0f} s")
    return measured


def write_report(report: dict[str, Any], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=...", description="Time Inkling beside what people build instead."
    )
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure"
    )
    parser.add_argument(
        "--programs", nargs="+", choices=EVERYONE, default=list(EVERYONE), help="which to compare"
    )
    parser.add_argument("--rounds", type=int, default=15, help="turns that each program has")
    parser.add_argument(
        "--profile", action="store_true", help="say what is left in the API's cold start"
    )
    parser.add_argument("--check", action="store_true", help="fail if a figure misses its must")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build/bench", help="to build in")
    parser.add_argument("--json", type=Path, default=PROJECT / "build/bench.json")
    return parser.parse_args()


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except (BuildFailed, ProgramDied, WrongAnswer) as error:
        sys.exit(str(error))
