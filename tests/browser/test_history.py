"""The history of this browser: what it notes, and shows again."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_outcome
from tests.browser.conftest import OpenPage, Watch
from tests.browser.giving import choose, file
from tests.browser.hand import count_inked, numeral, text, write_digit, write_stroke
from tests.browser.memories import (
    clear,
    delete,
    draw_entries,
    entries,
    figures,
    keep,
    read_entries,
    section,
    undo,
)
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))


def test_what_was_read_is_shown_newest_first_and_outlives_the_page(page: Page) -> None:
    expect(section(page)).to_have_count(0)
    draw_entries(page, 7, 3)
    expect(figures(page)).to_have_text(["3", "7"])
    page.reload()
    expect(figures(page)).to_have_text(["3", "7"])
    expect(section(page)).to_be_visible()
    page.wait_for_timeout(1000)  # the drawing is read again, and is no other
    expect(entries(page)).to_have_count(2)


def test_a_drawing_has_one_entry_while_it_grows(page: Page) -> None:
    draw_entries(page, 1)
    for height in (0.1, 0.95):
        with page.expect_response(API):
            write_stroke(page, curve((0.1, height), (0.9, height)))
    page.wait_for_timeout(300)
    expect(entries(page)).to_have_count(1)
    draw_entries(page, 2)


def test_what_the_server_keeps_has_an_entry_of_its_own(page: Page) -> None:
    draw_entries(page, 1)
    record_id = keep(page)
    expect(entries(page)).to_have_count(1)
    with page.expect_response(API):
        write_stroke(page, UNDERLINE)
    expect(entries(page)).to_have_count(2)
    assert [entry["answer"]["stored"] for entry in read_entries(page)] == [False, True]
    assert read_entries(page)[1]["answer"]["id"] == record_id
    expect(section(page)).to_contain_text("on the server too")


def test_blank_is_noted_if_it_is_kept_alone(page: Page) -> None:
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 255).save(buffer, "PNG")
    choose(page, file("white.png", buffer.getvalue()))
    expect(page.locator("#answer")).to_have_attribute("data-state", "blank")
    page.wait_for_timeout(300)
    assert read_entries(page) == []
    page.get_by_role("button", name="Recognise").click()
    expect(entries(page)).to_have_attribute("aria-label", re.compile("^Nothing there"))
    page.reload()
    expect(entries(page)).to_have_count(1)


def test_an_example_has_one_entry_however_often_it_is_read(page: Page) -> None:
    for digit in (4, 2, 4):
        page.get_by_role("button", name=f"Example {digit}").click()
        expect(figures(page).first).to_have_text(str(digit))
    expect(figures(page)).to_have_text(["4", "2"])


def test_an_entry_tells_what_it_is_to_who_can_not_see_it(open_page: OpenPage) -> None:
    page = open_page(locale="en-GB")
    draw_entries(page, 7)
    label = entries(page).get_attribute("aria-label")
    assert label is not None
    assert re.match(r"7, \w+ \d+, \d{4}", label)
    page.route(API, lambda route: route.fulfill(json=fake_outcome("uncertain", 1, {1: 0.5})))
    write_stroke(page, UNDERLINE)
    expect(entries(page)).to_have_attribute("aria-label", re.compile("^Perhaps 1, "))
    page.get_by_label("Language").select_option("fr")
    expect(entries(page)).to_have_attribute("aria-label", re.compile("^Peut-être 1, "))
    expect(page.get_by_role("button", name=re.compile("^Supprimer : Peut-être 1"))).to_have_count(1)


def test_a_drawing_is_shown_again_without_asking(page: Page, watch: Watch) -> None:
    draw_entries(page, 7, 3)
    said = text(page).inner_text()
    asked = len(watch.requests)
    entries(page).nth(1).click()
    expect(numeral(page)).to_have_text("7")
    entries(page).nth(0).click()
    expect(numeral(page)).to_have_text("3")
    expect(text(page)).to_have_text(said)
    assert count_inked(page) > 0
    page.wait_for_timeout(1000)
    assert [url for url in watch.requests[asked:] if not url.startswith("data:")] == []
    expect(figures(page)).to_have_text(["3", "7"])


def test_what_is_drawn_over_an_entry_leaves_it_as_it_is(page: Page) -> None:
    draw_entries(page, 7, 3)
    entries(page).nth(1).click()
    expect(numeral(page)).to_have_text("7")
    with page.expect_response(API):
        write_stroke(page, UNDERLINE)
    expect(entries(page)).to_have_count(3)
    assert figures(page).all_inner_texts()[1:] == ["3", "7"]


def test_a_picture_is_noted_and_shown_again(page: Page, draw_digit: DrawDigit) -> None:
    choose(page, file("six.jpg", draw_digit(6, "JPEG"), "image/jpeg"))
    expect(figures(page)).to_have_text(["6"])
    page.reload()
    draw_entries(page, 2)
    entries(page).nth(1).click()
    expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("img", name="Preview of six.jpg")).to_be_visible()
    expect(numeral(page)).to_have_text("6")
    expect(figures(page)).to_have_text(["2", "6"])


def test_what_is_kept_has_an_entry_even_where_no_history_is_wanted(page: Page) -> None:
    draw_entries(page, 1)
    page.get_by_label("Keep").uncheck()
    clear(page)
    write_digit(page, 2)
    expect(numeral(page)).to_have_text("2")
    record_id = keep(page)
    expect(figures(page)).to_have_text(["2", "1"])
    assert read_entries(page)[0]["answer"]["id"] == record_id
    clear(page)
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    page.get_by_role("button", name="It is an 8").click()
    expect(figures(page)).to_have_text(["3 8", "2", "1"])


def test_who_wants_no_history_has_none(page: Page) -> None:
    draw_entries(page, 1)
    page.get_by_label("Keep").uncheck()
    clear(page)
    write_digit(page, 2)
    expect(numeral(page)).to_have_text("2")
    page.wait_for_timeout(300)
    expect(figures(page)).to_have_text(["1"])
    page.reload()
    expect(page.get_by_label("Keep")).not_to_be_checked()
    page.get_by_role("button", name="Delete all").click()
    expect(page.get_by_label("Keep")).to_be_visible()
    page.get_by_label("Keep").check()
    draw_entries(page, 3)


def test_history_is_used_by_keyboard_alone(page: Page) -> None:
    draw_entries(page, 1, 2, 3)
    entries(page).nth(0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(entries(page).nth(1)).to_be_focused()
    outline = entries(page).nth(1).evaluate("(b) => getComputedStyle(b).outlineStyle")
    assert outline == "solid", "the focus can't be seen"
    page.keyboard.press("Enter")
    expect(numeral(page)).to_have_text("2")
    expect(entries(page).nth(1)).to_be_focused()
    page.keyboard.press("Delete")
    expect(figures(page)).to_have_text(["3", "1"])
    expect(entries(page).nth(1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#history .remove").nth(1)).to_be_focused()
    expect(page.locator("#history .remove").nth(1)).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(figures(page)).to_have_text(["3"])
    page.keyboard.press("Enter")
    expect(entries(page)).to_have_count(0)
    expect(undo(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(figures(page)).to_have_text(["3", "2", "1"])


@pytest.mark.parametrize("language", ["en", "ru", "fr", "zh"])
def test_everything_fits_the_narrowest_phone(open_page: OpenPage, language: str) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    draw_entries(page, 1, 2, 3, 4, 5)
    keep(page)
    page.get_by_role("combobox").first.select_option(language)
    delete(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for button in page.locator("#history button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    expect(page.locator("#history .remove").first).to_have_css("opacity", "1")
