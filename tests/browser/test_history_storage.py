"""Where the history lies: in a storage that tabs share, and that may be full or forbidden."""

import json

import pytest
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API
from tests.browser.hand import numeral, write_digit, write_stroke
from tests.browser.memories import (
    PREFIX,
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

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DENY_STORAGE = """
  Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
  });
"""
FILL_STORAGE = """
  const write = Storage.prototype.setItem;
  Storage.prototype.setItem = function (name, text) {
    let size = name.length + text.length;
    for (const key of Object.keys(this)) if (key !== name) size += this.getItem(key).length;
    if (size > 45_000) throw new DOMException("full", "QuotaExceededError");
    write.call(this, name, text);
  };
"""


def test_two_tabs_agree(page: Page) -> None:
    draw_entries(page, 1)
    other = page.context.new_page()
    other.goto(page.url)
    expect(figures(other)).to_have_text(["1"])
    draw_entries(other, 2)
    expect(figures(page)).to_have_text(["2", "1"])
    draw_entries(page, 3)
    expect(figures(other)).to_have_text(["3", "2", "1"])
    delete(page, 1)
    expect(figures(other)).to_have_text(["3", "1"])
    undo(page).click()
    expect(figures(other)).to_have_text(["3", "2", "1"])
    other.evaluate("localStorage.clear()")
    expect(entries(page)).to_have_count(0)
    other.close()


def test_a_duplicate_of_a_tab_draws_in_an_entry_of_its_own(page: Page) -> None:
    """Of the tab's memory it has a copy: the drawing that the tab was left with, and its entry."""
    draw_entries(page, 1)
    page.reload()
    expect(figures(page)).to_have_text(["1"])
    with page.expect_popup() as opened:
        page.evaluate("() => void open(location.href)")
    other = opened.value
    expect(numeral(other)).to_have_text("1")
    expect(figures(other)).to_have_text(["1"])
    with other.expect_response(API):
        write_stroke(other, curve((0.1, 0.95), (0.9, 0.95)))
    expect(entries(other)).to_have_count(2)
    page.bring_to_front()
    with page.expect_response(API):
        write_stroke(page, curve((0.1, 0.05), (0.9, 0.05)))
    expect(entries(page)).to_have_count(2)
    page.wait_for_timeout(300)
    images = {entry["image"] for entry in read_entries(page)}
    assert len(images) == 2
    expect(entries(other)).to_have_count(2)
    other.close()


def test_a_browser_that_forbids_storage_has_a_history_as_long_as_the_page(page: Page) -> None:
    page.add_init_script(DENY_STORAGE)
    page.reload()
    draw_entries(page, 4, 9)
    delete(page, 0)
    undo(page).click()
    expect(figures(page)).to_have_text(["9", "4"])
    clear(page)
    page.reload()
    expect(section(page)).to_have_count(0)


def test_old_entries_make_room_for_new_ones_where_storage_is_full(page: Page) -> None:
    page.add_init_script(FILL_STORAGE)
    page.reload()
    draw_entries(page, 1)
    record_id = keep(page)
    for digit in (2, 3, 4, 5, 6):
        clear(page)
        write_digit(page, digit)
        expect(figures(page).first).to_have_text(str(digit))
    kept = read_entries(page)
    assert 3 <= len(kept) <= 5
    assert kept[0]["answer"]["digit"] == 6
    assert record_id in {entry["answer"]["id"] for entry in kept}, "nothing else leads there"


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "null",
        "{",
        '{"key": "junk"}',
        '{"key": "junk", "time": 1, "kind": "drawing", "name": "", "image": "javascript:1",'
        ' "answer": {"outcome": "digit", "digit": 11, "scores": "abc"}}',
    ],
)
def test_junk_in_the_storage_does_no_harm(page: Page, junk: str) -> None:
    draw_entries(page, 8)
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"{PREFIX}junk", junk])
    page.reload()
    expect(figures(page)).to_have_text(["8"])
    assert len(read_entries(page)) == 1


def test_the_oldest_of_sixty_goes(page: Page) -> None:
    draw_entries(page, 8)
    page.evaluate(
        """([prefix, text]) => {
          for (let i = 0; i < 59; i++) {
            const key = `old-${i}`;
            const old = { ...JSON.parse(text), key, time: 1000 + i };
            localStorage.setItem(prefix + key, JSON.stringify(old));
          }
        }""",
        [PREFIX, json.dumps(read_entries(page)[0])],
    )
    page.reload()
    expect(entries(page)).to_have_count(12)
    page.get_by_role("button", name="Show all 60").click()
    expect(entries(page)).to_have_count(60)
    expect(entries(page).nth(12)).to_be_focused()
    clear(page)
    page.locator("#pad").scroll_into_view_if_needed()
    write_digit(page, 1)
    expect(figures(page).first).to_have_text("1")
    keys = {entry["key"] for entry in read_entries(page)}
    assert len(keys) == 60
    assert "old-0" not in keys
    assert "old-1" in keys


def test_what_the_server_keeps_outlasts_any_number_and_what_is_being_deleted(page: Page) -> None:
    """Else nothing would lead there any more."""
    draw_entries(page, 8)
    page.evaluate(
        """([prefix, text]) => {
          const entry = JSON.parse(text);
          for (let i = 0; i < 60; i++) {
            const key = `old-${i}`;
            const answer = { ...entry.answer, id: key, stored: true };
            const old = { ...entry, key, answer, time: 1000 + i, discarded: i === 0 };
            localStorage.setItem(prefix + key, JSON.stringify(old));
          }
        }""",
        [PREFIX, json.dumps(read_entries(page)[0])],
    )
    page.reload()
    clear(page)
    write_digit(page, 1)
    expect(figures(page).first).to_have_text("1")
    keys = {entry["key"] for entry in read_entries(page)}
    assert {f"old-{i}" for i in range(60)} <= keys
