"""Saying which digit it really is, and what becomes of that on the server."""

import json
from base64 import b64decode

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.browser.hand import numeral, write_stroke
from tests.browser.memories import draw_entries, entries, figures, read_entries, read_record

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEEPING = "**/api/recognitions?store=true*"
UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))


def choice(page: Page, digit: int) -> Locator:
    return page.get_by_role("button", name=f"It is a {digit}", exact=True)


def tap(page: Page, digit: int) -> None:
    choice(page, digit).click()


def expect_thanks(page: Page, digit: int) -> None:
    expect(page.locator("#answer")).to_contain_text(f"Thank you. It is a {digit}.")


def count_kept(watch: Watch) -> int:
    return sum("store=true" in url for url in watch.requests)


def read_label(page: Page, record_id: str) -> int | None:
    record = read_record(page, record_id)
    assert record is not None, "nothing is kept"
    label: int | None = record["label"] and record["label"]["digit"]
    return label


def test_a_correction_keeps_the_image_and_labels_it(page: Page, watch: Watch) -> None:
    draw_entries(page, 1)
    assert count_kept(watch) == 0
    tap(page, 7)
    expect_thanks(page, 7)
    record_id = page.locator('[data-part="id"]').inner_text()
    assert read_label(page, record_id) == 7
    [entry] = read_entries(page)
    assert (entry["answer"]["id"], entry["label"]) == (record_id, 7)
    expect(figures(page)).to_have_text(["1 7"])
    page.reload()
    expect(figures(page)).to_have_text(["1 7"])


def test_the_image_that_is_kept_is_the_one_that_was_read(page: Page) -> None:
    draw_entries(page, 1)
    tap(page, 7)
    expect_thanks(page, 7)
    [entry] = read_entries(page)
    kept = page.request.get(f"{page.url}api/recognitions/{entry['answer']['id']}/image")
    assert kept.body() == b64decode(entry["image"].partition(",")[2])


def test_what_is_kept_already_is_not_kept_again(page: Page, watch: Watch) -> None:
    draw_entries(page, 1)
    page.get_by_role("button", name="Recognise").click()
    expect(page.locator('[data-part="kept"]')).to_be_visible()
    record_id = page.locator('[data-part="id"]').inner_text()
    tap(page, 7)
    expect_thanks(page, 7)
    assert read_label(page, record_id) == 7
    assert count_kept(watch) == 1
    expect(entries(page)).to_have_count(1)


def test_of_several_taps_the_last_counts_and_one_image_is_kept(page: Page, watch: Watch) -> None:
    draw_entries(page, 1)
    for digit in (7, 7, 4, 7, 4):
        tap(page, digit)
    expect(figures(page)).to_have_text(["1 4"])
    expect_thanks(page, 4)
    assert count_kept(watch) == 1
    assert read_label(page, read_entries(page)[0]["answer"]["id"]) == 4


def test_the_digit_that_was_read_can_be_affirmed(page: Page) -> None:
    draw_entries(page, 3)
    tap(page, 3)
    expect_thanks(page, 3)
    expect(figures(page)).to_have_text(["3"])
    assert read_label(page, read_entries(page)[0]["answer"]["id"]) == 3


@pytest.mark.parametrize("held_up", [KEEPING, "**/label"])
def test_a_correction_goes_to_the_answer_it_was_tapped_at(page: Page, held_up: str) -> None:
    draw_entries(page, 1)
    held = hold(page, held_up)
    tap(page, 7)
    sent = wait_for(page, held, 1)
    write_stroke(page, UNDERLINE)
    expect(entries(page)).to_have_count(2)
    sent.continue_()
    expect(figures(page).nth(1)).to_have_text("1 7")
    newest, oldest = read_entries(page)
    assert (newest["label"], oldest["label"]) == (None, 7)
    assert read_label(page, oldest["answer"]["id"]) == 7
    expect(page.locator("#answer")).not_to_contain_text("Thank you")


def test_a_correction_before_the_answer_is_there_waits_for_it(page: Page) -> None:
    draw_entries(page, 1)
    held = hold(page, API)
    write_stroke(page, UNDERLINE)
    tap(page, 7)
    expect(choice(page, 7)).to_have_attribute("aria-pressed", "true")
    question = wait_for(page, held, 1)
    question.continue_()
    wait_for(page, held, 2).continue_()  # with which it's kept
    expect_thanks(page, 7)
    [entry] = read_entries(page)
    assert read_label(page, entry["answer"]["id"]) == 7
    kept = page.request.get(f"{page.url}api/recognitions/{entry['answer']['id']}/image")
    assert kept.body() == question.request.post_data_buffer


def test_a_correction_before_the_answer_is_there_is_not_of_another_drawing(
    page: Page, watch: Watch
) -> None:
    draw_entries(page, 1)
    held = hold(page, API)
    write_stroke(page, UNDERLINE)
    wait_for(page, held, 1)
    tap(page, 7)
    write_stroke(page, curve((0.9, 0.1), (0.9, 0.8)))
    expect(choice(page, 7)).to_have_attribute("aria-pressed", "false")
    wait_for(page, held, 2).continue_()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    page.wait_for_timeout(200)
    assert count_kept(watch) == 0
    expect(page.locator("#answer")).not_to_contain_text("Thank you")


def test_a_correction_that_fails_late_is_not_said_of_the_next_answer(page: Page) -> None:
    draw_entries(page, 1)
    held = hold(page, KEEPING)
    tap(page, 7)
    sent = wait_for(page, held, 1)
    draw_entries(page, 3)
    sent.abort()
    expect(page.get_by_role("region", name="History")).to_contain_text("couldn’t be kept")
    expect(page.locator("#answer")).not_to_contain_text("couldn’t be kept")
    expect(figures(page)).to_have_text(["3", "1"])


def test_a_correction_that_fails_says_so_and_may_be_tapped_again(
    open_page: OpenPage, own_server: LocalServer
) -> None:
    page = open_page(own_server.url)
    draw_entries(page, 1)
    own_server.stop()
    tap(page, 7)
    expect(page.locator("#answer")).to_contain_text("couldn’t be kept")
    expect(numeral(page)).to_have_text("1")
    expect(figures(page)).to_have_text(["1"])
    own_server.start()
    tap(page, 7)
    expect_thanks(page, 7)
    assert read_label(page, read_entries(page)[0]["answer"]["id"]) == 7


def test_an_image_whose_label_fails_is_known_to_be_kept(page: Page, watch: Watch) -> None:
    draw_entries(page, 1)
    page.route("**/label", lambda route: route.abort())
    tap(page, 7)
    expect(page.locator("#answer")).to_contain_text("couldn’t be kept")
    [entry] = read_entries(page)
    assert (entry["answer"]["stored"], entry["label"]) == (True, None)
    page.unroute("**/label")
    tap(page, 7)
    expect_thanks(page, 7)
    assert count_kept(watch) == 1


def test_a_server_that_keeps_nothing_can_not_be_corrected(page: Page) -> None:
    draw_entries(page, 1)
    page.route(KEEPING, lambda route: route.fulfill(json=fake_answer(1)))
    tap(page, 7)
    expect(page.locator("#answer")).to_contain_text("couldn’t be kept")
    assert read_entries(page)[0]["label"] is None


def test_an_entry_of_the_history_is_corrected_later(page: Page, watch: Watch) -> None:
    draw_entries(page, 1, 3)
    page.reload()
    entries(page).nth(1).click()
    expect(numeral(page)).to_have_text("1")
    tap(page, 7)
    expect(figures(page)).to_have_text(["3", "1 7"])
    oldest = read_entries(page)[1]
    assert read_label(page, oldest["answer"]["id"]) == 7
    entries(page).nth(0).click()
    expect(numeral(page)).to_have_text("3")
    entries(page).nth(1).click()
    expect_thanks(page, 7)
    tap(page, 2)
    expect(figures(page)).to_have_text(["3", "1 2"])
    assert read_label(page, oldest["answer"]["id"]) == 2
    assert count_kept(watch) == 1


def test_what_was_deleted_elsewhere_is_kept_anew(page: Page) -> None:
    draw_entries(page, 1)
    tap(page, 7)
    expect_thanks(page, 7)
    first = read_entries(page)[0]["answer"]["id"]
    assert page.request.delete(f"{page.url}api/recognitions/{first}").status == 204
    tap(page, 4)
    expect(figures(page)).to_have_text(["1 4"])
    second = read_entries(page)[0]["answer"]["id"]
    assert second != first
    assert read_label(page, second) == 4


def test_what_was_deleted_from_the_history_has_an_entry_again(page: Page) -> None:
    draw_entries(page, 1)
    tap(page, 7)
    expect_thanks(page, 7)
    page.clock.install()
    entries(page).focus()
    page.keyboard.press("Delete")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.clock.fast_forward(10_000)
    expect(entries(page)).to_have_count(0)
    tap(page, 4)
    expect(figures(page)).to_have_text(["1 4"])
    assert read_label(page, read_entries(page)[0]["answer"]["id"]) == 4


def test_a_correction_is_sent_as_the_api_wants_it(page: Page) -> None:
    draw_entries(page, 1)
    sent: list[Route] = hold(page, "**/label")
    tap(page, 7)
    request = wait_for(page, sent, 1).request
    assert (request.method, json.loads(request.post_data or "")) == ("PUT", {"digit": 7})
    sent[0].continue_()
    expect_thanks(page, 7)
