"""`describe_day`, `describe_month`: what a stack had to do, and how it did."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from deployment.account import GLOBAL_REGION, Account
from deployment.metrics import Metric, read_metrics
from deployment.stack import LAMBDA_FUNCTION, Resource, Stack

_API: Final = "AWS::ApiGateway::RestApi"
_STAGE: Final = "AWS::ApiGateway::Stage"
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

Figures = dict[str, float | None]


def describe_day(account: Account, stack: Stack, resources: Sequence[Resource]) -> list[str]:
    """Requests, errors and latency of the last 24 hours. Raises what boto3 raises.

    Of percentiles it is the worst hour's: they can't be summed up.
    """
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - 23 * _HOUR
    cloudwatch = account.connect("cloudwatch")
    lines = []
    if dimensions := find_api(account, resources):
        figures = read_metrics(cloudwatch, list_api_metrics(dimensions), start, _HOUR)
        lines.append(describe_api(figures))
    for function in list_functions(stack, resources):
        figures = read_metrics(
            cloudwatch, list_function_metrics(function.physical_id), start, _HOUR
        )
        lines.append(f"{function.logical_id}: {describe_function(figures)}")
    if distribution := stack.outputs.get("DistributionId"):
        cloudwatch = account.connect("cloudwatch", GLOBAL_REGION)
        lines.append(
            describe_edge(read_metrics(cloudwatch, list_edge_metrics(distribution), start, _HOUR))
        )
    return lines


def describe_month(account: Account, stack: Stack, resources: Sequence[Resource]) -> list[str]:
    """What the bill is made of, since the first of the month. Raises what boto3 raises."""
    start = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    cloudwatch = account.connect("cloudwatch")
    client = account.connect("lambda")
    lines = []
    if dimensions := find_api(account, resources):
        metric = Metric("AWS/ApiGateway", "Count", dimensions, "Sum")
        count = read_metrics(cloudwatch, {"count": metric}, start, _DAY)["count"]
        lines.append(f"{count or 0:,.0f} requests")
    for function in list_functions(stack, resources):
        name = function.physical_id
        metric = Metric("AWS/Lambda", "Duration", {"FunctionName": name}, "Sum")
        milliseconds = read_metrics(cloudwatch, {"time": metric}, start, _DAY)["time"]
        if milliseconds:
            found = client.get_function_configuration(FunctionName=name)
            gigabytes = found["MemorySize"] / 1024
            lines.append(
                f"{function.logical_id}: {milliseconds / 1000 * gigabytes:,.0f} GB-seconds, cold "
                "starts not included"
            )
    billing = Metric("AWS/Billing", "EstimatedCharges", {"Currency": "USD"}, "Maximum")
    charges = read_metrics(
        account.connect("cloudwatch", GLOBAL_REGION), {"usd": billing}, start, _DAY
    )["usd"]
    if charges is not None:
        lines.append(f"${charges:,.2f} so far, of the whole account, as AWS estimates it")
    return lines


def find_api(account: Account, resources: Sequence[Resource]) -> dict[str, str] | None:
    """The API, as its metrics are filed; None where the stack has none."""
    apis = [each.physical_id for each in resources if each.type == _API]
    stages = [each.physical_id for each in resources if each.type == _STAGE]
    if not apis or not stages:
        return None
    name = account.connect("apigateway").get_rest_api(restApiId=apis[0])["name"]
    return {"ApiName": name, "Stage": stages[0]}


def list_functions(stack: Stack, resources: Sequence[Resource]) -> list[Resource]:
    """Those that answer somebody."""
    names = {stack.outputs.get("ApiFunctionName"), stack.outputs.get("PredictorName")}
    return [
        each for each in resources if each.type == LAMBDA_FUNCTION and each.physical_id in names
    ]


def list_api_metrics(dimensions: dict[str, str]) -> dict[str, Metric]:
    kinds = {
        "count": ("Count", "Sum"),
        "refused": ("4XXError", "Sum"),
        "failed": ("5XXError", "Sum"),
        "median": ("Latency", "p50"),
        "slowest": ("Latency", "p99"),
    }
    return {
        key: Metric("AWS/ApiGateway", name, dimensions, statistic)
        for key, (name, statistic) in kinds.items()
    }


def list_function_metrics(function: str) -> dict[str, Metric]:
    kinds = {
        "calls": ("Invocations", "Sum"),
        "errors": ("Errors", "Sum"),
        "throttles": ("Throttles", "Sum"),
        "slowest": ("Duration", "p99"),
    }
    return {
        key: Metric("AWS/Lambda", name, {"FunctionName": function}, statistic)
        for key, (name, statistic) in kinds.items()
    }


def list_edge_metrics(distribution: str) -> dict[str, Metric]:
    dimensions = {"DistributionId": distribution, "Region": "Global"}
    return {
        "count": Metric("AWS/CloudFront", "Requests", dimensions, "Sum"),
        "bytes": Metric("AWS/CloudFront", "BytesDownloaded", dimensions, "Sum"),
        "failed": Metric("AWS/CloudFront", "5xxErrorRate", dimensions, "Maximum"),
    }


def describe_api(figures: Figures) -> str:
    if not figures["count"]:
        return "no requests"
    return (
        f"{figures['count']:,.0f} requests, {figures['refused'] or 0:,.0f} refused (4xx), "
        f"{figures['failed'] or 0:,.0f} failed (5xx); the worst hour's median "
        f"{show_time(figures['median'])}, 99th percentile {show_time(figures['slowest'])}"
    )


def describe_function(figures: Figures) -> str:
    if not figures["calls"]:
        return "no calls"
    return (
        f"{figures['calls']:,.0f} calls, {figures['errors'] or 0:,.0f} errors, "
        f"{figures['throttles'] or 0:,.0f} throttled, 99th percentile "
        f"{show_time(figures['slowest'])}"
    )


def describe_edge(figures: Figures) -> str:
    if not figures["count"]:
        return "nothing asked of the edge"
    megabytes = (figures["bytes"] or 0) / 1e6
    return (
        f"the edge: {figures['count']:,.0f} requests, {megabytes:,.0f} MB, "
        f"at most {figures['failed'] or 0:.1f} % of an hour failed (5xx)"
    )


def show_time(milliseconds: Any) -> str:
    return "unknown" if milliseconds is None else f"{milliseconds:,.0f} ms"
