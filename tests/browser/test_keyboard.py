"""Everything at the sheet without a pointer, and the shortcuts beside one."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answers import API
from tests.browser.conftest import OpenPage
from tests.browser.giving import choose, file
from tests.browser.hand import count_inked, numeral, write_digit
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def pad(page: Page) -> Locator:
    return page.get_by_role("application", name="Drawing pad")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def hold_keys(page: Page, *keys: str, times: int) -> None:
    """As a hand does: the last key that went down repeats."""
    for key in keys:
        page.keyboard.down(key)
    for _ in range(times - 1):
        page.keyboard.down(keys[-1])
    for key in keys:
        page.keyboard.up(key)


def reach_pad(page: Page) -> None:
    for _ in range(8):
        page.keyboard.press("Tab")
        if pad(page).evaluate("(pad) => pad === document.activeElement"):
            return
    pytest.fail("the pad can't be reached by Tab")


def test_seven_is_drawn_and_read_by_keys_alone(page: Page) -> None:
    reach_pad(page)
    press(page, *["Shift+ArrowUp"] * 3, *["Shift+ArrowLeft"] * 2)
    assert count_inked(page) == 0
    press(page, "Space")
    hold_keys(page, "ArrowRight", times=20)
    hold_keys(page, "ArrowLeft", "ArrowDown", times=14)
    hold_keys(page, "ArrowDown", times=16)
    press(page, "Space")
    expect(numeral(page)).to_have_text("7")
    drawn = count_inked(page)
    press(page, "Shift+ArrowUp")
    assert count_inked(page) == drawn, "a lifted pen drew"


def test_keyboard_pen_says_where_it_is(page: Page) -> None:
    said = page.locator("#draw [aria-live]")
    reach_pad(page)
    press(page, "Space")
    expect(said).to_have_text("Pen down, middle")
    press(page, "Shift+ArrowUp", "Shift+ArrowUp")
    expect(said).to_have_text("top")
    press(page, "Space")
    expect(said).to_have_text("Pen up, top")


def test_keyboard_pen_is_seen_while_keys_draw_and_no_longer(page: Page) -> None:
    nib = page.locator(".nib")
    expect(nib).to_be_hidden()
    reach_pad(page)
    expect(nib).to_be_visible()
    before = nib.bounding_box()
    press(page, "Shift+ArrowRight")
    after = nib.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] > before["x"]
    assert page.locator("#draw").evaluate("(d) => getComputedStyle(d).outlineStyle") == "solid"
    press(page, "Space", "ArrowDown")
    write_digit(page, 7)
    expect(nib).to_be_hidden()
    assert page.locator("#draw").evaluate("(d) => getComputedStyle(d).outlineStyle") == "none"


def test_pen_is_lifted_where_the_focus_leaves(page: Page) -> None:
    reach_pad(page)
    press(page, "Space", "ArrowDown", "Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    with page.expect_request(API):
        pass
    page.get_by_role("button", name="Undo").press("Enter")
    assert count_inked(page) == 0


@pytest.mark.parametrize("redo", ["Control+Shift+Z", "Control+Y", "Meta+Shift+Z"])
def test_shortcuts_undo_and_redo(page: Page, redo: str) -> None:
    write_digit(page, 7)
    drawn = count_inked(page)
    press(page, "Meta+Z" if "Meta" in redo else "Control+Z")
    assert 0 < count_inked(page) < drawn
    press(page, redo)
    assert count_inked(page) == drawn


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_clear_by_key_and_undone(page: Page, key: str) -> None:
    write_digit(page, 7)
    drawn = count_inked(page)
    press(page, key)
    assert count_inked(page) == 0
    press(page, "Control+Z")
    assert count_inked(page) == drawn


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_stray_key_spares_the_files(page: Page, draw_digit: DrawDigit, key: str) -> None:
    choose(page, *(file(f"{digit}.png", draw_digit(digit)) for digit in (0, 1)))
    expect(numeral(page)).to_have_text("0")
    page.evaluate("document.activeElement.blur()")
    press(page, key)
    expect(page.locator("#files").get_by_role("option")).to_have_count(2)
    expect(numeral(page)).to_have_text("0")
    clear = page.get_by_role("button", name="Clear")
    expect(clear).to_have_attribute("title", "Clear")
    expect(clear).not_to_have_attribute("aria-keyshortcuts", re.compile(""))


def test_keys_of_other_elements_are_their_own(page: Page) -> None:
    write_digit(page, 7)
    drawn = count_inked(page)
    page.get_by_role("combobox", name="Language").focus()
    press(page, "Delete", "Backspace", "Control+Z")
    page.get_by_role("radio", name="Medium").focus()
    press(page, "Delete")
    page.get_by_role("link", name="API").focus()
    press(page, "Backspace")
    assert count_inked(page) == drawn


def test_enter_recognises(page: Page) -> None:
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    with page.expect_response("**/api/recognitions?*store=true*"):
        press(page, "Enter")


def test_undo_keeps_the_focus_when_nothing_is_left_to_undo(page: Page) -> None:
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    page.locator("#pad").click()
    expect(undo).to_be_enabled()
    undo.focus()
    press(page, "Enter")
    assert count_inked(page) == 0
    expect(undo).to_be_focused()
    expect(undo).to_be_disabled()
    expect(redo).to_be_enabled()
    press(page, "Enter")
    expect(redo).to_be_enabled()


def test_pen_is_chosen_by_arrows(page: Page) -> None:
    page.get_by_role("radio", name="Medium").focus()
    press(page, "ArrowRight")
    expect(page.get_by_role("radio", name="Thick")).to_be_checked()
    press(page, "ArrowLeft", "ArrowLeft")
    expect(page.get_by_role("radio", name="Thin")).to_be_checked()


def test_live_is_switched_by_keys(page: Page) -> None:
    live = page.get_by_role("switch", name="Live")
    live.focus()
    press(page, "Space")
    expect(live).not_to_be_checked()
    press(page, "Enter")
    expect(live).to_be_checked()


def test_tools_have_names_tips_and_shortcuts(open_page: OpenPage) -> None:
    page = open_page(locale="fr")
    undo = page.get_by_role("button", name="Annuler")
    expect(undo).to_have_attribute("title", "Annuler (Ctrl+Z)")
    expect(undo).to_have_attribute("aria-keyshortcuts", "Control+Z Meta+Z")
    for name in ("Rétablir", "Effacer", "Reconnaître"):
        expect(page.get_by_role("button", name=name)).to_have_count(1)
    for name in ("Fin", "Moyen", "Épais"):
        expect(page.get_by_role("radio", name=name)).to_have_count(1)
