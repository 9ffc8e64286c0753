"""What a browser remembers of the page, as a test sees it: on the screen and in its storage."""

import json
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.hand import numeral, write_digit

PREFIX: Final = "inkling.history.1."


def entries(page: Page) -> Locator:
    """The history's buttons that show an entry again, newest first."""
    return page.locator("#history .open")


def figures(page: Page) -> Locator:
    """What the entries were read as."""
    return page.locator("#history .figure")


def read_entries(page: Page) -> list[dict[str, Any]]:
    """The entries as they are stored, newest first."""
    stored: dict[str, str] = page.evaluate("() => ({ ...localStorage })")
    found = [json.loads(text) for name, text in stored.items() if name.startswith(PREFIX)]
    return sorted(found, key=lambda entry: -entry["time"])


def draw_entries(page: Page, *digits: int) -> None:
    """Draw digits one after the other, until each is in the history."""
    for digit in digits:
        clear(page)
        count = entries(page).count()
        write_digit(page, digit)
        # Where the pen rested, half of the digit has an answer already.
        expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
        expect(numeral(page)).to_have_text(str(digit))
        expect(entries(page)).to_have_count(count + 1)
        expect(figures(page).first).to_have_text(str(digit))


def clear(page: Page) -> None:
    """Empty the pad, where anything is on it."""
    if page.locator("#draw").get_attribute("data-state") != "empty":
        page.get_by_role("button", name="Clear").click()


def read_record(page: Page, record_id: str) -> dict[str, Any] | None:
    """What the server has under an id; None for nothing."""
    response = page.request.get(f"{page.url}api/recognitions/{record_id}")
    if response.status == 404:
        return None
    record: dict[str, Any] = response.json()
    return record


def section(page: Page) -> Locator:
    return page.get_by_role("region", name="History")


def undo(page: Page) -> Locator:
    return page.locator('[data-part="undo"]')


def delete(page: Page, index: int) -> None:
    page.locator("#history li").nth(index).hover()
    page.locator("#history .remove").nth(index).click()


def keep(page: Page) -> str:
    """Have the drawing kept; returns its record's id."""
    with page.expect_response("**/api/recognitions?store=true*") as response:
        page.get_by_role("button", name="Recognise").click()
    expect(page.locator("#history [data-kept]")).not_to_have_count(0)
    record_id: str = response.value.json()["id"]
    return record_id
