"""Answers that follow the hand: when they are asked for, and that none comes out of order."""

from itertools import permutations

import pytest
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from model_export.examples import DIGIT_STROKES
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.hand import (
    numeral,
    point_on_screen,
    text,
    write_digit,
    write_stroke,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DASHES = [curve((0.2, y), (0.8, y)) for y in (0.2, 0.5, 0.8)]

ANSWER_WHENEVER_TOLD = """() => {
  window.told = [];
  // Whatever the signal says: an answer may be on its way already.
  window.fetch = () =>
    new Promise((resolve) => told.push((answer) => resolve(Response.json(answer))));
}"""


def collect_questions(page: Page) -> list[str]:
    questions: list[str] = []
    page.on("request", lambda r: questions.append(r.url) if "/api/recognitions" in r.url else None)
    return questions


def stop_clock(page: Page) -> None:
    """On a busy machine the test's hand would be too slow."""
    page.clock.install()
    page.clock.pause_at("2100-01-01")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_last_question_s_answer_stands_in_whatever_order_they_come(
    page: Page, order: tuple[int, ...]
) -> None:
    page.evaluate(ANSWER_WHENEVER_TOLD)
    for count, dash in enumerate(DASHES, 1):
        write_stroke(page, dash)
        page.wait_for_function("(count) => told.length === count", arg=count)
    for which in order:
        page.evaluate("([i, answer]) => told[i](answer)", [which, fake_answer(which)])
        page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
        has_come = order.index(2) <= order.index(which)
        expect(numeral(page)).to_have_text("2" if has_come else "")


def test_next_stroke_drops_the_question(page: Page) -> None:
    held = hold(page, API)
    down, across = DIGIT_STROKES[4][0], DIGIT_STROKES[4][2]
    write_stroke(page, down)
    first = wait_for(page, held, 1)
    write_stroke(page, across)
    second = wait_for(page, held, 2)
    assert first.request.failure, "the first question was not dropped"
    second.fulfill(json=fake_answer(4))
    expect(numeral(page)).to_have_text("4")


def test_rapid_strokes_are_one_question(page: Page) -> None:
    questions = collect_questions(page)
    stop_clock(page)
    for stroke in DIGIT_STROKES[4]:
        write_stroke(page, stroke)
        page.clock.run_for(100)
    page.clock.run_for(100)
    expect(numeral(page)).to_have_text("4")
    assert len(questions) == 1


def test_slow_answers_are_asked_for_less_hastily(page: Page) -> None:
    held = hold(page, API)
    stop_clock(page)
    write_stroke(page, DASHES[0])
    page.clock.run_for(160)
    first = wait_for(page, held, 1)
    page.clock.run_for(500)
    first.fulfill(json=fake_answer(1))
    expect(numeral(page)).to_have_text("1")
    write_stroke(page, DASHES[1])
    page.clock.run_for(400)
    page.evaluate("1")  # whatever was asked has been told by now
    assert len(held) == 1
    page.clock.run_for(150)
    wait_for(page, held, 2)


def test_answer_is_there_before_the_pen_is_lifted(page: Page) -> None:
    questions = collect_questions(page)
    first, second = DIGIT_STROKES[7]
    points = [point_on_screen(page, point) for point in [*first[::4], *second[::4], second[-1]]]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    expect(numeral(page)).to_have_text("7")
    asked = len(questions)
    page.mouse.up()
    page.wait_for_timeout(400)
    assert len(questions) == asked, "the same drawing was asked about again"
    expect(numeral(page)).to_have_text("7")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def test_undone_stroke_is_asked_about_again(page: Page) -> None:
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    write_stroke(page, DASHES[2])
    with page.expect_response(API):
        pass
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    expect(numeral(page)).to_have_text("7")


def test_switched_off_nothing_is_asked_but_by_recognise(page: Page) -> None:
    questions = collect_questions(page)
    live = page.get_by_role("switch", name="Live")
    expect(live).to_be_checked()
    live.click()
    expect(live).not_to_be_checked()
    expect(text(page)).to_contain_text("“Recognise” has it read")
    write_digit(page, 7)
    page.wait_for_timeout(400)
    assert questions == []
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Recognise").click()
    expect(numeral(page)).to_have_text("7")
    assert len(questions) == 1
    write_stroke(page, DASHES[2])
    expect(numeral(page)).to_have_text("")
    assert len(questions) == 1


def test_switched_off_before_the_hand_has_paused_nothing_is_asked(page: Page) -> None:
    questions = collect_questions(page)
    stop_clock(page)
    write_digit(page, 7)
    page.get_by_role("switch", name="Live").click()
    page.clock.run_for(1000)
    page.wait_for_timeout(50)
    assert questions == []
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")


def test_undone_while_it_is_recognised_is_another_drawing(page: Page) -> None:
    page.get_by_role("switch", name="Live").click()
    write_digit(page, 4)
    page.evaluate(ANSWER_WHENEVER_TOLD)
    page.get_by_role("button", name="Recognise").click()
    page.wait_for_function("() => told.length === 1")
    page.get_by_role("button", name="Undo").click()
    page.evaluate("(answer) => told[0](answer)", fake_answer(4))
    page.wait_for_timeout(100)
    expect(numeral(page)).to_have_text("")


def test_answer_is_about_what_was_asked_though_the_pen_has_gone_on(page: Page) -> None:
    held = hold(page, API)
    start, end = (point_on_screen(page, point) for point in ((0.5, 0.1), (0.5, 0.8)))
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end)
    first = wait_for(page, held, 1)
    page.mouse.move(*point_on_screen(page, (0.9, 0.8)))
    first.fulfill(json=fake_answer(1))
    expect(numeral(page)).to_have_text("1")
    page.get_by_role("button", name="It is a 1").dispatch_event("click")  # the pen is still down
    wait_for(page, held, 3)  # with the next one, about what the pen has drawn since
    (kept,) = (route for route in held if "store=true" in route.request.url)
    assert kept.request.post_data_buffer == first.request.post_data_buffer


def test_switch_stays_as_it_was_left(page: Page) -> None:
    live = page.get_by_role("switch", name="Live")
    live.click()
    page.reload()
    expect(live).not_to_be_checked()
    write_digit(page, 7)
    with page.expect_response(API):
        live.click()  # what has not been read is
    expect(numeral(page)).to_have_text("7")
    page.reload()
    expect(live).to_be_checked()


def test_page_works_where_nothing_may_be_remembered(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script("""
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, { get() { throw new DOMException("no") } });
      }
    """)
    page.reload()
    page.get_by_role("radio", name="Thick").check(force=True)
    page.get_by_role("switch", name="Live").click()
    page.get_by_role("switch", name="Live").click()
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
