"""The bill as tables in Markdown: `make costs` prints them, and the README has them."""

from collections.abc import Sequence
from typing import Final

from costs.bill import SERVICES, Bill, Setup, count_starts, draw_up
from costs.price_list import PriceList
from costs.traffic import Traffic

SCALES: Final = (1e4, 1e6, 1e8)
"""Requests a month."""


def print_dollars(amount: float) -> str:
    """To the cent, and from a hundred dollars to the dollar."""
    return f"{amount:,.2f}" if amount < 100 else f"{amount:,.0f}"


def tabulate(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def tabulate_services(prices: PriceList, traffic: Traffic, *, free_tier: bool) -> str:
    """A month by service at each scale, as the stack is by default."""
    bills = [draw_up(scale, prices, traffic, free_tier=free_tier) for scale in SCALES]
    rows = [
        [service, *(print_dollars(bill[service]) for bill in bills)]
        for service in SERVICES
        if any(bill[service] for bill in bills)
    ]
    rows.append(["**together**", *(f"**{print_dollars(total(bill))}**" for bill in bills)])
    rows.append(["a thousand requests", *_tell_each(bills)])
    return tabulate(["USD a month", *(f"{scale:,.0f} requests" for scale in SCALES)], rows)


def _tell_each(bills: Sequence[Bill]) -> list[str]:
    return [f"{total(bill) / scale * 1000:.4f}" for scale, bill in zip(SCALES, bills, strict=True)]


VARIANTS: Final = {
    "as by default: arm64, REST API, no snapshot": Setup(),
    "x86_64": Setup(architecture="x86_64"),
    "with SnapStart": Setup(snapstart=True),
    "with Firewall": Setup(firewall=True),
    "with Tracing": Setup(tracing=True),
    "an HTTP API instead": Setup(api="http_api"),
    "a function's own address instead": Setup(api="none"),
    "one request in ten logged": Setup(logged_share=0.1),
    "1024 MB, were it as fast": Setup(memory=1024),
}


def tabulate_variants(prices: PriceList, traffic: Traffic) -> str:
    """All of a month, without the free tier, for what may be chosen otherwise."""
    rows = [
        [
            name,
            *(print_dollars(total(draw_up(scale, prices, traffic, setup))) for scale in SCALES),
        ]
        for name, setup in VARIANTS.items()
    ]
    return tabulate(["USD a month", *(f"{scale:,.0f}" for scale in SCALES)], rows)


def tabulate_starts(traffic: Traffic) -> str:
    """How many requests wait for a cold start, by the model."""
    rows = []
    for scale in (1e3, 1e4, 1e5, 1e6, 1e7, 1e8):
        starts = count_starts(scale, traffic, Setup())
        rows.append([f"{scale:,.0f}", f"{starts:,.0f}", f"{starts / scale:.3%}"])
    return tabulate(["requests a month", "cold starts", "of the requests"], rows)


def total(bill: Bill) -> float:
    return sum(bill.values())
