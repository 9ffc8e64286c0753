"""The alarms that take a new version back: whether they go off in time, and only when they should.

docs/rollback.md walks through it; its times and chances are these.
"""

import io
import json
import math
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.logs import log, write_log_to
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE
from tests.conftest import DrawDigit
from tests.stack.alarms import DELAY_SECONDS, NAMES, Datum, read_alarm, read_resources
from tests.stack.cloud import read_template
from tests.stack.conftest import PROJECT

FUNCTION: Final = NAMES["ApiFunction"]
OLD, NEW = "7", "8"
TAKES_BACK: Final = ["NewVersionErrorsAlarm", "NewVersionFailuresAlarm", "NewVersionSlowAlarm"]

ROLLOUTS: Final = {
    # CodeDeploy's own (its user guide, "Predefined deployment configurations for AWS Lambda"):
    # percent at each step, minutes between two.
    "Canary10Percent10Minutes": (10, 10, 1),
    "Canary10Percent15Minutes": (10, 15, 1),
    "Canary10Percent30Minutes": (10, 30, 1),
    "Linear10PercentEvery1Minute": (10, 1, 9),
    "Linear10PercentEvery2Minutes": (10, 2, 9),
    "Linear10PercentEvery3Minutes": (10, 3, 9),
    "Linear10PercentEvery10Minutes": (10, 10, 9),
}
"""Each to the percent that a step adds, its minutes, and how many steps come before all."""

WORST_SECONDS: Final = 360
"""From a version's first failure to the alarm, where it fails at least once in each minute."""

Behaviour = Callable[[str], tuple[float, bool, int]]
"""By the version, what a request comes to: milliseconds, whether it breaks off, the status."""


def well(version: str) -> tuple[float, bool, int]:
    return 20.0, False, 200


def new_one_breaks_off(version: str) -> tuple[float, bool, int]:
    return (10_000.0, True, 502) if version == NEW else well(version)


def new_one_fails(version: str) -> tuple[float, bool, int]:
    return (20.0, False, 500) if version == NEW else well(version)


def new_one_is_slow(version: str) -> tuple[float, bool, int]:
    return (2_500.0, False, 200) if version == NEW else well(version)


def old_one_breaks_off_and_fails(version: str) -> tuple[float, bool, int]:
    return (10_000.0, True, 500) if version == OLD else well(version)


def measure(
    behave: Behaviour, *, seconds: int, phase: int = 0, every: int = 1, share: int = 10
) -> Iterator[Datum]:
    """What CloudWatch is told of a canary: of each request, by its version.

    Args:
        behave: what the versions do.
        seconds: that the canary takes.
        phase: the second of a minute that it begins at.
        every: seconds from one request to the next.
        share: of so many requests, the new version gets one.
    """
    for number in range(seconds // every):
        second = phase + number * every
        version = NEW if number % share == share - 1 else OLD
        milliseconds, breaks_off, status = behave(version)
        dimensions = {"FunctionName": FUNCTION, "Resource": f"{FUNCTION}:live"}
        of_version = frozenset({**dimensions, "ExecutedVersion": version}.items())
        for own in (of_version, frozenset({"FunctionName": FUNCTION}.items())):
            yield Datum(second, "AWS/Lambda Errors", own, float(breaks_off))
            yield Datum(second, "AWS/Lambda Duration", own, milliseconds)
        if status >= 500 and not breaks_off:
            line = frozenset({("version", version)})
            yield Datum(second, "Inkling/inkling failures", line, 1.0)
        stage = frozenset({("ApiName", "inkling"), ("Stage", "v1")})
        yield Datum(second, "AWS/ApiGateway 5XXError", stage, float(status >= 500))


def find_onsets(data: list[Datum], seconds: int) -> dict[str, int]:
    """When each alarm that takes a version back goes off, of those that do."""
    onsets = {name: read_alarm(name).find_onset(data, seconds) for name in TAKES_BACK}
    return {name: onset for name, onset in onsets.items() if onset is not None}


@pytest.mark.parametrize(
    ("behave", "name"),
    [
        (new_one_breaks_off, "NewVersionErrorsAlarm"),
        (new_one_fails, "NewVersionFailuresAlarm"),
        (new_one_is_slow, "NewVersionSlowAlarm"),
    ],
)
@pytest.mark.parametrize("phase", [0, 1, 29, 45, 59])
def test_a_bad_version_is_taken_back_long_before_it_has_everyone(
    behave: Behaviour, name: str, phase: int
) -> None:
    """At one request a second, of which it gets one in ten."""
    data = list(measure(behave, seconds=600, phase=phase))
    onset = find_onsets(data, 600)[name]
    begun = min(each.second for each in data if ("ExecutedVersion", NEW) in each.dimensions)
    assert onset - begun <= WORST_SECONDS
    assert onset <= phase + 600 - 60


def test_a_good_version_is_not() -> None:
    assert find_onsets(list(measure(well, seconds=3600, every=5)), 3600) == {}


def test_a_good_version_may_replace_a_bad_one() -> None:
    """An alarm of the whole function's, or the API's, would go off for the old one, and keep it."""
    data = list(measure(old_one_breaks_off_and_fails, seconds=3600, every=5))
    assert find_onsets(data, 3600) == {}


def test_one_bad_request_takes_no_version_back() -> None:
    once = iter([new_one_fails, new_one_breaks_off])
    data = list(
        measure(
            lambda version: next(once, well)(version) if version == NEW else well(version),
            seconds=600,
        )
    )
    assert sum(each.value for each in data if each.metric.endswith("failures")) == 1
    assert find_onsets(data, 600) == {}


def test_the_whole_apis_alarm_would_come_too_late_for_a_canary() -> None:
    """It's of both versions, and looks at a quarter of an hour: for people, not for CodeDeploy."""
    onset = read_alarm("ApiErrorsAlarm").find_onset(
        list(measure(new_one_fails, seconds=1800)), 1800
    )
    assert onset is not None
    assert onset > 600


def compute_chance(rollout: str, per_minute: float, failing: float = 1.0) -> float:
    """How likely a bad version is taken back before it has all the traffic.

    Args:
        rollout: CodeDeploy's name for it.
        per_minute: requests, of both versions together, at random.
        failing: the share of the new version's that fail.
    """
    step, minutes, steps = ROLLOUTS[rollout]
    alarm = read_alarm("NewVersionFailuresAlarm")
    assert (alarm.period, alarm.threshold) == (60, 1)
    # What comes in the last minutes is seen too late.
    seen = minutes * steps - DELAY_SECONDS // 60 - 1
    states = {(0,) * alarm.periods: 1.0}
    fired = 0.0
    for minute in range(seen):
        share = step * (minute // minutes + 1) / 100
        chance = 1 - math.exp(-per_minute * share * failing)
        after: dict[tuple[int, ...], float] = {}
        for state, weight in states.items():
            for bad, part in ((1, chance), (0, 1 - chance)):
                now = (*state[1:], bad)
                if sum(now) >= alarm.breaches:
                    fired += weight * part
                else:
                    after[now] = after.get(now, 0.0) + weight * part
        states = after
    return fired


def read_table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of docs/rollback.md, without its own heading."""
    text = (PROJECT / "docs/rollback.md").read_text(encoding="utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_chances_in_the_walk_through_are_these() -> None:
    head, _, *rows = read_table("Where it can't")
    rates = [float(re.findall(r"[\d.]+", cell)[0]) for cell in head[1:]]
    assert {row[0].strip("`") for row in rows} == ROLLOUTS.keys()
    for name, *cells in rows:
        found = [compute_chance(name.strip("`"), rate) for rate in rates]
        # Rounded down, and never certain.
        assert cells == [f"{min(math.floor(100 * chance), 99)} %" for chance in found]


@pytest.mark.parametrize("rollout", ROLLOUTS)
def test_every_rollout_that_is_offered_leaves_the_alarms_their_time(rollout: str) -> None:
    offered = read_template()["Parameters"]["Rollout"]
    assert set(offered["AllowedValues"]) == {*ROLLOUTS, "AllAtOnce"}
    assert offered["Default"] == "Canary10Percent10Minutes"
    _, minutes, steps = ROLLOUTS[rollout]
    assert minutes * steps * 60 >= WORST_SECONDS + 60
    assert compute_chance(rollout, per_minute=60) > 0.99


def test_a_failure_is_a_line_of_the_log_that_the_filter_finds(
    recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    """And what is the caller's own fault is none."""
    answers = iter([RuntimeError("no space left")])

    class Broken:
        card = recognizer.card

        def recognize(self, *arguments: Any, **options: Any) -> Any:
            if error := next(answers, None):
                raise error
            return recognizer.recognize(*arguments, **options)

    app = create_app(Broken(), page=PAGE)  # type: ignore[arg-type]

    async def in_lambda(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "aws.context": SimpleNamespace(function_version=NEW)}, receive, send)

    lines = io.StringIO()
    before = (log.handlers, log.level, log.propagate)
    write_log_to(lines)
    try:
        client = TestClient(in_lambda, raise_server_exceptions=False)
        statuses = [
            client.post("/api/recognitions", content=image).status_code
            for image in (draw_digit(7), draw_digit(7), b"no image")
        ]
    finally:
        log.handlers, log.level, log.propagate = before
    assert statuses == [500, 200, 415]
    counter = read_resources()["ApiFailures"]["Properties"]
    counted = [
        line
        for line in map(json.loads, lines.getvalue().splitlines())
        if matches(counter["FilterPattern"], line)
    ]
    (line,) = counted
    (change,) = counter["MetricTransformations"]
    (dimension,) = change["Dimensions"]
    alarm = read_alarm("NewVersionFailuresAlarm")
    assert alarm.metric == f"Inkling/inkling {change['MetricName']}"
    value = line[dimension["Value"].removeprefix("$.")]
    assert alarm.dimensions == {(dimension["Key"], value)}
    assert "DefaultValue" not in change  # CloudWatch takes none beside dimensions


def matches(pattern: str, line: dict[str, Any]) -> bool:
    """Whether a filter of CloudWatch Logs finds a line: as much of it as the template uses."""
    for term in pattern.strip("{} ").split(" && "):
        name, operator, value = term.split(" ", 2)
        found = line.get(name.removeprefix("$."))
        expected = json.loads(value)
        if operator == "=":
            if found != expected:
                return False
        else:
            assert operator == ">="
            if found is None or found < expected:
                return False
    return True
