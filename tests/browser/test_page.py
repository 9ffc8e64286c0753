"""The page as a whole: keyboard, words for what fails, and its good manners."""

import gzip
import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from deployment.page import FRONTEND, list_page_files
from tests.api.test_page_words import MET
from tests.browser.answers import API, fake_answer
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.browser.hand import numeral, text, title, write_digit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST_RULES = r"""(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  // A custom property is kept as it was written, and only read where it's used.
  const rules = [...sheet.cssRules].map((rule) => rule.cssText.replace(/\s+/g, " "));
  return rules.map((rule) => rule.replace(/([,:(]) | (?=\))| ?([{}]) ?/g, "$1$2"));
}"""


def test_image_that_is_not_kept_is_not_said_to_be(page: Page) -> None:
    page.route(API, lambda route: route.fulfill(json=fake_answer(4)))
    write_digit(page, 4)
    expect(numeral(page)).to_have_text("4")
    expect(page.locator('[data-part="kept"]')).to_be_hidden()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, '{"message": "Too Many Requests"}', "Too fast"),
        (408, "", "Too slow"),
        (413, '{"message": "Request Too Long"}', "Too large"),
        (504, "<html>Gateway Timeout</html>", "No answer"),
        (500, '{"type": "internal-error", "detail": "The model is away."}', "That failed"),
    ],
)
def test_errors_of_servers_in_between_have_words(
    page: Page, status: int, body: str, expected: str
) -> None:
    page.route(API, lambda route: route.fulfill(status=status, body=body))
    write_digit(page, 4)
    expect(title(page)).to_have_text(expected)
    expect(text(page)).not_to_be_empty()


def test_a_server_that_wants_a_pause_has_its_length_said(page: Page) -> None:
    body = json.dumps({"type": "rate-limited", "detail": "Too many requests. Try again in 7 s."})
    headers = {"Retry-After": "7"}
    page.route(API, lambda route: route.fulfill(status=429, headers=headers, body=body))
    write_digit(page, 4)
    expect(title(page)).to_have_text("Too fast")
    expect(text(page)).to_have_text("The server wants a pause. It’s asked again in 7 seconds.")


@pytest.mark.parametrize("slug", sorted(MET))
def test_what_the_api_refuses_has_words_that_say_what_to_do(page: Page, slug: str) -> None:
    words = page.evaluate(
        """async (type) => {
          const { describeProblem } = await import("./js/words.js");
          const { default: strings } = await import("./js/strings/en.js");
          return describeProblem({ type, detail: "", pause: 0 }, { strings });
        }""",
        slug,
    )
    assert words["title"] not in ("", "That failed")
    assert any(each in words["text"] for each in ("Save", "Crop", "Choose", "ry again", "can."))


def test_tabs_are_chosen_by_keyboard(page: Page) -> None:
    draw, upload = page.get_by_role("tab", name="Draw"), page.get_by_role("tab", name="Upload")
    page.keyboard.press("Tab")  # the language
    page.keyboard.press("Tab")  # the link to the API
    page.keyboard.press("Tab")
    expect(draw).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(upload).to_be_focused()
    expect(upload).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Upload")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Draw")).to_have_count(0)
    page.keyboard.press("Home")
    expect(draw).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Draw")).to_be_visible()
    page.keyboard.press("End")
    expect(upload).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(draw).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_what_wcag_asks_for(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    colors = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const names = ["paper", "sheet", "ink", "soft", "blue", "on-blue", "alarm", "quiet"];
          return Object.fromEntries(
            names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
        }"""
    )
    pairs = [
        (text, back) for text in ("ink", "soft", "blue", "alarm") for back in ("paper", "sheet")
    ]
    for text_color, back in [*pairs, ("on-blue", "blue")]:
        ratio = contrast(colors[text_color], colors[back])
        assert ratio >= 4.5, f"{text_color} on {back}: {ratio:.2f}"
    assert contrast(colors["quiet"], colors["paper"]) >= 3, "the bars that did not win"


def contrast(first: str, second: str) -> float:
    """Ratio of two colours' luminance, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Of "#rrggbb", 0 to 1."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_nothing_moves_for_who_asked_for_stillness(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    assert page.evaluate("document.getAnimations().length") == 0


def test_page_keeps_to_itself_and_complains_of_nothing(page: Page, watch: Watch) -> None:
    """`open_page` checks every page for this; here, that its checks see something."""
    write_digit(page, 5)
    expect(numeral(page)).to_have_text("5")
    page.get_by_role("tab", name="Upload").click()
    page.get_by_role("button", name="Example 2").click()
    expect(page.locator("#answer")).to_have_attribute("data-state", "digit")
    names = {url.removeprefix(watch.origin).split("?")[0] for url in watch.requests}
    assert {"", "styles.css", "js/main.js", "examples/", "api/recognitions"} <= names
    assert watch.failed_loads == []
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert page.evaluate("violations.length") == 1, "the page is served without a strict policy"
    page.evaluate("violations.length = 0")
    watch.complaints.clear()


def test_page_links_to_the_api(page: Page, server: LocalServer) -> None:
    link = page.get_by_role("link", name="API")
    assert link.evaluate("(a) => a.href") == f"{server.url}docs"
    assert page.request.get(f"{server.url}docs").ok


def test_every_address_in_the_page_is_relative(page: Page) -> None:
    """A leading slash would leave out the stage that API Gateway may put before it."""
    addresses = page.evaluate(
        """() => [...document.querySelectorAll("[href], [src]")]
             .map((element) => element.getAttribute("href") ?? element.getAttribute("src"))"""
    )
    assert len(addresses) >= 4
    assert [a for a in addresses if a.startswith("/") or "//" in a] == []


def test_published_styles_are_the_same_rules(page: Page) -> None:
    published = {file.key: file.content for file in list_page_files()}
    for path in FRONTEND.rglob("*.css"):
        texts = [path.read_text(), published[path.relative_to(FRONTEND).as_posix()].decode()]
        written, sent = (page.evaluate(LIST_RULES, text) for text in texts)
        assert len(written) > 5
        assert sent == written, path.name


def test_page_is_light_over_the_wire(page: Page, watch: Watch) -> None:
    """A visit's files, as the edge has them and compresses them; in the heaviest language."""
    write_digit(page, 5)  # whatever is loaded when it's first needed, too
    expect(numeral(page)).to_have_text("5")
    paths = {urlsplit(url).path.removeprefix("/") or "index.html" for url in watch.requests}
    weights = {f.key: len(gzip.compress(f.content, 6)) for f in list_page_files()}
    visited = {path for path in paths if not path.startswith("api/")}
    assert len(visited) >= 12
    assert visited <= weights.keys()
    languages = {key: weight for key, weight in weights.items() if key.startswith("js/strings/")}
    heaviest = max(weight for key, weight in languages.items() if key not in visited)
    assert sum(weights[path] for path in visited) + heaviest < 60_000
