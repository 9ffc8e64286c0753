"""What the server keeps, and that its owner can always find it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import Watch
from tests.browser.hand import numeral, write_digit, write_stroke

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEEPING = "**/api/recognitions?store=true*"
UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))


def test_answer_that_comes_by_itself_is_not_kept(page: Page) -> None:
    with page.expect_response(API) as response:
        write_digit(page, 3)
    assert response.value.json()["stored"] is False
    expect(numeral(page)).to_have_text("3")
    expect(page.locator('[data-part="kept"]')).to_be_hidden()


def test_recognise_keeps_the_image_and_names_its_record(page: Page) -> None:
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    page.get_by_role("button", name="Recognise").click()
    kept = page.locator('[data-part="kept"]')
    expect(kept).to_be_visible()
    expect(kept.locator("code")).to_have_text(re.compile(r"^[\w-]{16,}$"))


def test_an_empty_sheet_is_not_kept(page: Page) -> None:
    with page.expect_response(API) as response:
        page.get_by_role("button", name="Recognise").click()
    assert response.value.json()["stored"] is False
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")


def press_clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()


def draw_on(page: Page) -> None:
    write_stroke(page, UNDERLINE)


def look_at_upload(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()


@pytest.mark.parametrize("turn_away", [press_clear, draw_on, look_at_upload])
def test_image_whose_answer_nobody_awaited_is_not_kept(
    page: Page, turn_away: Callable[[Page], None]
) -> None:
    """Only the answer names the record: unseen, nobody could ever remove it."""
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.get_by_role("button", name="Recognise").click()
    question = wait_for(page, held, 1)
    turn_away(page)
    stored = question.fetch()
    assert stored.json()["stored"] is True
    record = f"api/recognitions/{stored.json()['id']}"
    with page.expect_response(lambda response: response.request.method == "DELETE") as removal:
        question.fulfill(response=stored)
    assert (removal.value.status, removal.value.url) == (204, page.url + record)
    assert page.request.get(page.url + record).status == 404
    expect(page.locator('[data-part="kept"]')).to_be_hidden()


def test_recognise_pressed_twice_keeps_one(page: Page) -> None:
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.get_by_role("button", name="Recognise").click()
    first = wait_for(page, held, 1)
    page.get_by_role("button", name="Recognise").click()
    second = wait_for(page, held, 2)
    with page.expect_request(lambda request: request.method == "DELETE") as removal:
        second.fulfill(json={**fake_answer(3), "id": "second", "stored": True})
        expect(page.locator('[data-part="id"]')).to_have_text("second")
        page.route("**/api/recognitions/*", lambda route: route.fulfill(status=204))
        first.fulfill(json={**fake_answer(3), "id": "first", "stored": True})
    assert removal.value.url.endswith("api/recognitions/first")
    expect(page.locator('[data-part="id"]')).to_have_text("second")


def test_record_that_cannot_be_removed_is_named(page: Page, watch: Watch) -> None:
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.route("**/api/recognitions/*", lambda route: route.abort())
    page.get_by_role("button", name="Recognise").click()
    question = wait_for(page, held, 1)
    page.get_by_role("button", name="Clear").click()
    with page.expect_console_message(lambda message: "left-over" in message.text):
        question.fulfill(json={**fake_answer(3), "id": "left-over", "stored": True})
    watch.complaints.clear()
