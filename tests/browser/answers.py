"""The API's part, played by a test: answers of its own, and real ones held back."""

import time
from typing import Any, Final

from playwright.sync_api import Page, Route

from tests.browser.conftest import PATIENCE

API: Final = "**/api/recognitions*"
"""The address that the page asks at, with any parameters."""


def fake_answer(digit: int) -> dict[str, Any]:
    return fake_outcome("digit", digit, {digit: 0.991})


def fake_outcome(outcome: str, digit: int | None, scores: dict[int, float]) -> dict[str, Any]:
    """An answer whose other scores share what is left."""
    rest = (1 - sum(scores.values())) / (10 - len(scores))
    return {
        "id": f"fake-{digit}",
        "outcome": outcome,
        "digit": digit,
        "confidence": max(scores.values()),
        "scores": [scores.get(i, rest) for i in range(10)],
        "model": "fake",
        "processing_time": 0.001,
        "stored": False,
        "pixels": None,
        "box": None,
        "strangeness": 0.1,
    }


def hold(page: Page, addresses: str) -> list[Route]:
    """Keep requests unanswered; returns them, as they come."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(addresses, keep)
    return held


def wait_for(page: Page, held: list[Route], count: int) -> Route:
    """The request that makes so many."""
    deadline = time.monotonic() + PATIENCE / 1000
    while len(held) < count and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert len(held) == count
    return held[-1]
