"""`draw_up`: what a month of so many requests costs, by service."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from costs.cold_starts import MONTH, count_cold_starts
from costs.price_list import PriceList
from costs.traffic import Traffic

GB: Final = 1024**3
MB_OF_A_GB: Final = 1024
KB: Final = 1024
EVENT_BYTES: Final = 26
"""CloudWatch counts so many beside each line of a log."""

SERVICES: Final = (
    *("API Gateway", "Lambda", "Cold starts", "SnapStart", "DynamoDB", "S3"),
    *("CloudFront", "Uploads", "Logs", "Metrics and alarms", "Traces", "Firewall"),
)


@dataclass(frozen=True, slots=True)
class Setup:
    """What of the stack's parameters has a price, as by default."""

    architecture: Literal["arm64", "x86_64"] = "arm64"
    memory: float = 1769
    """MB, of the API's function and of the predictor."""
    api: Literal["rest_api", "http_api", "none"] = "rest_api"
    """What stands before the function; `none` is a function's own address, which is free."""
    snapstart: bool = False
    tracing: bool = False
    firewall: bool = False
    retention_days: float = 30
    log_retention_days: float = 30
    logged_share: float = 1.0
    """Of the requests, those that write lines."""
    alarms: float = 10
    dashboards: float = 1
    metrics: float = 10
    """Custom ones, in a month in which all are written each hour: the predictor's seven outcomes,
    duration and age, and the failures of the API's one version that answers. API Gateway's own of
    each method would be more: the template leaves them off."""


Bill = dict[str, float]
"""US dollars by service, of `SERVICES`."""


def draw_up(
    requests: float,
    prices: PriceList,
    traffic: Traffic,
    setup: Setup = Setup(),
    *,
    free_tier: bool = False,
) -> Bill:
    """What a month costs with so many requests to the API, after a month with as many."""
    used = defaultdict[tuple[str, str], float](float)

    def use(service: str, price: str, units: float) -> None:
        used[service, price] += units

    _use_api(use, requests, traffic, setup)
    _use_function(use, requests, traffic, setup)
    _use_stores(use, requests, traffic, setup)
    _use_edge(use, requests, traffic)
    _use_uploads(use, requests, traffic, setup)
    _use_watch(use, requests, traffic, setup)

    # What is free is so much in all, whichever service's line uses it up first.
    bill = dict.fromkeys(SERVICES, 0.0)
    before = defaultdict[str, float](float)
    for (service, price), units in used.items():
        bill[service] += prices.prices[price].charge(
            units, free_tier=free_tier, before=before[price]
        )
        before[price] += units
    return bill


Use = Callable[[str, str, float], None]


def _use_api(use: Use, requests: float, traffic: Traffic, setup: Setup) -> None:
    if setup.api != "none":
        use("API Gateway", setup.api, requests)
    if setup.tracing:
        use("Traces", "traces", requests * traffic.traced_share)
    if setup.firewall:
        use("Firewall", "firewall_lists", 1)
        use("Firewall", "firewall_rules", 2)
        use("Firewall", "firewall_requests", requests)
        use("Firewall", "cloudfront_functions", requests)


def _use_function(use: Use, requests: float, traffic: Traffic, setup: Setup) -> None:
    memory = setup.memory / MB_OF_A_GB
    slowness = traffic.arm64_slowness if setup.architecture == "arm64" else 1.0
    use("Lambda", "lambda_requests", requests)
    seconds = traffic.milliseconds * slowness / 1000
    use("Lambda", f"lambda_{setup.architecture}", requests * seconds * memory)
    starts = count_starts(requests, traffic, setup)
    each = traffic.restore_milliseconds if setup.snapstart else traffic.init_milliseconds
    use("Cold starts", f"lambda_{setup.architecture}", starts * each * slowness / 1000 * memory)
    if setup.snapstart:
        use("SnapStart", "snapstart_restore", starts * memory)
        use("SnapStart", "snapstart_cache", traffic.snapshot_versions * memory * MONTH)


def count_starts(requests: float, traffic: Traffic, setup: Setup) -> float:
    slowness = traffic.arm64_slowness if setup.architecture == "arm64" else 1.0
    return count_cold_starts(
        requests,
        seconds=traffic.milliseconds * slowness / 1000,
        per_visit=traffic.requests_per_visit,
        idle=traffic.idle_seconds,
        life=traffic.life_seconds,
        busiest_hour=traffic.busiest_hour,
    )


def _use_stores(use: Use, requests: float, traffic: Traffic, setup: Setup) -> None:
    kept = requests * traffic.kept_share
    again = kept * traffic.revisited_share
    months = setup.retention_days / 30
    records = (kept + requests * traffic.dropped_share) * traffic.record_bytes * months / GB
    use("DynamoDB", "dynamodb_writes", kept * -(-traffic.record_bytes // KB))
    use("DynamoDB", "dynamodb_reads", again)
    use("DynamoDB", "dynamodb_storage", records)
    use("DynamoDB", "dynamodb_recovery", records)
    use("S3", "s3_writes", kept)
    use("S3", "s3_reads", again)
    use("S3", "s3_storage", kept * traffic.image_bytes * months / GB)


def _use_edge(use: Use, requests: float, traffic: Traffic) -> None:
    visits = requests / traffic.requests_per_visit
    use("CloudFront", "cloudfront_requests", requests + visits * traffic.page_files)
    bytes_out = requests * traffic.answer_bytes + visits * traffic.page_bytes
    use("CloudFront", "cloudfront_out", bytes_out / GB)
    use("CloudFront", "cloudfront_to_origin", requests * traffic.image_bytes / GB)


def _use_uploads(use: Use, requests: float, traffic: Traffic, setup: Setup) -> None:
    """The way through the bucket: event, queue, predictor, record, result."""
    images = requests * traffic.dropped_share
    calls = images / traffic.dropped_batch
    seconds = images * traffic.milliseconds_dropped / 1000
    use("Uploads", "s3_writes", images * 2)  # the image and its result
    use("Uploads", "s3_reads", images * 2)
    use("Uploads", "s3_storage", images * traffic.dropped_bytes * setup.retention_days / 30 / GB)
    use("Uploads", "s3_events", images)
    use("Uploads", "sqs_requests", traffic.polls + images + 2 * calls)
    use("Uploads", "lambda_requests", calls)
    use("Uploads", f"lambda_{setup.architecture}", seconds * setup.memory / MB_OF_A_GB)
    use("Uploads", "dynamodb_writes", images)
    use("Uploads", "dynamodb_reads", images)
    use("Uploads", "transitions", traffic.backlog_images / 15 * 3)


def _use_watch(use: Use, requests: float, traffic: Traffic, setup: Setup) -> None:
    lines = requests * setup.logged_share + requests * traffic.dropped_share
    each = traffic.line_bytes + traffic.platform_bytes + 3 * EVENT_BYTES
    use("Logs", "logs_in", lines * each / GB)
    kept = lines * each * traffic.log_compression * setup.log_retention_days / 30
    use("Logs", "logs_kept", kept / GB)
    use("Metrics and alarms", "metrics", setup.metrics)
    use("Metrics and alarms", "alarms", setup.alarms)
    use("Metrics and alarms", "dashboards", setup.dashboards)
