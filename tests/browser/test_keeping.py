"""What the server keeps, and that its owner can always find it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response, Route, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import OpenPage, Watch
from tests.browser.hand import announcement, numeral, title, write_digit, write_stroke
from tests.browser.memories import entries, figures, read_entries, read_record
from tests.browser.test_live import collect_questions

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEEPING = "**/api/recognitions?store=true*"
GRACE = 10_000
"""Milliseconds after which the page deletes what an earlier one has left to it."""
PATIENCE = 30_000
"""Milliseconds that the page awaits an answer."""
NETWORK_IS_BACK = 'dispatchEvent(new Event("online"))'
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


def test_an_empty_sheet_is_answered_without_the_server(page: Page) -> None:
    questions = collect_questions(page)
    for _ in range(2):
        page.get_by_role("button", name="Recognise").click()
        expect(title(page)).to_have_text("Nothing there")
        expect(announcement(page)).to_have_text(re.compile(r"^Nothing there\. No ink was found"))
        expect(page.locator("#answer")).to_have_attribute("data-state", "empty")
        assert questions == []
        write_digit(page, 3)
        expect(numeral(page)).to_have_text("3")
        page.get_by_role("button", name="Clear").click()
        expect(title(page)).to_have_text("Any digit")
        questions.clear()


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


# A page that is left before the answer


def leave_meanwhile(page: Page) -> Route:
    """Load the page anew while something is to be kept; returns the question."""
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.get_by_role("button", name="Recognise").click()
    question = wait_for(page, held, 1)
    page.clock.install()
    return question


def find_id(question: Route) -> str:
    return parse_qs(urlsplit(question.request.url).query)["id"][0]


def test_what_was_kept_for_a_page_that_was_left_is_deleted_by_the_next(page: Page) -> None:
    question = leave_meanwhile(page)
    record_id = question.fetch().json()["id"]
    assert record_id == find_id(question)
    page.reload()
    assert read_record(page, record_id) is not None
    with page.expect_response(f"**/{record_id}") as removal:
        page.clock.fast_forward(GRACE)
    assert (removal.value.request.method, removal.value.status) == ("DELETE", 204)
    assert read_record(page, record_id) is None
    assert record_id not in str(read_entries(page))


def test_who_goes_on_before_that_is_deleted_sees_nothing_of_it(page: Page) -> None:
    """Neither where the server can't be reached: it's asked again at the visit after."""
    question = leave_meanwhile(page)
    record_id = question.fetch().json()["id"]
    page.route(f"**/{record_id}", lambda route: route.abort())
    page.reload()
    expect(entries(page)).to_have_count(1)
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(GRACE)
    expect(page.locator("#history").get_by_role("status")).to_be_empty()
    expect(entries(page)).to_have_count(1)
    assert record_id in str(read_entries(page))
    page.unroute(f"**/{record_id}")
    page.reload()
    with page.expect_response(f"**/{record_id}"):
        page.clock.fast_forward(GRACE)
    assert read_record(page, record_id) is None


def test_what_is_kept_by_a_correction_is_expected_too(page: Page) -> None:
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.get_by_role("button", name="It is an 8").click()
    question = wait_for(page, held, 1)
    assert find_id(question) in str(read_entries(page))
    question.continue_()
    expect(figures(page)).to_have_text(["3 8"])
    [entry] = read_entries(page)
    assert entry["answer"]["id"] == find_id(question)


def test_recognise_that_is_asked_again_is_kept_once(page: Page) -> None:
    """The first question was answered, and nobody heard it."""
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    ids: list[str] = []

    def lose(route: Route) -> None:
        ids.append(find_id(route))
        response = route.fetch()
        if len(ids) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route(KEEPING, lose)
    page.get_by_role("button", name="Recognise").click()
    expect(page.locator('[data-part="id"]')).to_have_text(re.compile("."))
    assert ids[0] == ids[1] == page.locator('[data-part="id"]').inner_text()
    assert [entry["answer"]["id"] for entry in read_entries(page)] == ids[:1]


def is_removal(response: Response) -> bool:
    return response.request.method == "DELETE"


def ask_twice(page: Page) -> list[Route]:
    """Have a digit recognised, and the network be back twice while it is; returns the questions."""
    page.get_by_role("switch", name="Live").click()
    write_digit(page, 3)
    page.context.set_offline(True)
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("Offline")
    held = hold(page, KEEPING)
    page.context.set_offline(False)
    wait_for(page, held, 1)
    page.evaluate(NETWORK_IS_BACK)
    wait_for(page, held, 2)
    return held


@pytest.mark.parametrize("late", [0, 1], ids=["in order", "out of order"])
def test_recognise_asked_again_while_it_was_under_way_stays_kept(page: Page, late: int) -> None:
    """Both questions are answered, under one id: who removed the first's record as unseen would
    remove the one that is on the screen."""
    held = ask_twice(page)
    removals: list[str] = []
    page.on("request", lambda r: removals.append(r.url) if r.method == "DELETE" else None)
    for question in (held[late], held[1 - late]):
        question.fulfill(response=question.fetch())
        page.wait_for_timeout(200)
    expect(page.locator('[data-part="kept"]')).to_be_visible()
    record_id = page.locator('[data-part="id"]').inner_text()
    assert [find_id(question) for question in held] == [record_id, record_id]
    assert removals == []
    assert read_record(page, record_id) is not None


def test_what_was_asked_for_twice_and_is_no_longer_wanted_is_removed(page: Page) -> None:
    held = ask_twice(page)
    press_clear(page)
    for question in held:
        with page.expect_response(is_removal):
            question.fulfill(response=question.fetch())
    assert read_record(page, find_id(held[0])) is None


def test_what_came_late_is_removed_once_it_is_no_longer_wanted(page: Page) -> None:
    """Though the question after it, under the same id, is never answered."""
    first, second = ask_twice(page)
    first.fulfill(response=first.fetch())
    page.wait_for_timeout(200)
    assert read_record(page, find_id(first)) is not None
    with page.expect_response(is_removal):
        press_clear(page)
    assert read_record(page, find_id(first)) is None
    second.abort()


@pytest.mark.parametrize("button", ["Recognise", "It is an 8"])
def test_answer_that_comes_after_its_question_was_given_up_is_not_kept(
    page: Page, button: str
) -> None:
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    held = hold(page, KEEPING)
    page.clock.install()
    page.get_by_role("button", name=button).click()
    question = wait_for(page, held, 1)
    page.clock.fast_forward(PATIENCE)
    page.wait_for_timeout(200)
    with page.expect_response(is_removal):
        question.fulfill(response=question.fetch())
    assert read_record(page, find_id(question)) is None


def test_what_is_asked_for_again_waits_until_it_is_removed(page: Page) -> None:
    page.get_by_role("switch", name="Live").click()
    write_digit(page, 3)
    held = hold(page, KEEPING)
    removals = hold(page, "**/api/recognitions/*")
    page.clock.install()
    page.get_by_role("button", name="Recognise").click()
    first = wait_for(page, held, 1)
    page.clock.fast_forward(PATIENCE)
    expect(title(page)).to_have_text("No answer")
    first.fulfill(response=first.fetch())
    removal = wait_for(page, removals, 1)
    page.clock.run_for(1500)
    page.wait_for_timeout(200)
    assert len(held) == 1
    removal.continue_()
    second = wait_for(page, held, 2)
    assert find_id(second) == find_id(first)
    second.continue_()
    expect(page.locator('[data-part="id"]')).to_have_text(find_id(first))
    assert read_record(page, find_id(first)) is not None


@pytest.mark.parametrize("minutes", [-90, 90])
def test_clock_that_is_wrong_costs_nobody_the_answer(
    open_page: OpenPage, watch: Watch, minutes: int
) -> None:
    page = open_page()
    page.get_by_role("switch", name="Live").click()
    page.clock.install(time=datetime.now(UTC) + timedelta(minutes=minutes))
    page.reload()
    write_digit(page, 3)
    page.get_by_role("button", name="Recognise").click()
    expect(page.locator('[data-part="kept"]')).to_be_visible()
    assert sum("store=true" in url for url in watch.requests) == 2
    [entry] = read_entries(page)
    assert read_record(page, entry["answer"]["id"]) is not None
