"""The row of examples: what it shows before anything is asked for, and what a tap on one does."""

import pytest
from playwright.sync_api import Locator, Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, hold, wait_for
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.browser.hand import count_inked, numeral, title, write_digit, write_stroke

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IMAGES = "**/static/test_digits/*.jpg"
UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))
NARROWEST_TARGET = 24
"""Pixels, by WCAG 2.2's criterion 2.5.8."""


def example(page: Page, digit: int) -> Locator:
    return page.get_by_role("button", name=f"Example {digit}", exact=True)


@pytest.mark.parametrize("width", [320, 1280])
def test_all_ten_are_seen_in_one_row_before_anything_is_asked_for(
    open_page: OpenPage, watch: Watch, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 568})
    buttons = page.locator("#examples").get_by_role("button")
    expect(buttons).to_have_count(10)
    boxes = [button.bounding_box() for button in buttons.all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert all(box["width"] >= NARROWEST_TARGET and box["height"] >= 44 for box in boxes if box)
    drawn = page.locator("#examples use").evaluate_all(
        "(uses) => uses.map((use) => use.getBBox().width)"
    )
    assert all(share > 0 for share in drawn), "a symbol is missing"
    asked = {url.removeprefix(watch.origin) for url in watch.requests}
    assert "digits.svg" in asked
    assert not any(url.startswith(("examples/", "static/")) for url in asked)


@pytest.mark.parametrize("digit", range(10))
def test_an_example_is_painted_and_read(page: Page, digit: int) -> None:
    example(page, digit).click()
    expect(numeral(page)).to_have_text(str(digit))
    assert count_inked(page) > 0


def test_an_example_is_drawn_over_and_cleared(page: Page) -> None:
    example(page, 3).click()
    expect(numeral(page)).to_have_text("3")
    painted = count_inked(page)
    with page.expect_request(API):
        write_stroke(page, UNDERLINE)
    assert count_inked(page) > painted
    page.get_by_role("button", name="Clear").click()
    assert count_inked(page) == 0


def test_an_example_is_previewed_where_images_are_uploaded(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()
    example(page, 4).click()
    expect(page.get_by_role("img", name="Preview of Example 4")).to_be_visible()
    expect(numeral(page)).to_have_text("4")


def test_an_example_is_read_by_keyboard_alone(page: Page) -> None:
    button = example(page, 0)
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("(b) => b === document.activeElement"):
            break
    expect(button).to_be_focused()
    outline = button.evaluate("(b) => getComputedStyle(b).outlineStyle")
    assert outline == "solid", "the focus can't be seen"
    page.keyboard.press("Enter")
    expect(numeral(page)).to_have_text("0")


def test_the_last_of_two_examples_counts_whichever_comes_first(page: Page) -> None:
    example(page, 5).click()
    expect(numeral(page)).to_have_text("5")
    held = hold(page, IMAGES)
    example(page, 1).click()
    first = wait_for(page, held, 1)
    example(page, 2).click()
    wait_for(page, held, 2).continue_()
    expect(numeral(page)).to_have_text("2")
    with page.expect_response(IMAGES):
        first.continue_()
    page.wait_for_timeout(500)
    expect(numeral(page)).to_have_text("2")


def test_an_example_that_comes_late_spares_a_new_drawing(page: Page) -> None:
    held = hold(page, IMAGES)
    example(page, 3).click()
    route = wait_for(page, held, 1)
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    drawn = count_inked(page)
    with page.expect_response(IMAGES):
        route.continue_()
    page.wait_for_timeout(500)
    assert count_inked(page) == drawn
    expect(numeral(page)).to_have_text("7")


def test_examples_come_again_with_the_server(open_page: OpenPage, own_server: LocalServer) -> None:
    page = open_page(own_server.url)
    own_server.stop()
    example(page, 6).click()
    expect(title(page)).to_have_text("No answer")
    own_server.start()
    example(page, 6).click()
    expect(numeral(page)).to_have_text("6")


def test_examples_are_named_in_the_language_chosen(page: Page) -> None:
    page.get_by_label("Language").select_option("fr")
    expect(page.get_by_role("button", name="Exemple 9", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Ou essayez")).to_be_visible()
