"""The history of this browser: what it notes, shows again, gives back and deletes."""

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_outcome
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.browser.giving import choose, file
from tests.browser.hand import count_inked, numeral, text, write_digit, write_stroke
from tests.browser.memories import (
    PREFIX,
    clear,
    draw_entries,
    entries,
    figures,
    read_entries,
    read_record,
)
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))
GRACE = 10_000
"""Milliseconds in which what was deleted can be had back."""
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


def test_what_is_deleted_comes_back_at_a_word(page: Page) -> None:
    draw_entries(page, 1, 2, 3)
    delete(page, 1)
    expect(figures(page)).to_have_text(["3", "1"])
    expect(section(page).get_by_role("status")).to_have_text("1 deleted.")
    delete(page, 0)
    expect(section(page).get_by_role("status")).to_have_text("2 deleted.")
    undo(page).click()
    expect(figures(page)).to_have_text(["3", "2", "1"])
    assert len(read_entries(page)) == 3


def test_what_is_deleted_is_gone_from_the_server_too(page: Page) -> None:
    draw_entries(page, 5)
    record_id = keep(page)
    assert read_record(page, record_id) is not None
    image = f"{page.url}api/recognitions/{record_id}/image"
    assert page.request.get(image).ok
    page.clock.install()
    delete(page, 0)
    assert read_record(page, record_id) is not None, "there'd be nothing to have back"
    with page.expect_response(f"**/{record_id}") as response:
        page.clock.fast_forward(GRACE)
    assert response.value.request.method == "DELETE"
    assert read_record(page, record_id) is None
    assert page.request.get(image).status == 404
    expect(section(page)).to_have_count(0)
    assert read_entries(page) == []


def test_answer_no_longer_says_that_it_is_kept_when_that_is_deleted(page: Page) -> None:
    kept = page.locator('[data-part="kept"]')
    draw_entries(page, 7)
    record_id = keep(page)
    expect(kept).to_contain_text(record_id)
    delete(page, 0)
    expect(kept).to_be_hidden()
    undo(page).click()
    expect(kept).to_contain_text(record_id)
    delete(page, 0)
    page.get_by_role("tab", name="Upload").click()
    page.get_by_role("tab", name="Draw").click()
    expect(numeral(page)).to_have_text("7")
    expect(kept).to_be_hidden()


def test_all_are_deleted_at_once_and_with_the_page(page: Page) -> None:
    draw_entries(page, 5)
    record_id = keep(page)
    draw_entries(page, 6)
    page.get_by_role("button", name="Delete all").click()
    expect(entries(page)).to_have_count(0)
    expect(undo(page)).to_be_focused()
    address = page.url
    page.goto("about:blank")  # nobody can have them back
    page.goto(address)
    expect(section(page)).to_have_count(0)
    for _ in range(100):
        if read_record(page, record_id) is None:
            return
        page.wait_for_timeout(100)
    pytest.fail("the record is still there")


def test_what_an_earlier_page_began_to_delete_is_deleted(page: Page) -> None:
    draw_entries(page, 5)
    [entry] = read_entries(page)
    page.evaluate(
        "([name, text]) => localStorage.setItem(name, text)",
        [PREFIX + entry["key"], json.dumps({**entry, "discarded": True})],
    )
    clear(page)
    page.clock.install()
    page.reload()
    expect(section(page)).to_have_count(0)
    page.clock.fast_forward(GRACE)
    assert read_entries(page) == []


def test_what_is_gone_from_the_server_already_is_deleted_all_the_same(page: Page) -> None:
    draw_entries(page, 5)
    record_id = keep(page)
    assert page.request.delete(f"{page.url}api/recognitions/{record_id}").status == 204
    page.clock.install()
    delete(page, 0)
    with page.expect_response(f"**/{record_id}") as response:
        page.clock.fast_forward(GRACE)
    assert response.value.status == 404
    expect(section(page)).to_have_count(0)


def test_what_the_server_does_not_let_go_comes_back_and_says_so(
    open_page: OpenPage, own_server: LocalServer
) -> None:
    page = open_page(own_server.url)
    draw_entries(page, 5)
    record_id = keep(page)
    own_server.stop()
    page.clock.install()
    delete(page, 0)
    expect(entries(page)).to_have_count(0)
    page.clock.fast_forward(GRACE)
    expect(entries(page)).to_have_count(1)
    expect(section(page).get_by_role("status")).to_contain_text("It’s still here")
    own_server.start()
    delete(page, 0)
    with page.expect_response(f"**/{record_id}"):
        page.clock.fast_forward(GRACE)
    expect(section(page)).to_have_count(0)
    assert read_record(page, record_id) is None


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


def test_what_is_deleted_leaves_its_id_alone_behind_until_the_server_has_let_go(
    open_page: OpenPage,
) -> None:
    page = open_page()
    draw_entries(page, 5)
    record_id = keep(page)
    page.route(f"**/{record_id}", lambda route: route.abort())
    delete(page, 0)
    image = read_entries(page)[0]["image"]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    expect(entries(page)).to_have_count(1)  # it's said to be here still
    [entry] = read_entries(page)
    assert entry["answer"]["id"] == record_id
    assert len(entry["image"]) < 200 < len(image)


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
