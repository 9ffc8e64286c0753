"""`count_cold_starts`: how many requests of a month find no environment that is ready.

Lambda gives a request to an environment that is idle, and starts another when there is none. Think
of the environments in a row, each asked only when all before it are busy. Requests come by chance,
at a rate r, and keep an environment for s seconds. Then the share of them that all of the first n
are too busy for is Erlang's loss formula of n and r*s; so environment n + 1 is asked at the rate
r * loss(n), less and less. An environment that nobody asks for some minutes is gone, and the next
to ask for it starts it again: of gaps between chance events, e^(-rate * idle) are longer than that.
Beside that, Lambda replaces each after some hours.

The first environment is asked by visits, not by requests: those of a visit come together. And a day
has its rhythm: what is reckoned is the mean of its hours.

What the model leaves out makes more cold starts, not fewer: a crowd at once, and deployments.
"""

import math
from typing import Final

MONTH: Final = 30 * 86_400
"""Seconds."""
HOURS: Final = 24
_NEGLIGIBLE: Final = 1e-9


def count_cold_starts(
    requests: float,
    *,
    seconds: float,
    per_visit: float,
    idle: float,
    life: float,
    busiest_hour: float,
) -> float:
    """Cold starts in a month of so many requests.

    Args:
        requests: of the month.
        seconds: that one takes.
        per_visit: requests that come together.
        idle: seconds until an environment that nobody asks is gone.
        life: seconds until one is replaced, whoever asks.
        busiest_hour: its requests, by those of the mean hour: 1 to 2.
    """
    swing = busiest_hour - 1
    hours = [1 + swing * math.sin(2 * math.pi * hour / HOURS) for hour in range(HOURS)]
    rates = [requests / MONTH * weight for weight in hours]
    each = [_start_rate(rate, seconds, per_visit, idle, life) for rate in rates]
    return min(sum(each) / HOURS * MONTH, requests)


def _start_rate(rate: float, seconds: float, per_visit: float, idle: float, life: float) -> float:
    """Cold starts a second, at so many requests a second."""
    visits = rate / per_visit
    starts = visits * math.exp(-visits * idle) + _replace(visits, idle, life)
    loss, number = 1.0, 0
    while True:
        number += 1
        loss = rate * seconds * loss / (number + rate * seconds * loss)
        asked = rate * loss
        if asked < _NEGLIGIBLE:
            return starts
        starts += asked * math.exp(-asked * idle) + _replace(asked, idle, life)


def _replace(rate: float, idle: float, life: float) -> float:
    """How often one is replaced that is there for as long as somebody asks for it."""
    return (1 - math.exp(-rate * idle)) / life
