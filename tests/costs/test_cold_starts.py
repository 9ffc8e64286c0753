"""The model of cold starts against a simulation of Lambda, and at its limits."""

import random
from typing import Final

import pytest

from costs.cold_starts import MONTH, count_cold_starts


def count(requests: float, **changes: float) -> float:
    usual = {"seconds": 0.02, "per_visit": 1, "idle": 360, "life": 1e12, "busiest_hour": 1}
    return count_cold_starts(requests, **{**usual, **changes})


def simulate(requests: int, seconds: float, idle: float) -> int:
    """Requests by chance, each to the first environment that is idle; the number of starts."""
    chance = random.Random(7)
    moments = sorted(chance.uniform(0, MONTH) for _ in range(requests))
    free_at: list[float] = []  # when each environment is done
    starts = 0
    for moment in moments:
        for number, free in enumerate(free_at):
            if free <= moment:
                starts += moment - free > idle
                free_at[number] = moment + seconds
                break
        else:
            starts += 1
            free_at.append(moment + seconds)
    return starts


@pytest.mark.parametrize(
    ("requests", "seconds"), [(2_000, 0.02), (20_000, 0.02), (50_000, 60), (50_000, 180)]
)
def test_model_agrees_with_a_simulation(requests: int, seconds: float) -> None:
    """Within a fifth: one environment, and several at once."""
    simulated = simulate(requests, seconds, 360)
    # An environment's time without requests begins when it's done; the model's, when it's asked.
    modelled = count(requests, seconds=seconds, idle=360 + seconds)
    assert modelled == pytest.approx(simulated, rel=0.2, abs=30)


def test_rare_requests_all_start_cold() -> None:
    assert count(10) == pytest.approx(10, rel=0.01)


def test_no_more_start_cold_than_there_are() -> None:
    for requests in (1, 10, 1_000):
        assert count(requests, life=1, per_visit=8) <= requests


def test_of_a_visit_the_first_starts_cold() -> None:
    assert count(80, per_visit=8) == pytest.approx(10, rel=0.01)


SCALES: Final = [10**exponent for exponent in range(2, 10)]


def test_their_share_falls_with_traffic() -> None:
    shares = [count(scale, life=7200, per_visit=8) / scale for scale in SCALES]
    assert shares == sorted(shares, reverse=True)


def test_a_longer_wait_leaves_fewer() -> None:
    assert count(10_000, idle=900) < count(10_000, idle=360) < count(10_000, idle=60)
