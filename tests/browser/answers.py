"""The API's part, played by a test: answers of its own, and real ones held back."""

from typing import Any, Final

from playwright.sync_api import Page, Route

API: Final = "**/api/recognitions*"
"""The address that the page asks at, with any parameters."""


def fake_answer(digit: int) -> dict[str, Any]:
    scores = [0.001] * 10
    scores[digit] = 0.991
    return {
        "id": f"fake-{digit}",
        "outcome": "digit",
        "digit": digit,
        "confidence": 0.991,
        "scores": scores,
        "model": "fake",
        "processing_time": 0.001,
        "stored": False,
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
    for _ in range(100):
        if len(held) >= count:
            break
        page.wait_for_timeout(50)
    assert len(held) == count
    return held[-1]
