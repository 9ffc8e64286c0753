"""What the page says and shows of each outcome, whatever model gives it."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answers import API, fake_answer, fake_outcome
from tests.browser.conftest import OpenPage
from tests.browser.hand import numeral, text, title, write_digit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Case:
    """An answer, and what a person is to see of it."""

    answer: dict[str, Any]
    title: str
    help: str
    """Some of the words that say what to do, or how sure the answer is."""
    numeral: str
    rival: str = ""


CASES = {
    "digit": Case(fake_answer(4), "Four", "Certain, 99.1%", "4"),
    "uncertain": Case(
        fake_outcome("uncertain", 1, {1: 0.5, 7: 0.45}),
        "One or seven?",
        "50% for a one, 45% for a seven. A one without its flag",
        "1",
        rival="7",
    ),
    "not_a_digit": Case(
        # Scores as sure as a digit's: they say which digit an A would be if it were one.
        fake_outcome("not_a_digit", None, {4: 0.991}),
        "Not a digit",
        "Write a single digit from 0 to 9, large",
        "?",
    ),
    "blank": Case(
        fake_outcome("blank", None, dict.fromkeys(range(9), 0.1)),
        "Nothing there",
        "Write a digit",
        "",
    ),
}

each_outcome = pytest.mark.parametrize("outcome", CASES)


def rival(page: Page) -> Locator:
    """The figure behind the answer's own."""
    return page.locator('.numeral [data-part="rival"]')


def show(page: Page, answer: dict[str, Any]) -> None:
    page.unroute(API)
    page.route(API, lambda route: route.fulfill(json=answer))
    page.get_by_role("button", name="Recognise").click()
    expect(page.locator("#answer")).to_have_attribute("data-state", answer["outcome"])


@each_outcome
def test_outcome_has_words_that_help(page: Page, outcome: str) -> None:
    case = CASES[outcome]
    show(page, case.answer)
    expect(title(page)).to_have_text(case.title)
    expect(text(page)).to_contain_text(case.help)
    expect(numeral(page)).to_have_text(case.numeral)
    expect(rival(page)).to_have_text(case.rival)


@each_outcome
def test_outcome_is_announced_in_the_words_that_are_seen(page: Page, outcome: str) -> None:
    show(page, CASES[outcome].answer)
    said = page.get_by_role("status").inner_text()
    seen = f"{title(page).inner_text()}. {text(page).inner_text()}"
    assert said == seen.replace("?.", "?")


@each_outcome
def test_scores_are_shown_of_a_digit_alone(page: Page, outcome: str) -> None:
    answer = CASES[outcome].answer
    show(page, answer)
    shares = page.locator(".scores .share").all_inner_texts()
    heights = page.locator(".scores li").evaluate_all(
        "(items) => items.map((item) => Number(item.style.getPropertyValue('--score')))"
    )
    if answer["digit"] is None:
        assert shares == [""] * 10
        assert heights == [0] * 10
        # Ten names without a number mean nothing to who hears them.
        expect(page.get_by_role("list", name="Score of each digit")).to_have_count(0)
    else:
        assert all(re.fullmatch(r"[\d.]+%", share) for share in shares)
        assert heights == pytest.approx(answer["scores"], abs=1e-4)
        expect(page.get_by_role("list", name="Score of each digit")).to_have_count(1)


@each_outcome
def test_bars_in_colour_are_those_of_the_digits_named(page: Page, outcome: str) -> None:
    show(page, CASES[outcome].answer)
    named = page.locator(".scores :is(.best, .rival) .label").all_inner_texts()
    expected = {"digit": ["4"], "uncertain": ["1", "7"], "not_a_digit": [], "blank": []}
    assert named == expected[outcome]


def test_doubt_without_a_rival_names_one_digit(page: Page) -> None:
    show(page, fake_outcome("uncertain", 8, {8: 0.59}))
    expect(title(page)).to_have_text("Perhaps an eight")
    expect(text(page)).to_contain_text("Only 59% sure.")
    expect(rival(page)).to_have_text("")
    expect(page.locator(".scores .rival")).to_have_count(0)


def test_doubt_between_digits_that_are_seldom_confused_has_words_too(page: Page) -> None:
    show(page, fake_outcome("uncertain", 9, {9: 0.5, 0: 0.4}))
    expect(title(page)).to_have_text("Nine or zero?")
    expect(text(page)).to_have_text(
        "50% for a nine, 40% for a zero. Larger, clearer strokes would tell."
    )


def test_rival_goes_with_the_doubt(page: Page) -> None:
    show(page, CASES["uncertain"].answer)
    show(page, CASES["digit"].answer)
    expect(rival(page)).to_have_text("")
    expect(page.locator(".scores .rival")).to_have_count(0)


def test_cleared_answer_is_not_read_again(page: Page) -> None:
    page.route(API, lambda route: route.fulfill(json=CASES["not_a_digit"].answer))
    write_digit(page, 4)
    expect(page.get_by_role("status")).to_have_text(re.compile("^Not a digit"))
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (568, 320), (1280, 800)])
def test_every_outcome_s_words_can_be_seen_whole(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    for case in CASES.values():
        show(page, case.answer)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for words in (title(page), text(page)):
            assert words.evaluate("(p) => p.scrollWidth <= p.clientWidth")
        footer = page.locator(".colophon").bounding_box()
        verdict = page.locator(".verdict").bounding_box()
        assert footer is not None
        assert verdict is not None
        assert verdict["y"] + verdict["height"] <= footer["y"]
