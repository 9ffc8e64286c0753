"""The price list is whole, dated, and says where each number is from."""

from datetime import date

import pytest

from backlog import prices as backlog_prices
from costs.price_list import read_prices
from costs.resources import FREE, PRICED

PRICES = read_prices()


@pytest.mark.parametrize("name", PRICES.prices)
def test_a_price_says_what_it_is_for_and_where_it_was_seen(name: str) -> None:
    price = PRICES.prices[name]
    assert price.price > 0
    assert price.per >= 1
    assert price.unit
    assert price.page.startswith("aws.amazon.com/")
    assert price.seen in {"own", "quoted", "memory"}
    bounds = [bound for bound, _ in price.scales]
    assert bounds == sorted(bounds)
    dearer = [price.price, *(each for _, each in price.scales)]
    assert dearer == sorted(dearer, reverse=True)


def test_the_list_has_a_date() -> None:
    assert date(2026, 11, 21) <= PRICES.read <= date.today()


def test_backlogs_prices_are_the_lists() -> None:
    mine = {
        "lambda_arm64": backlog_prices.GB_SECOND,
        "lambda_requests": backlog_prices.CALL,
        "transitions": backlog_prices.TRANSITION,
        "s3_writes": backlog_prices.S3_WRITE,
        "s3_reads": backlog_prices.S3_READ,
        "dynamodb_writes": backlog_prices.WRITE_UNIT,
    }
    for name, price in mine.items():
        assert price == pytest.approx(PRICES.prices[name].price / PRICES.prices[name].per), name


def test_every_price_is_of_a_resource() -> None:
    of_resources = {name for names in PRICED.values() for name in names}
    assert of_resources | {"http_api"} == PRICES.prices.keys()  # which the stack does without


def test_no_resource_is_both_priced_and_free() -> None:
    assert not PRICED.keys() & FREE.keys()
    assert all(reason.endswith(".") for reason in FREE.values())
