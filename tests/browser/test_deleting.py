"""What is deleted from the history: it can be had back, and is gone from the server too."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LocalServer, OpenPage
from tests.browser.hand import numeral
from tests.browser.memories import (
    PREFIX,
    clear,
    delete,
    draw_entries,
    entries,
    figures,
    keep,
    read_entries,
    read_record,
    section,
    undo,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRACE = 10_000
"""Milliseconds in which what was deleted can be had back."""


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
