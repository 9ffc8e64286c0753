"""What is left in the API's cold start: the time of its imports, by package."""

import re
import subprocess
from collections import defaultdict
from statistics import median
from typing import Final

from tests.benchmarks.comparators import INKLING, Built
from tests.benchmarks.events import GREY, make_events
from tests.benchmarks.processes import WORKER, write_events

LINE: Final = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)$", re.MULTILINE)
"""As `-X importtime` writes them: microseconds of a module alone, with its imports, its name."""
SMALLEST: Final = 1.0
"""Milliseconds, below which a package is among the rest."""


def profile_imports(built: Built, rounds: int) -> dict[str, float]:
    """Milliseconds of each package's own code in a start with one answer, the median of some. The
    stopwatch itself makes all of them longer."""
    (program,) = built.list_apis([INKLING])
    events = write_events(built.folder, "imports", {GREY: make_events()[GREY]})
    command = [str(program.python), "-X", "importtime", str(WORKER), program.handler, str(events)]
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        done = subprocess.run(
            [*command, "once", GREY],
            cwd=program.folders[0],
            env=program.make_environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        for package, milliseconds in add_up(done.stderr, list_packages(built)).items():
            taken[package].append(milliseconds)
    return {package: median(times) for package, times in taken.items()}


def list_packages(built: Built) -> set[str]:
    """The names that the function's package brings."""
    return {path.name.partition(".")[0] for path in built.package.iterdir()}


def add_up(text: str, packages: set[str]) -> dict[str, float]:
    """Milliseconds of each package, out of what `-X importtime` wrote."""
    found: dict[str, float] = defaultdict(float)
    for microseconds, module in LINE.findall(text):
        package = module.partition(".")[0]
        name = package if package in packages else f"{package} (Python's own)"
        found[name] += int(microseconds) / 1e3
    return dict(found)


def draw_profile(profile: dict[str, float]) -> str:
    """Markdown: the packages, the slowest first."""
    total = sum(profile.values())
    large = {name: taken for name, taken in profile.items() if taken >= SMALLEST}
    rows = sorted(large.items(), key=lambda row: -row[1])
    rows += [("the rest", total - sum(large.values())), ("all imports", total)]
    lines = ["| imported at the API's cold start | ms | share |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {taken:.1f} | {taken / total:.0%} |" for name, taken in rows]
    return "\n".join(lines)
