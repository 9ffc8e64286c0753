"""`Alarm`: what CloudWatch makes of data points, by an alarm as the template declares it.

moto keeps alarms and evaluates none. This is CloudWatch's rule for standard alarms: once a minute,
of the last so many periods, so many must be over the threshold; a period without data counts as
TreatMissingData says. Where CloudWatch finds data of earlier periods in the place of missing ones,
it is the readier to go off; here it isn't, so that no alarm looks quicker than it is.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tests.stack.cloud import read_template

NAMES: Final = {
    "AWS::StackName": "inkling",
    "StageName": "v1",
    "ApiFunction": "inkling-ApiFunction-1A2B",
    "ApiFunction.Version.Version": "8",
}
"""What is called what, while version 8 takes over."""

DELAY_SECONDS: Final = 120
"""After a minute ends, until its data are surely there: Lambda sends them once a minute, the metric
filter as the log comes in."""

_STATISTICS: Final[dict[str, Callable[[list[float]], float]]] = {
    "Sum": sum,
    "Average": statistics.fmean,
    "p50": statistics.median,
}


@dataclass(frozen=True, slots=True)
class Datum:
    second: float
    metric: str
    """Namespace and name, such as AWS/Lambda Errors."""
    dimensions: frozenset[tuple[str, str]]
    value: float


@dataclass(frozen=True, slots=True)
class Alarm:
    metric: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str
    period: int
    periods: int
    breaches: int
    threshold: float

    def find_onset(self, data: Iterable[Datum], until: int, first: int = 0) -> int | None:
        """The second of the first evaluation that goes off, if there is one by then.

        Args:
            data: whatever was measured.
            until: the last second.
            first: a second at which a minute of the clock begins; so do its periods.
        """
        mine = [
            each
            for each in data
            if (each.metric, each.dimensions) == (self.metric, self.dimensions)
        ]
        for now in range(first, until + 1, 60):
            end = first + (now - DELAY_SECONDS - first) // self.period * self.period
            points = self._summarize(mine, end)
            if sum(point >= self.threshold for point in points) >= self.breaches:
                return now
        return None

    def _summarize(self, data: list[Datum], end: int) -> Iterator[float]:
        """The data points of the last periods, from the newest; what is missing is left out."""
        for number in range(1, self.periods + 1):
            start = end - self.period * number
            values = [each.value for each in data if start <= each.second < start + self.period]
            if values:
                yield _STATISTICS[self.statistic](values)


@cache
def read_resources() -> dict[str, Any]:
    """The template's resources, read once: it takes a second."""
    resources: dict[str, Any] = read_template()["Resources"]
    return resources


@cache
def read_alarm(name: str) -> Alarm:
    """An alarm of the template, with what it's about by its name."""
    declared = read_resources()[name]["Properties"]
    assert declared["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert declared["TreatMissingData"] == "notBreaching"
    periods = declared["EvaluationPeriods"]
    return Alarm(
        f"{_name(declared['Namespace'])} {declared['MetricName']}",
        frozenset((each["Name"], _name(each["Value"])) for each in declared["Dimensions"]),
        declared.get("Statistic") or declared["ExtendedStatistic"],
        declared["Period"],
        periods,
        declared.get("DatapointsToAlarm", periods),
        declared["Threshold"],
    )


def _name(node: Any) -> str:
    if isinstance(node, str):
        return node
    ((function, value),) = node.items()
    if function == "Fn::Sub":
        for name, named in NAMES.items():
            value = value.replace(f"${{{name}}}", named)
        return str(value)
    return NAMES[value if isinstance(value, str) else ".".join(value)]
