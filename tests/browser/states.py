"""Every state that the page can be in: for who looks at it, and for what checks it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from tests.browser.answers import API, fake_outcome
from tests.browser.conftest import ROOT, OpenPage
from tests.browser.giving import choose, draw_on_glass, file
from tests.browser.hand import numeral, recognise, write_digit
from tests.browser.memories import draw_entries

EXAMPLES: Final = ROOT / "frontend/examples"
LANGUAGES: Final = ("en", "ru", "fr", "zh")

WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "wide-light": {**WIDE, "color_scheme": "light"},
    "wide-dark": {**WIDE, "color_scheme": "dark"},
    "phone-light": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}

OUTCOMES: Final = {
    "uncertain": fake_outcome("uncertain", 1, {1: 0.5, 7: 0.45}),
    "uncertain, no rival": fake_outcome("uncertain", 8, {8: 0.59}),
    "not a digit": fake_outcome("not_a_digit", None, {4: 0.991}),
    "blank": fake_outcome("blank", None, dict.fromkeys(range(9), 0.1)),
}
"""Those that a drawing can't be made to have. A digit's own answer is the model's."""

PROBLEMS: Final = (
    "unsupported-image",
    "corrupt-image",
    "image-too-large",
    "too-many-pixels",
    "image-too-complex",
    "too-many-scans",
    "decoding-too-slow",
    "unreadable-image",
    "missing-image",
    "request-timeout",
    "request-aborted",
    "rate-limited",
    "internal-error",
)
"""Of the API's own."""

State = Callable[[Page], None]
"""Brings a page that was just opened into a state."""


def show_empty(page: Page) -> None:
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")
    expect(page.locator("#examples button")).to_have_count(10)


def draw(page: Page) -> None:
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")


def wait_for_answer(page: Page) -> None:
    page.route(API, lambda route: None)
    write_digit(page, 7)
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(700)


def keep(page: Page) -> None:
    draw(page)
    recognise(page)
    expect(page.locator('[data-part="kept"]')).to_be_visible()


def correct(page: Page) -> None:
    draw(page)
    page.get_by_role("button", name="It is a 1").click()
    expect(page.locator('[data-part="prompt"]')).to_contain_text("Thank you")


def show_outcome(page: Page, answer: dict[str, Any]) -> None:
    page.route(API, lambda route: route.fulfill(json=answer))
    recognise(page)
    expect(page.locator("#answer")).to_have_attribute("data-state", answer["outcome"])


def show_problem(page: Page, slug: str) -> None:
    def refuse(route: Route) -> None:
        headers = {"Retry-After": "7"} if slug == "rate-limited" else {}
        route.fulfill(status=400, headers=headers, json={"type": slug, "detail": ""})

    page.route(API, refuse)
    recognise(page)
    expect(page.locator("#answer")).to_have_attribute("data-state", "problem")


def lose_server(page: Page) -> None:
    page.route(API, lambda route: route.abort())
    write_digit(page, 7)
    expect(page.locator("#answer")).to_have_attribute("data-state", "problem")


def go_offline(page: Page) -> None:
    page.context.set_offline(True)
    write_digit(page, 7)
    expect(page.locator("#offline")).not_to_be_empty()
    expect(page.locator("#answer")).to_have_attribute("data-state", "problem")


def switch_live_off(page: Page) -> None:
    page.get_by_role("switch").click()
    write_digit(page, 7)


def open_upload(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()


def upload_example(page: Page) -> None:
    choose(page, file("four.jpg", (EXAMPLES / "4.jpg").read_bytes(), "image/jpeg"))
    expect(numeral(page)).to_have_text("4")


def upload_text(page: Page) -> None:
    choose(page, file("list.png", b"a shopping list"))
    expect(page.locator("#answer")).to_have_attribute("data-state", "problem")


def upload_large(page: Page) -> None:
    choose(page, file("glass.png", draw_on_glass(4)))
    expect(page.locator('#upload [data-part="large"]')).to_be_visible()


def upload_several(page: Page) -> None:
    files = [
        file(f"scan {digit}.jpg", (EXAMPLES / f"{digit}.jpg").read_bytes(), "image/jpeg")
        for digit in (3, 1, 4, 1, 5, 9)
    ]
    choose(page, *files, file("a shopping list.png", b"no image"))
    expect(page.locator('#files [data-part="count"]')).to_contain_text("6")


def fill_history(page: Page) -> None:
    draw_entries(page, 3, 7, 2)
    recognise(page)
    expect(page.locator('[data-part="kept"]')).to_be_visible()


def delete_history(page: Page) -> None:
    draw_entries(page, 3, 7)
    page.get_by_role("button", name="Delete all").click()
    expect(page.get_by_role("button", name="Undo").last).to_be_visible()


WAIT_FOR_SCRIPTS: Final = """() => {
  for (const animation of document.getAnimations()) {
    if (animation.animationName === "stalled") animation.finish();
  }
}"""
"""As long as the page does before it says that they don't come."""


def lose_script(page: Page, name: str = "main.js") -> None:
    """Load the page again, as where the network changes meanwhile."""
    page.route(f"**/js/{name}", lambda route: route.abort("internetdisconnected"))
    page.reload()


def stall(page: Page) -> None:
    lose_script(page)
    page.evaluate(WAIT_FOR_SCRIPTS)
    expect(page.locator(".stalled")).to_be_visible()


STATES: Final[dict[str, State]] = {
    "empty": show_empty,
    "digit": draw,
    "waiting": wait_for_answer,
    "kept": keep,
    "corrected": correct,
    **{name: partial(show_outcome, answer=answer) for name, answer in OUTCOMES.items()},
    "no server": lose_server,
    "offline": go_offline,
    "live off": switch_live_off,
    "problem": partial(show_problem, slug="rate-limited"),
    "upload": open_upload,
    "upload preview": upload_example,
    "upload of no image": upload_text,
    "upload of a large image": upload_large,
    "upload of several": upload_several,
    "history": fill_history,
    "history deleted": delete_history,
    "stalled": stall,
}


def open_state(open_page: OpenPage, name: str, **options: Any) -> Page:
    """The page in a state, as still as it gets."""
    page = open_page(**{"reduced_motion": "reduce", **options})
    STATES[name](page)
    page.mouse.move(0, 0)
    return page
