"""`read_metrics`: CloudWatch's figures of a stack, summed up over a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_MOST: Final = 500
"""Metrics in one request, as AWS has it. A thousand of them cost a cent."""


@dataclass(frozen=True, slots=True)
class Metric:
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str
    """Sum, Maximum, Average, p50, p99, …"""


def read_metrics(
    cloudwatch: Any, metrics: Mapping[str, Metric], start: datetime, period: timedelta
) -> dict[str, float | None]:
    """The figure of each metric since a time: what is summed, summed; of anything else the highest.

    Args:
        period: what each of CloudWatch's points is of, such as an hour.

    Returns:
        None for what there is no point of: nothing happened.

    Raises what boto3 raises.
    """
    queries: list[dict[str, Any]] = [
        {
            "Id": f"m{i}",
            "MetricStat": {
                "Metric": {
                    "Namespace": metric.namespace,
                    "MetricName": metric.name,
                    "Dimensions": [{"Name": n, "Value": v} for n, v in metric.dimensions.items()],
                },
                "Period": int(period.total_seconds()),
                "Stat": metric.statistic,
            },
        }
        for i, metric in enumerate(metrics.values())
    ]
    points: dict[str, list[float]] = {query["Id"]: [] for query in queries}
    for i in range(0, len(queries), _MOST):
        pages = cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries[i : i + _MOST], StartTime=start, EndTime=datetime.now(UTC)
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                points[result["Id"]] += result["Values"]
    return {
        name: combine(metric.statistic, points[f"m{i}"])
        for i, (name, metric) in enumerate(metrics.items())
    }


def combine(statistic: str, values: Iterable[float]) -> float | None:
    found = list(values)
    if not found:
        return None
    return float(sum(found) if statistic == "Sum" else max(found))
