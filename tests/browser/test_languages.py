"""The page in four languages: which it speaks, what it says, and that it all fits."""

import json
import re
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answers import API, fake_answer, fake_outcome
from tests.browser.conftest import OpenPage, Watch
from tests.browser.hand import numeral, text, title, write_digit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES: Final = ("en", "ru", "fr", "zh")
LOCALES: Final = {"en": "en-GB", "ru": "ru-RU", "fr": "fr-CA", "zh": "zh-CN"}
HEADINGS: Final = {
    "en": "Write a digit.",
    "ru": "Напишите цифру.",
    "fr": "Écrivez un chiffre.",
    "zh": "写一个数字。",
}
FOUR: Final = {
    "en": ("Four", "Certain, 99.1%"),
    "ru": ("Четыре", "Точно, 99,1\u00a0%"),
    "fr": ("Quatre", "Certain, 99,1\u202f%"),
    "zh": ("四", "确定，99.1%"),
}

READ_ALL: Final = """async (codes) => {
  const rooms = {};
  for (const code of codes) rooms[code] = (await import(`./js/strings/${code}.js`)).default;
  return rooms;
}"""

DESCRIBE: Final = """async (codes) => {
  // Which of a function's arguments make a difference to what it says.
  const SAMPLES = [0, 1, 2, 5, 7];
  const listen = (say) => Array.from({ length: say.length }, (_, i) => {
    const said = SAMPLES.map((sample) => {
      const given = Array.from({ length: say.length }, (_, j) => (j === i ? sample : 3));
      return say(...given);
    });
    return new Set(said).size > 1;
  });
  const describe = (value) => {
    if (typeof value === "function") return { says: listen(value) };
    if (Array.isArray(value)) return value.map(describe);
    if (typeof value !== "object") return typeof value;
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((key) => [key, describe(value[key])]));
  };
  const shapes = {};
  for (const code of codes) {
    shapes[code] = describe((await import(`./js/strings/${code}.js`)).default);
  }
  return shapes;
}"""

COLLECT_TEXTS: Final = """async (code) => {
  const texts = [];
  const collect = (value) => {
    if (typeof value === "function") {
      for (const n of [1, 2, 5]) collect(value(...Array(value.length).fill(n)));
    } else if (typeof value === "object") Object.values(value).forEach(collect);
    else texts.push(String(value));
  };
  collect((await import(`./js/strings/${code}.js`)).default);
  return texts;
}"""

FIND_OVERFLOW: Final = """() => {
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!hasText || element.closest(".visually-hidden, noscript, svg, select")) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const { left, right, width } = range.getBoundingClientRect();
    if (width === 0 || !element.checkVisibility()) continue;
    const isCut = getComputedStyle(element).overflowX !== "visible"
      && element.scrollWidth > element.clientWidth;
    if (left < 0 || right > innerWidth || isCut) faults.push(element.textContent.trim());
  }
  return faults;
}"""


def choose(page: Page, code: str) -> None:
    page.locator("#language").select_option(code)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if code == "zh" else code)


def answer_always(page: Page, answer: dict[str, Any]) -> list[str]:
    """Answers every question alike; returns the questions, as they come."""
    questions: list[str] = []

    def fulfill(route: Route) -> None:
        questions.append(route.request.url)
        route.fulfill(json=answer)

    page.unroute(API)
    page.route(API, fulfill)
    return questions


@pytest.mark.parametrize(
    ("locale", "code"), [(locale, code) for code, locale in LOCALES.items()] + [("de-DE", "en")]
)
def test_page_speaks_the_browser_s_language_or_english(
    open_page: OpenPage, locale: str, code: str
) -> None:
    page = open_page(locale=locale)
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS[code])
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if code == "zh" else code)
    expect(page.locator("#language")).to_have_value(code)


def test_first_language_that_is_known_wins(page: Page) -> None:
    spoken = page.evaluate(
        """async () => {
          const { Language } = await import("./js/language.js");
          const language = new Language(document.createElement("div"));
          await language.start(["de", "FR-ch", "ru"]);
          return [language.code, language.locale, language.strings.page.draw];
        }"""
    )
    assert spoken == ["fr", "fr", "Dessin"]


def test_choice_is_remembered_and_names_are_each_in_their_own_language(page: Page) -> None:
    languages = page.locator("#language option").evaluate_all(
        "(options) => options.map(({ value, lang, label }) => [value, lang, label])"
    )
    assert languages == [
        ["en", "en", "English"],
        ["ru", "ru", "Русский"],
        ["fr", "fr", "Français"],
        ["zh", "zh-Hans", "简体中文"],
    ]
    choose(page, "fr")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS["fr"])
    expect(page.get_by_role("combobox", name="Langue")).to_have_value("fr")
    expect(page).to_have_title("Inkling\u00a0: écrivez un chiffre")
    choose(page, "en")
    expect(page.get_by_role("combobox", name="Language")).to_have_value("en")


def test_language_can_be_chosen_where_nothing_may_be_remembered(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })"
    )
    page.reload()
    choose(page, "ru")
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS["ru"])


def test_language_that_cannot_be_loaded_leaves_the_one_that_is_spoken(
    open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(service_workers="block")
    page.route("**/strings/ru.js", lambda route: route.abort())
    page.locator("#language").select_option("ru")
    expect(page.locator("#language")).to_have_value("en")
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS["en"])
    assert any("ru" in complaint for complaint in watch.complaints)
    watch.complaints.clear()


def test_all_languages_have_the_same_strings(page: Page) -> None:
    """No key is missing, and no function leaves out what another language says."""
    shapes = page.evaluate(DESCRIBE, CODES)
    for code in CODES[1:]:
        assert shapes[code] == shapes["en"], code


def test_markup_says_in_english_what_the_strings_say(page: Page) -> None:
    """It is read before any script runs."""
    page.route(
        "**/js/main.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.reload()
    rooms = page.evaluate(READ_ALL, ["en"])["en"]
    named = page.evaluate(
        """() => [...document.querySelectorAll("[data-text], [data-label]")].flatMap((element) => {
          const { text, label } = element.dataset;
          const found = [];
          if (text) found.push([text, element.textContent.trim()]);
          if (label) found.push([label, element.getAttribute("aria-label")]);
          return found;
        })"""
    )
    assert len(named) > 20
    for name, said in named:
        room, key = name.split(".")
        assert re.sub(r"\s+", " ", said) == rooms[room][key], name


def test_typography_is_each_language_s_own(page: Page) -> None:
    said = {code: page.evaluate(COLLECT_TEXTS, code) for code in CODES}
    for code, texts in said.items():
        assert len(texts) > 100
        for each in texts:
            assert not re.search(r"['\"]|\.\.\.", each), f"{code}: {each}"
    for each in said["fr"]:
        assert not re.search(r"[^\u202f\u00a0][;:!?»%]|«[^\u202f]", each), each
    for each in said["ru"]:
        assert not re.search(r"[“”]", each), each
    for each in said["zh"]:
        assert not re.search(r"[\u4e00-\u9fff][,.;:!?()]", each), each


@pytest.mark.parametrize(
    ("code", "seconds", "said"),
    [
        ("en", 1, "in 1 second."),
        ("en", 7, "in 7 seconds."),
        ("ru", 1, "через 1 секунду."),
        ("ru", 22, "через 22 секунды."),
        ("ru", 11, "через 11 секунд."),
        ("fr", 1, "dans 1 seconde."),
        ("fr", 2, "dans 2 secondes."),
        ("zh", 7, "7 秒后"),
    ],
)
def test_seconds_are_counted_as_the_language_does(
    page: Page, code: str, seconds: int, said: str
) -> None:
    pause = page.evaluate(
        "async ([code, n]) => (await import(`./js/strings/${code}.js`)).default.answer.pause(n)",
        [code, seconds],
    )
    assert said in pause


def test_switching_says_what_is_shown_anew_and_asks_nobody(page: Page) -> None:
    questions = answer_always(page, fake_answer(4))
    write_digit(page, 4)
    expect(numeral(page)).to_have_text("4")
    asked = len(questions)
    for code in ("ru", "fr", "zh", "en"):
        choose(page, code)
        expect(title(page)).to_have_text(FOUR[code][0])
        expect(text(page)).to_have_text(FOUR[code][1])
        expect(numeral(page)).to_have_text("4")
        # It was said once.
        expect(page.locator('#answer [role="status"]')).to_have_text("")
    assert len(questions) == asked


def test_switching_says_problems_and_emptiness_anew(page: Page) -> None:
    choose(page, "fr")
    expect(title(page)).to_have_text("Un chiffre")
    choose(page, "ru")
    expect(title(page)).to_have_text("Любая цифра")
    body = json.dumps({"type": "corrupt-image", "detail": "It is damaged."})
    page.route(API, lambda route: route.fulfill(status=422, body=body))
    write_digit(page, 4)
    expect(title(page)).to_have_text("Повреждена")
    choose(page, "zh")
    expect(title(page)).to_have_text("已损坏")
    choose(page, "en")
    expect(title(page)).to_have_text("Damaged")


@pytest.mark.parametrize("code", CODES)
def test_everything_fits_the_smallest_phone(open_page: OpenPage, code: str) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, locale=LOCALES[code])
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS[code])
    answers = [
        fake_answer(4),
        # As wide as shares can be, and the rest beside them.
        fake_outcome("uncertain", 1, {1: 0.499, 7: 0.4556}),
        fake_outcome("uncertain", 8, {8: 0.5999}),
        fake_outcome("not_a_digit", None, {4: 0.991}),
        fake_outcome("blank", None, dict.fromkeys(range(9), 0.1)),
    ]
    write_digit(page, 4)
    for answer in answers:
        answer_always(page, answer)
        page.locator('[data-action="recognise"]').click()
        expect(page.locator("#answer")).to_have_attribute("data-state", answer["outcome"])
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.evaluate(FIND_OVERFLOW) == []
    problems = page.evaluate(READ_PROBLEMS, code)
    assert len(problems) > 15
    for problem in problems:
        page.evaluate(
            """({ title, text }) => {
              document.querySelector("[data-part=title]").textContent = title;
              document.querySelector("[data-part=text]").textContent = text;
            }""",
            problem,
        )
        assert page.evaluate("document.documentElement.scrollWidth") == 320, problem
        assert page.evaluate(FIND_OVERFLOW) == [], problem
    page.get_by_role("tab").nth(1).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(FIND_OVERFLOW) == []


READ_PROBLEMS: Final = """async (code) =>
  Object.values((await import(`./js/strings/${code}.js`)).default.problems)"""
