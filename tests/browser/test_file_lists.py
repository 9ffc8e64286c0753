"""Several files at once: a list with results, each on its own."""

import csv
import os
import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.browser.giving import choose, draw_on_glass, expect_preview, file, hand_over
from tests.browser.hand import numeral, text, title
from tests.browser.test_live import collect_questions
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COUNT: Final = '#files [data-part="count"]'
ANNOUNCEMENT: Final = '#files [data-part="announcement"]'


@pytest.fixture
def digits(draw_digit: DrawDigit) -> list[FilePayload]:
    return [file(f"digit-{digit}.png", draw_digit(digit)) for digit in range(10)]


def rows(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Files").get_by_role("option")


def test_files_are_read_in_order_and_a_bad_one_fails_alone(
    page: Page, digits: list[FilePayload]
) -> None:
    choose(page, *digits[:3], file("shopping.txt", b"milk", "text/plain"), *digits[3:])
    expect(page.locator(COUNT)).to_have_text("10 of 11 read, 1 failed")
    expect(page.locator(ANNOUNCEMENT)).to_have_text("10 of 11 read, 1 failed")
    names = ["digit-0.png", "digit-1.png", "digit-2.png", "shopping.txt", "digit-3.png"]
    expect(rows(page).locator(".name")).to_have_text([*names, *(f["name"] for f in digits[4:])])
    figures = ["0", "1", "2", "", *map(str, range(3, 10))]
    expect(rows(page).locator(".figure")).to_have_text(figures)
    expect(rows(page).nth(3)).to_contain_text("Not an image")
    expect(rows(page).nth(4)).to_contain_text(re.compile(r"Three, [\d.]+%"))
    expect(numeral(page)).to_have_text("0")
    expect_preview(page, "digit-0.png")
    expect(page.get_by_role("button", name=re.compile("Stop|Go on"))).to_be_hidden()
    drawn = (
        rows(page)
        .nth(5)
        .locator("canvas")
        .evaluate(
            """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, 88, 88);
          return data.some((value) => value > 0);
        }"""
        )
    )
    assert drawn, "there is no thumbnail"


def test_selected_file_is_shown_by_mouse_and_by_keyboard(
    page: Page, digits: list[FilePayload]
) -> None:
    choose(page, *digits, file("shopping.txt", b"milk", "text/plain"))
    expect(page.locator(ANNOUNCEMENT)).not_to_be_empty()
    rows(page).nth(4).click()
    expect_preview(page, "digit-4.png")
    expect(numeral(page)).to_have_text("4")
    page.keyboard.press("ArrowRight")
    expect(rows(page).nth(5)).to_be_focused()
    expect(rows(page).nth(5)).to_have_attribute("aria-selected", "true")
    expect(numeral(page)).to_have_text("5")
    page.keyboard.press("ArrowDown")  # there are four side by side
    expect(numeral(page)).to_have_text("9")
    page.keyboard.press("End")
    expect(title(page)).to_have_text("Not an image")
    expect(page.locator("#upload")).to_have_attribute("data-state", "file")
    page.keyboard.press("Home")
    expect(numeral(page)).to_have_text("0")
    assert rows(page).evaluate_all("(rows) => rows.map((row) => row.tabIndex)") == [0] + [-1] * 10
    selected = rows(page).evaluate_all("(rows) => rows.map((row) => row.ariaSelected)")
    assert selected == ["true"] + ["false"] * 10


def test_two_are_asked_about_at_a_time(page: Page, digits: list[FilePayload]) -> None:
    held = hold(page, API)
    hand_over(page, "drop", *digits[:4])
    wait_for(page, held, 2)
    page.wait_for_timeout(500)
    assert len(held) == 2
    expect(rows(page)).to_contain_text(["Reading…", "Reading…", "Waiting", "Waiting"])
    expect(page.locator(COUNT)).to_have_text("0 of 4 read")
    expect(title(page)).to_have_text("Reading…")
    held[1].fulfill(json=fake_answer(1))  # the second is quicker, and no other's answer
    wait_for(page, held, 3)
    expect(rows(page).locator(".figure")).to_have_text(["", "1", "", ""])
    expect(title(page)).to_have_text("Reading…")
    held[0].fulfill(json=fake_answer(0))
    expect(numeral(page)).to_have_text("0")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#files")).to_be_hidden()
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")


@pytest.mark.parametrize("button", ["Go on", "Live"])
def test_files_wait_for_a_word_where_nothing_is_read_by_itself(
    page: Page, digits: list[FilePayload], button: str
) -> None:
    questions = collect_questions(page)
    page.get_by_role("switch", name="Live").click()
    choose(page, *digits[:3])
    expect(rows(page)).to_contain_text(["Waiting", "Waiting", "Waiting"])
    page.wait_for_timeout(300)
    assert questions == []
    page.get_by_text(button, exact=True).click()
    expect(page.locator(COUNT)).to_have_text("3 of 3 read")
    expect(numeral(page)).to_have_text("0")
    assert len(questions) == 3


def test_live_switched_off_stops_the_list(page: Page, digits: list[FilePayload]) -> None:
    held = hold(page, API)
    choose(page, *digits[:3])
    wait_for(page, held, 2)
    page.get_by_role("switch", name="Live").click()
    expect(rows(page)).to_contain_text(["Waiting", "Waiting", "Waiting"])
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect(title(page)).to_have_text("Any digit")


def test_reading_is_stopped_and_goes_on(page: Page, digits: list[FilePayload]) -> None:
    held = hold(page, API)
    choose(page, *digits[:4])
    wait_for(page, held, 2)
    held[0].fulfill(json=fake_answer(0))
    expect(page.locator(COUNT)).to_have_text("1 of 4 read")
    page.get_by_role("button", name="Stop").click()
    expect(rows(page)).to_contain_text(["Zero", "Waiting", "Waiting", "Waiting"])
    expect(page.locator(ANNOUNCEMENT)).to_have_text("1 of 4 read")
    page.unroute(API)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(COUNT)).to_have_text("4 of 4 read")
    expect(page.get_by_role("button", name="Go on")).to_be_hidden()
    expect(rows(page).locator(".figure")).to_have_text(["0", "1", "2", "3"])


def test_server_that_goes_in_the_middle_stops_the_list_and_nothing_is_lost(
    open_page: OpenPage, own_server: LocalServer, watch: Watch, digits: list[FilePayload]
) -> None:
    page = open_page(own_server.url)
    asked: list[Route] = []

    def stop_at_the_third(route: Route) -> None:
        asked.append(route)
        if len(asked) == 3:
            own_server.stop()  # not before it has answered what it was asked
        route.continue_()

    page.route(API, stop_at_the_third)
    choose(page, *digits)
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect(page.locator(ANNOUNCEMENT)).to_have_text(re.compile(r"^[12] of 10 read, \d failed$"))
    expect(rows(page).filter(has_text="No answer")).not_to_have_count(0)
    own_server.start()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(COUNT)).to_have_text("10 of 10 read")
    expect(rows(page).locator(".figure")).to_have_text([str(digit) for digit in range(10)])


def test_list_waits_when_the_server_wants_a_pause(page: Page, digits: list[FilePayload]) -> None:
    held = hold(page, API)
    choose(page, *digits[:2])
    wait_for(page, held, 2)
    body = '{"type": "rate-limited", "detail": "Too many requests."}'
    for route in held[:2]:
        route.fulfill(status=429, headers={"Retry-After": "1"}, body=body)
    page.unroute(API)
    expect(page.locator(COUNT)).to_have_text("2 of 2 read")


def test_more_than_fifty_files_have_words(page: Page, digits: list[FilePayload]) -> None:
    page.route(API, lambda route: route.fulfill(json=fake_answer(1)))
    choose(page, *digits * 5, digits[0])
    expect(rows(page)).to_have_count(50)
    note = page.locator('#upload [data-part="note"]')
    expect(note).to_have_text("The first 50 of 51 are here. Give the others afterwards.")
    expect(page.locator(COUNT)).to_have_text("50 of 50 read")


def test_large_image_in_a_list_waits_for_its_upload(page: Page, digits: list[FilePayload]) -> None:
    choose(page, digits[0], file("glass.png", draw_on_glass(4)), digits[1])
    expect(page.locator(ANNOUNCEMENT)).to_have_text("2 of 3 read")
    rows(page).nth(1).click()
    expect(text(page)).to_contain_text("Upload it, or crop it")
    page.get_by_role("button", name="Upload and read").click()
    rows(page).nth(2).click()
    expect(numeral(page)).to_have_text("1")
    expect(rows(page).nth(1)).to_contain_text("Four")
    expect(page.locator(COUNT)).to_have_text("3 of 3 read")
    expect(numeral(page)).to_have_text("1")


def test_hostile_files_get_words_and_none_hangs_the_page(page: Page, watch: Watch) -> None:
    folder = os.environ.get("INKLING_BAD_IMAGES")
    if folder is None:
        pytest.skip("INKLING_BAD_IMAGES names no folder of hostile images.")
    with (Path(folder) / "manifest.tsv").open(encoding="utf-8") as manifest:
        listed = list(csv.DictReader(manifest, delimiter="\t"))
    given = [
        file(each["path"], (Path(folder) / each["path"]).read_bytes(), "") for each in listed[:50]
    ]
    assert len(given) == len(listed)
    choose(page, *given)
    expect(page.locator(ANNOUNCEMENT)).to_have_text(re.compile(rf"\d+ of {len(given)} read"))
    states = rows(page).evaluate_all("(rows) => rows.map((row) => row.dataset.state)")
    words = rows(page).locator(".words").all_text_contents()
    assert "" not in words
    for each, state in zip(listed, states, strict=True):
        if each["strict"] == "must":
            assert (state == "problem") == (each["expected"] == "reject"), each["path"]
    for i in range(len(given)):  # none of their previews hurts either
        rows(page).nth(i).click()
        expect(title(page)).not_to_be_empty()
    expect(title(page)).not_to_have_text("Reading…")
    # What the API reads and the browser can't has no thumbnail in the history.
    watch.complaints[:] = [each for each in watch.complaints if "can't be noted" not in each]
