"""A page whose scripts don't come says so by itself: nobody else could."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import numeral, write_digit
from tests.browser.states import WAIT_FOR_SCRIPTS, lose_script, stall

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_page_that_is_all_there_has_no_such_note(page: Page) -> None:
    expect(page.locator(".stalled")).to_have_count(0)


@pytest.mark.parametrize("reduced_motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("script", ["main.js", "pad.js", "strings/en.js"])
def test_one_that_is_not_offers_to_load_again(
    open_page: OpenPage, script: str, reduced_motion: str
) -> None:
    page = open_page(reduced_motion=reduced_motion)
    lose_script(page, script)
    note = page.locator(".stalled")
    expect(note).to_be_hidden()
    page.evaluate(WAIT_FOR_SCRIPTS)
    expect(note).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.unroute_all()
    page.get_by_role("link", name="Load it again").click()
    expect(note).to_have_count(0)
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")


def test_each_language_says_it(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 568})
    languages = page.locator("#language option").evaluate_all(
        "(options) => options.map((option) => option.lang)"
    )
    stall(page)
    links = page.locator(".stalled a")
    assert links.evaluate_all("(links) => links.map((link) => link.lang)") == languages
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
