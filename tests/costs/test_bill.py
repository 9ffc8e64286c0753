"""The bill against sums made by hand, from the numbers on AWS's pages and not from the list."""

from dataclasses import replace
from typing import Final

import pytest

from costs.bill import SERVICES, Setup, count_starts, draw_up
from costs.price_list import Price, read_prices
from costs.tables import SCALES, VARIANTS, tabulate_services, total
from costs.traffic import read_traffic

PRICES: Final = read_prices()
TRAFFIC: Final = read_traffic()

PLAIN: Final = replace(
    TRAFFIC,
    **{"milliseconds_asked": 100, "milliseconds_kept": 0, "kept_share": 0.5},
    **{"revisited_share": 0, "dropped_share": 0, "polls": 0, "record_bytes": 1024},
    **{"image_bytes": 1024**2, "answer_bytes": 1024, "page_bytes": 0, "page_files": 2},
    **{"line_bytes": 500, "platform_bytes": 446, "requests_per_visit": 1},
)
"""Round numbers, with which one can reckon by hand."""


def test_a_million_plain_requests_cost_what_the_price_pages_say() -> None:
    bill = draw_up(1e6, PRICES, PLAIN, Setup(memory=1024, metrics=10, alarms=10, dashboards=1))
    # A million calls at 0.20, and 100,000 GB-seconds on arm64.
    assert bill["Lambda"] == pytest.approx(0.20 + 1.33334)
    assert bill["API Gateway"] == pytest.approx(3.50)
    # Half a million units of writing at 0.625 a million; 0.4768 GB stored, and recoverable.
    assert bill["DynamoDB"] == pytest.approx(0.3125 + 0.476837 * 0.45, rel=1e-5)
    # 500,000 PUTs at half a cent a thousand, and 488.28 GB at 2.3 cents.
    assert bill["S3"] == pytest.approx(2.50 + 11.230469, rel=1e-6)
    # Three million requests at a cent for ten thousand, 0.95 GB out, 976.56 GB to the origin.
    assert bill["CloudFront"] == pytest.approx(3.00 + 0.0810623 + 19.53125, rel=1e-5)
    # 1,024 bytes a line: 0.9537 GB at half a dollar, and what is kept of it.
    assert bill["Logs"] == pytest.approx(0.953674 * (0.50 + 0.15 * 0.03), rel=1e-5)
    assert bill["Metrics and alarms"] == pytest.approx(3.00 + 1.00 + 3.00)
    assert bill["Uploads"] == bill["SnapStart"] == bill["Firewall"] == bill["Traces"] == 0


def test_what_is_free_is_taken_off_once() -> None:
    setup = Setup(memory=1024, metrics=12, alarms=11, dashboards=4)
    bill = draw_up(2e6, PRICES, PLAIN, setup, free_tier=True)
    # One million calls of two are free, and all of 200,000 GB-seconds.
    assert bill["Lambda"] == pytest.approx(0.20)
    assert bill["Cold starts"] == 0
    assert bill["API Gateway"] == pytest.approx(7.00)  # free for a first year alone: not counted
    assert bill["Metrics and alarms"] == pytest.approx(2 * 0.30 + 1 * 0.10 + 1 * 3.00)
    six = draw_up(6e6, PRICES, PLAIN, setup, free_tier=True)
    # 600,000 GB-seconds, of which 400,000 are free; the starts come on top.
    assert six["Lambda"] == pytest.approx(1.00 + 2.66668)
    assert six["Cold starts"] > 0


def test_a_snapshot_costs_what_it_is_kept_and_restored_for() -> None:
    setup = Setup(memory=2048, snapstart=True)
    bill = draw_up(1e6, PRICES, PLAIN, setup)
    starts = count_starts(1e6, PLAIN, setup)
    # Two GB for thirty days, and two GB at each start.
    kept = 2 * 2_592_000 * 0.0000015046
    assert kept == pytest.approx(7.80, abs=0.01)
    assert bill["SnapStart"] == pytest.approx(kept + starts * 2 * 0.0001397998)
    # 60 ms of two GB instead of 900.
    assert bill["Cold starts"] == pytest.approx(starts * 0.12 * 0.0000133334)


def test_a_snapshot_never_pays_for_itself_in_money() -> None:
    """To restore is dearer than to start: it buys time for who waits, at any scale."""
    memory = 1769 / 1024
    assert memory * 0.0001397998 > 5 * memory * 0.9 * 0.0000133334
    for scale in SCALES:
        without = total(draw_up(scale, PRICES, TRAFFIC))
        assert total(draw_up(scale, PRICES, TRAFFIC, Setup(snapstart=True))) > without + 6


def test_arm64_takes_a_fifth_off_the_functions_time() -> None:
    def time_of(setup: Setup) -> float:
        return draw_up(1e6, PRICES, PLAIN, setup)["Lambda"] - 0.20

    ratio = time_of(Setup(architecture="arm64")) / time_of(Setup(architecture="x86_64"))
    assert ratio == pytest.approx(0.8, abs=1e-5)


def test_a_firewall_costs_its_list_its_rules_and_each_request() -> None:
    off, on = (total(draw_up(1e6, PRICES, TRAFFIC, Setup(firewall=each))) for each in (False, True))
    assert on - off == pytest.approx(7.00 + 0.60 + 0.10)


def test_prices_fall_with_what_is_above_a_scale() -> None:
    price = Price(3.50, 1e6, "calls", "a page", "own", scales=((333e6, 2.80), (1000e6, 2.38)))
    assert price.charge(333e6, free_tier=False) == pytest.approx(1165.50)
    assert price.charge(433e6, free_tier=False) == pytest.approx(1165.50 + 280)
    assert price.charge(1100e6, free_tier=False) == pytest.approx(1165.50 + 1867.60 + 238)


def test_what_is_free_may_reach_beyond_a_scale() -> None:
    price = Price(1.0, 1, "things", "a page", "own", free=15, scales=((10, 0.5),))
    assert price.charge(15, free_tier=True) == 0
    assert price.charge(17, free_tier=True) == pytest.approx(1.0)
    assert price.charge(17, free_tier=False) == pytest.approx(13.5)


@pytest.mark.parametrize("free_tier", [False, True])
@pytest.mark.parametrize("name", VARIANTS)
def test_more_requests_never_cost_less(name: str, free_tier: bool) -> None:
    scales = [10**exponent for exponent in range(10)]
    bills = [draw_up(n, PRICES, TRAFFIC, VARIANTS[name], free_tier=free_tier) for n in scales]
    sums = [total(bill) for bill in bills]
    assert sums == sorted(sums)
    for service in set(SERVICES) - {"Cold starts"}:
        amounts = [bill[service] for bill in bills]
        assert amounts == pytest.approx(sorted(amounts)), service


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_free_never_costs(name: str) -> None:
    for scale in SCALES:
        setup = VARIANTS[name]
        free = draw_up(scale, PRICES, TRAFFIC, setup, free_tier=True)
        full = draw_up(scale, PRICES, TRAFFIC, setup)
        assert all(0 <= free[each] <= full[each] for each in SERVICES)


def test_tables_add_up() -> None:
    table = tabulate_services(PRICES, TRAFFIC, free_tier=False)
    rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in table.split("\n")]
    sums = {row[0]: [float(cell.replace(",", "")) for cell in row[1:]] for row in rows[2:]}
    for column in range(len(SCALES)):
        parts = [row[column] for name, row in sums.items() if name in SERVICES]
        assert sum(parts) == pytest.approx(sums["together"][column], rel=0.002, abs=0.05)
