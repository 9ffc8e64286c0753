"""What the plan for large scale says is what the bill comes to."""

import re
from pathlib import Path
from typing import Final

import pytest

from costs.bill import Setup, draw_up
from costs.cold_starts import MONTH
from costs.price_list import read_prices
from costs.tables import tabulate_services, total
from costs.traffic import read_traffic

PROJECT: Final = Path(__file__).parents[2]
PLAN: Final = (PROJECT / "docs/scale.md").read_text(encoding="utf-8")
PRICES: Final = read_prices()
TRAFFIC: Final = read_traffic()
PEAK: Final = 10
SCALES: Final = {
    "10 thousand": 1e4,
    "a million": 1e6,
    "100 million": 1e8,
    "a billion": 1e9,
    "ten billion": 1e10,
}


@pytest.mark.parametrize("name", SCALES)
def test_a_scales_row_is_what_it_comes_to(name: str) -> None:
    requests = SCALES[name]
    (row,) = re.findall(rf"^\| {name} \| (.+) \|$", PLAN, re.MULTILINE)
    cells = [cell.replace(",", "") for cell in row.split(" | ")]
    peak = requests / MONTH * PEAK
    busy = peak * TRAFFIC.milliseconds / 1000
    told = [requests / MONTH, peak, max(1, busy), peak * TRAFFIC.kept_share]
    for cell, value in zip(cells, told, strict=False):
        assert float(cell) == pytest.approx(value, rel=0.1, abs=0.003)
    if cells[-1] != "–":
        bill = total(draw_up(requests, PRICES, TRAFFIC))
        assert float(cells[-1]) == pytest.approx(bill, rel=0.04)


@pytest.mark.parametrize(
    ("words", "setup"),
    [
        ("an HTTP API instead of REST", Setup(api="http_api")),
        ("a function's own address", Setup(api="none")),
        ("a line of the log for one request in ten", Setup(logged_share=0.1)),
        ("`RetentionInDays=7`", Setup(retention_days=7)),
    ],
)
def test_a_change_saves_what_the_plan_says(words: str, setup: Setup) -> None:
    (told,) = re.findall(rf"^\| {re.escape(words)}.*? \| (\d+) \|", PLAN, re.MULTILINE)
    saved = total(draw_up(1e8, PRICES, TRAFFIC)) - total(draw_up(1e8, PRICES, TRAFFIC, setup))
    assert float(told) == pytest.approx(saved, abs=1)


def test_readme_has_the_bill() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    told = text.partition("<!-- costs -->")[2].partition("<!-- /costs -->")[0]
    assert told.strip() == tabulate_services(PRICES, TRAFFIC, free_tier=False)


def test_readme_says_what_little_use_costs() -> None:
    bill = total(draw_up(1e4, PRICES, TRAFFIC, free_tier=True))
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^Ten thousand requests a month are (\d+) cents", text, re.MULTILINE)
    assert float(told) == pytest.approx(bill * 100, abs=0.5)
