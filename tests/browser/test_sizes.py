"""The page on small and large screens: everything there, readable and within reach."""

import re
from itertools import combinations
from typing import Any, Final

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.giving import choose, file
from tests.browser.hand import Fingers, count_inked, numeral, write_digit
from tests.browser.memories import entries
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PORTRAIT: Final = [(320, 568), (390, 844), (600, 960), (736, 1024), (768, 1024)]
LANDSCAPE: Final = [(568, 320), (667, 375), (740, 360), (844, 390), (932, 290)]
DESKTOP: Final = [(960, 900), (1280, 800), (1280, 1024), (3840, 2160)]
SMALLEST_TYPE: Final = 11
"""Pixels."""

WIDEST_ANSWER: Final[dict[str, Any]] = {
    "id": "fake",
    "outcome": "uncertain",
    "digit": 7,
    "confidence": 0.4999,
    # Two that are as wide as can be and as close as they are wide.
    "scores": [0, 0, 0, 0, 0, 0, 0, 0.4999, 0.0002, 0.4999],
    "model": "fake",
    "processing_time": 0.0021,
    "stored": False,
}


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None, f"{element} can't be seen"
    return box


def overlap(a: FloatRect, b: FloatRect) -> bool:
    return (
        min(a["x"] + a["width"], b["x"] + b["width"]) > max(a["x"], b["x"]) + 0.5
        and min(a["y"] + a["height"], b["y"] + b["height"]) > max(a["y"], b["y"]) + 0.5
    )


def boxes_of_text(page: Page) -> list[FloatRect]:
    """Where the glyphs of each score stand, and below them the words."""
    boxes: list[FloatRect] = page.evaluate("""() =>
      [...document.querySelectorAll(".share, .label, [data-part=title]")].map((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect().toJSON();
      })""")
    return boxes


@pytest.mark.parametrize(("width", "height"), [*PORTRAIT, *LANDSCAPE, *DESKTOP])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    for digit in (1, 8):
        page.get_by_role("button", name="Clear").click()
        write_digit(page, digit)
        expect(numeral(page)).to_have_text(str(digit))
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("tab", name="Upload").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("width", "height"), [*PORTRAIT, *LANDSCAPE, *DESKTOP])
def test_ten_scores_can_be_read(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    page.route("**/api/recognitions*", lambda route: route.fulfill(json=WIDEST_ANSWER))
    write_digit(page, 7)
    shares = page.locator(".scores .share")
    expect(shares).to_have_text(["0%"] * 7 + ["49.9%", "0%", "49.9%"])
    styles = shares.evaluate_all(
        """(shares) => shares.map((share) => {
          const { fontSize, clipPath } = getComputedStyle(share);
          return [parseFloat(fontSize), clipPath];
        })"""
    )
    for size, clip in styles:
        assert size >= SMALLEST_TYPE
        assert clip == "none"
    boxes = boxes_of_text(page)
    assert len(boxes) == 21
    for a, b in combinations(boxes, 2):
        assert not overlap(a, b), f"{a} lies on {b}"
    for box in boxes:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize(("width", "height"), LANDSCAPE)
def test_low_window_shows_the_whole_pad_beside_the_answer(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    pad = box_of(page.locator("#pad"))
    assert pad["y"] + pad["height"] <= height
    assert min(pad["width"], pad["height"]) >= 200
    answer = box_of(page.locator("#answer"))
    assert answer["x"] >= pad["x"] + pad["width"]
    assert box_of(page.locator(".scores"))["y"] < height / 2
    buttons = [box_of(button) for button in page.locator(".hand").get_by_role("button").all()]
    for button in buttons:
        assert button["height"] >= 44
        assert button["x"] + button["width"] <= answer["x"]
    for a, b in combinations(buttons, 2):
        assert not overlap(a, b)
    for control in [*page.get_by_role("tab").all(), page.get_by_role("link", name="API")]:
        control.click(trial=True)


@pytest.mark.parametrize(("width", "height"), [(480, 480), (500, 400), (700, 600)])
def test_pad_fits_into_a_low_window_of_any_width(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    pad = box_of(page.locator("#pad"))
    assert pad["y"] + pad["height"] <= height
    assert pad["width"] == pad["height"] >= 200


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180), (1280, 800)])
@pytest.mark.parametrize("by", ["pointer", "touch"])
def test_digits_are_drawn_and_read_and_survive_a_turn_of_the_screen(
    open_page: OpenPage, width: int, height: int, by: str
) -> None:
    touch = {"has_touch": True, "is_mobile": width < 1000, "device_scale_factor": 2}
    page = open_page(
        viewport={"width": width, "height": height}, **(touch if by == "touch" else {})
    )
    for digit in (4, 7):
        page.get_by_role("button", name="Clear").click()
        if by == "touch":
            Fingers(page).write_digit(digit)
        else:
            write_digit(page, digit)
        expect(numeral(page)).to_have_text(str(digit))
    assert page.evaluate("scrollY") == 0
    before = share_inked(page)
    page.set_viewport_size({"width": height, "height": width})
    page.wait_for_timeout(200)
    assert share_inked(page) == pytest.approx(before, rel=0.1)
    pad = box_of(page.locator("#pad"))
    assert pad["width"] == pytest.approx(pad["height"], abs=1)


def share_inked(page: Page) -> float:
    area: int = page.locator("#pad").evaluate("(c) => c.width * c.height")
    return count_inked(page) / area


@pytest.mark.parametrize("language", ["en", "ru", "fr", "zh"])
@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280])
def test_tools_stand_in_one_row_within_reach_of_a_thumb(
    open_page: OpenPage, width: int, language: str
) -> None:
    page = open_page(viewport={"width": width, "height": 740}, locale=language)
    expect(page.locator("html")).to_have_attribute("lang", re.compile(language))
    sheet = box_of(page.locator("#draw"))
    tools = page.locator("#tools > button, #tools label:has(svg)").all()
    boxes = [box for box in map(box_of, tools) if box["width"] > 1]
    assert len(boxes) in (5, 7)
    for box in boxes:
        assert box["height"] >= 44
        assert box["width"] >= (44 if width < 360 else 32)
        assert box["y"] == pytest.approx(boxes[0]["y"], abs=0.5)
        assert box["x"] + box["width"] <= sheet["x"] + sheet["width"] + 0.5
    for a, b in combinations(boxes, 2):
        assert not overlap(a, b)


@pytest.mark.parametrize("kind", ["example", "drawing", "picture"])
def test_what_is_tapped_far_below_is_seen_above(
    open_page: OpenPage, draw_digit: DrawDigit, kind: str
) -> None:
    page = open_page(viewport={"width": 390, "height": 660}, has_touch=True, is_mobile=True)
    sheet = page.locator(".line")
    if kind == "picture":
        choose(page, file("two.png", draw_digit(2)))
    elif kind == "drawing":
        write_digit(page, 2)
    if kind == "example":
        tapped = page.get_by_role("button", name="Example 2")
    else:
        expect(numeral(page)).to_have_text("2")
        page.get_by_role("button", name="Clear").click()
        tapped = entries(page).first
    tapped.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(sheet).not_to_be_in_viewport(ratio=0.9)
    tapped.dispatch_event("click")  # by its place, it would be scrolled to once more
    expect(numeral(page)).to_have_text("2")
    expect(sheet).to_be_in_viewport(ratio=0.9)
