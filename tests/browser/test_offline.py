"""Without a network, and without a server: nothing is lost, and the page comes back by itself."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.answers import API, fake_answer
from tests.browser.conftest import PATIENCE, LocalServer, OpenPage
from tests.browser.giving import choose, file
from tests.browser.hand import announcement, count_inked, numeral, text, title, write_digit
from tests.browser.test_live import collect_questions, stop_clock
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


COME_BACK = {
    "a network": 'dispatchEvent(new Event("online"))',
    "the person": 'document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))',
}


def note(page: Page) -> Locator:
    """The words on the sheet itself."""
    return page.locator("#offline")


def again(page: Page) -> Locator:
    return page.locator('[data-part="again"]')


class Failing:
    """An API that answers a number of questions with a problem, and then the next."""

    def __init__(self, page: Page, times: int, status: int, headers: dict[str, str]) -> None:
        self.asked: list[str] = []
        self._times = times
        self._status = status
        self._headers = headers
        page.route(API, self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        if len(self.asked) > self._times:
            route.fulfill(json=fake_answer(4))
        else:
            route.fulfill(status=self._status, headers=self._headers, body="")


def let_it_ask(page: Page, failing: Failing, times: int) -> None:
    """Let time pass until so many questions have failed, and no more."""
    deadline = time.monotonic() + PATIENCE / 1000
    while len(failing.asked) < times and time.monotonic() < deadline:
        page.clock.run_for(80_000)
        page.wait_for_timeout(20)  # until the failure is known; if it isn't, once more
    assert len(failing.asked) == times


def draw_in_vain(page: Page, times: int, status: int, headers: dict[str, str]) -> Failing:
    """A 4, for a server that fails so many times. The clock stands still afterwards."""
    failing = Failing(page, times, status, headers)
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    expect(title(page)).to_have_text("No answer")
    return failing


def test_drawing_without_a_network_is_read_when_it_is_back(page: Page) -> None:
    questions = collect_questions(page)
    expect(note(page)).to_have_text("")
    page.context.set_offline(True)
    expect(note(page)).to_have_text("Offline. What you write stays here.")
    write_digit(page, 8)
    expect(title(page)).to_have_text("Offline")
    expect(text(page)).to_have_text(re.compile("Nothing is lost"))
    drawn = count_inked(page)
    asked = len(questions)
    page.context.set_offline(False)
    expect(numeral(page)).to_have_text("8")
    expect(note(page)).to_have_text("")
    assert count_inked(page) == drawn > 0
    assert len(questions) == asked + 1


def test_drawing_is_read_though_another_tab_was_looked_at_meanwhile(page: Page) -> None:
    page.context.set_offline(True)
    write_digit(page, 7)
    expect(title(page)).to_have_text("Offline")
    for tab in ("Upload", "Draw"):
        page.get_by_role("tab", name=tab).click()
    expect(title(page)).to_have_text("Offline")
    page.context.set_offline(False)
    expect(numeral(page)).to_have_text("7")


def test_recognise_without_a_network_is_still_one_after_another_tab(page: Page) -> None:
    page.get_by_role("switch", name="Live").click()
    page.context.set_offline(True)
    write_digit(page, 7)
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("Offline")
    page.get_by_role("tab", name="Upload").click()
    with page.expect_event("requestfailed"):  # it's tried at once, still without a network
        page.get_by_role("tab", name="Draw").click()
    questions = collect_questions(page)
    page.context.set_offline(False)
    expect(numeral(page)).to_have_text("7")
    assert ["store=true" in question for question in questions] == [True]


def test_example_that_never_comes_leaves_the_drawing_its_question(page: Page) -> None:
    page.context.set_offline(True)
    write_digit(page, 7)
    expect(title(page)).to_have_text("Offline")
    page.get_by_role("button", name="Example 3").click()
    expect(title(page)).to_have_text("No answer")
    page.context.set_offline(False)
    expect(numeral(page)).to_have_text("7")


@pytest.mark.parametrize("back_at", ["Draw", "Upload"])
def test_image_is_read_though_another_tab_was_looked_at_meanwhile(
    page: Page, draw_digit: DrawDigit, back_at: str
) -> None:
    page.context.set_offline(True)
    choose(page, file("six.png", draw_digit(6)))
    expect(title(page)).to_have_text("Offline")
    page.get_by_role("tab", name="Draw").click()
    expect(title(page)).to_have_text("Any digit")
    if back_at == "Draw":
        page.context.set_offline(False)
    page.get_by_role("tab", name="Upload").click()
    if back_at == "Upload":
        expect(title(page)).to_have_text("Offline")
        page.context.set_offline(False)
    expect(numeral(page)).to_have_text("6")


def test_network_that_comes_back_without_a_question_asks_none(page: Page) -> None:
    write_digit(page, 8)
    expect(numeral(page)).to_have_text("8")
    questions = collect_questions(page)
    page.context.set_offline(True)
    expect(note(page)).to_contain_text("Offline")
    page.context.set_offline(False)
    expect(note(page)).to_have_text("")
    page.wait_for_timeout(300)
    assert questions == []
    expect(numeral(page)).to_have_text("8")


def test_answer_refutes_the_browser_s_word_for_it(page: Page) -> None:
    """The server may be on the same machine."""
    page.evaluate("""() => {
      Object.defineProperty(navigator, "onLine", { value: false });
      dispatchEvent(new Event("offline"));
    }""")
    expect(note(page)).to_contain_text("Offline")
    write_digit(page, 8)
    expect(numeral(page)).to_have_text("8")
    expect(note(page)).to_have_text("")


def test_server_that_comes_back_is_asked_by_itself(
    open_page: OpenPage, own_server: LocalServer
) -> None:
    page = open_page(own_server.url)
    own_server.stop()
    write_digit(page, 8)
    expect(title(page)).to_have_text("No answer")
    expect(text(page)).to_have_text(
        "The server can’t be reached. Nothing is lost: it’s asked again by itself."
    )
    assert count_inked(page) > 0
    own_server.start()
    expect(numeral(page)).to_have_text("8")


def test_recognise_that_failed_is_asked_again_as_it_was(page: Page) -> None:
    page.get_by_role("switch", name="Live").click()
    failing = Failing(page, 2, 503, {})
    write_digit(page, 4)
    stop_clock(page)
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("No answer")
    for delay in (1300, 2600):
        page.wait_for_timeout(200)  # until the failure is known
        page.clock.run_for(delay)
    expect(numeral(page)).to_have_text("4")
    assert len(failing.asked) == 3
    assert all("store=true" in url for url in failing.asked)


def test_server_that_stays_away_is_left_in_peace_in_the_end(page: Page) -> None:
    failing = Failing(page, 100, 503, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    let_it_ask(page, failing, 9)
    expect(text(page)).to_have_text(re.compile("Try again in a moment"))
    page.clock.run_for(600_000)
    page.wait_for_timeout(20)
    assert len(failing.asked) == 9


@pytest.mark.parametrize("event", COME_BACK.values(), ids=COME_BACK)
def test_server_left_in_peace_is_asked_once_more_by_what_comes_back(page: Page, event: str) -> None:
    failing = Failing(page, 9, 503, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    let_it_ask(page, failing, 9)
    expect(text(page)).to_have_text(re.compile("Try again in a moment"))
    page.evaluate(event)
    page.clock.run_for(200)
    expect(numeral(page)).to_have_text("4")


def test_server_that_was_down_is_asked_again_after_another_tab(page: Page) -> None:
    failing = draw_in_vain(page, 1, 503, {})
    for tab in ("Upload", "Draw"):
        page.get_by_role("tab", name=tab).click()
    page.clock.run_for(200)
    expect(numeral(page)).to_have_text("4")
    assert len(failing.asked) == 2


@pytest.mark.parametrize("draws_on", [False, True], ids=["waiting", "drawing on"])
def test_pause_that_the_server_wants_is_kept(page: Page, draws_on: bool) -> None:
    failing = Failing(page, 1, 429, {"Retry-After": "7"})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    expect(text(page)).to_have_text("The server wants a pause. It’s asked again in 7 seconds.")
    if draws_on:
        write_digit(page, 4)
    page.clock.run_for(6500)
    page.wait_for_timeout(50)
    assert len(failing.asked) == 1
    page.clock.run_for(2000)
    expect(numeral(page)).to_have_text("4")
    assert len(failing.asked) == 2


def test_what_will_not_pass_is_not_asked_again(page: Page) -> None:
    failing = Failing(page, 100, 403, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    expect(title(page)).to_have_text("That failed")
    expect(again(page)).to_be_hidden()
    page.clock.run_for(100_000)
    page.wait_for_timeout(50)
    assert len(failing.asked) == 1


def test_server_with_a_fault_of_its_own_is_asked_again_by_itself(page: Page) -> None:
    failing = Failing(page, 1, 500, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    expect(title(page)).to_have_text("That failed")
    expect(text(page)).to_have_text("Nothing is lost: the server is asked again by itself.")
    page.clock.run_for(1300)
    expect(numeral(page)).to_have_text("4")
    assert len(failing.asked) == 2


# Somebody asks again


@pytest.mark.parametrize("status", [500, 503])
def test_who_does_not_want_to_wait_asks_again(page: Page, status: int) -> None:
    failing = Failing(page, 1, status, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    again(page).click()
    page.clock.run_for(1)
    expect(numeral(page)).to_have_text("4")
    expect(again(page)).to_be_hidden()
    assert ["store=false" in url for url in failing.asked] == [True, True]


def test_server_left_in_peace_is_asked_by_keyboard(page: Page) -> None:
    """And keeps the focus, whether the button stays or goes."""
    failing = Failing(page, 10, 503, {})
    stop_clock(page)
    write_digit(page, 4)
    page.clock.run_for(200)
    let_it_ask(page, failing, 9)
    expect(text(page)).to_have_text(re.compile("Try again in a moment"))
    again(page).focus()
    page.keyboard.press("Enter")
    page.clock.run_for(1)
    expect(text(page)).to_have_text(re.compile("asked again by itself"))
    expect(announcement(page)).to_have_text(re.compile("asked again by itself"))
    assert len(failing.asked) == 10
    expect(again(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.clock.run_for(1)
    expect(numeral(page)).to_have_text("4")
    expect(page.locator("#answer")).to_be_focused()


def test_recognise_is_asked_again_as_it_was(page: Page) -> None:
    failing = Failing(page, 2, 503, {})
    page.get_by_role("switch", name="Live").click()
    stop_clock(page)
    write_digit(page, 4)
    page.get_by_role("button", name="Recognise").click()
    for _ in range(2):
        again(page).click()
        page.clock.run_for(1)
    expect(numeral(page)).to_have_text("4")
    ids = [parse_qs(urlsplit(url).query).get("id") for url in failing.asked]
    assert ids[0] == ids[1] == ids[2] is not None


def test_what_would_be_in_vain_is_not_offered(page: Page, draw_digit: DrawDigit) -> None:
    page.context.set_offline(True)
    write_digit(page, 4)
    expect(title(page)).to_have_text("Offline")
    expect(again(page)).to_be_hidden()
    page.get_by_role("button", name="Example 3").click()
    expect(title(page)).to_have_text("No answer")  # of a question there was none
    expect(again(page)).to_be_hidden()
    page.context.set_offline(False)
    expect(numeral(page)).to_have_text("4")
    Failing(page, 100, 429, {"Retry-After": "7"})
    choose(page, file("six.png", draw_digit(6)))
    expect(title(page)).to_have_text("Too fast")
    expect(again(page)).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Ask again"), ("fr", "Réessayer"), ("ru", "Спросить ещё раз"), ("zh", "再试一次")],
)
def test_asking_again_is_offered_in_every_language(page: Page, language: str, words: str) -> None:
    page.get_by_role("combobox").first.select_option(language)
    Failing(page, 100, 503, {})
    write_digit(page, 4)
    expect(page.get_by_role("button", name=words)).to_be_visible()


def test_clear_ends_the_asking(page: Page) -> None:
    failing = draw_in_vain(page, 100, 503, {})
    page.get_by_role("button", name="Clear").click()
    page.clock.run_for(100_000)
    page.wait_for_timeout(50)
    assert len(failing.asked) == 1
    expect(title(page)).to_have_text("Any digit")


def test_live_switched_off_ends_the_asking(page: Page) -> None:
    failing = draw_in_vain(page, 100, 503, {})
    page.get_by_role("switch", name="Live").click()
    expect(text(page)).to_contain_text("“Recognise” has it read")
    for tab in ("Upload", "Draw"):
        page.get_by_role("tab", name=tab).click()
    page.clock.run_for(100_000)
    page.wait_for_timeout(50)
    assert len(failing.asked) == 1


def test_live_switched_off_leaves_recognise_its_question(page: Page) -> None:
    failing = Failing(page, 1, 503, {})
    stop_clock(page)
    write_digit(page, 4)
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("No answer")
    page.get_by_role("switch", name="Live").click()
    page.clock.run_for(1300)
    expect(numeral(page)).to_have_text("4")
    assert "store=true" in failing.asked[-1]
