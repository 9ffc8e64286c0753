from dataclasses import replace

import pytest

from backlog.prices import Usage, price

NOTHING = Usage(
    lambda_seconds=0,
    lambda_memory=1769,
    lambda_calls=0,
    transitions=0,
    s3_writes=0,
    s3_reads=0,
    write_units=0,
)


def test_nothing_costs_nothing() -> None:
    assert price(NOTHING).total == 0


@pytest.mark.parametrize(
    ("used", "dollars"),
    [
        ({"lambda_seconds": 1000.0, "lambda_memory": 2048}, 0.0266668),
        ({"lambda_calls": 1_000_000}, 0.20),
        ({"transitions": 1000}, 0.025),
        ({"s3_writes": 1000}, 0.005),
        ({"s3_reads": 1000}, 0.0004),
        ({"write_units": 1_000_000}, 0.625),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_each_thing_has_the_price_that_is_listed(used: dict[str, float], dollars: float) -> None:
    assert price(replace(NOTHING, **used)).total == pytest.approx(dollars)  # type: ignore[arg-type]
