"""Drawing a digit, and the reading that follows."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.hand import (
    Fingers,
    count_inked,
    numeral,
    text,
    title,
    write_digit,
    write_with_pen,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "has_touch": True,
    "is_mobile": True,
}
UNDERLINE = curve((0.1, 0.95), (0.9, 0.95))


@pytest.mark.parametrize("digit", range(10))
def test_drawn_digit_is_read(page: Page, digit: int) -> None:
    write_digit(page, digit)
    expect(numeral(page)).to_have_text(str(digit))
    expect(text(page)).to_have_text(re.compile(r"\d%"))
    expect(page.locator('[data-part="times"]')).to_have_text(
        re.compile(r"Model [\d.]+ m?s\s+Server [\d.]+ m?s\s+Round trip [\d.]+ (ms|sec)")
    )
    scores = page.locator('[data-part="scores"] li')
    expect(scores).to_have_count(10)
    expect(page.locator(".best .label")).to_have_text(str(digit))


@pytest.mark.parametrize("digit", [2, 4])
def test_finger_draws_on_a_phone(open_page: OpenPage, digit: int) -> None:
    page = open_page(**PHONE)
    Fingers(page).write_digit(digit)
    expect(numeral(page)).to_have_text(str(digit))
    assert page.evaluate("scrollY") == 0, "the page scrolled under the finger"
    assert numeral(page).evaluate("(n) => n.getBoundingClientRect().bottom <= innerHeight")


def test_answer_is_announced(page: Page) -> None:
    write_digit(page, 6)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^Six\. .*\d%$"))


def test_clear_empties_pad_and_answer(page: Page) -> None:
    write_digit(page, 5)
    expect(numeral(page)).to_have_text("5")
    assert count_inked(page) > 0
    page.get_by_role("button", name="Clear").click()
    assert count_inked(page) == 0
    expect(numeral(page)).to_have_text("")
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")
    expect(page.locator(".best")).to_have_count(0)


def test_clear_drops_the_question_on_its_way(page: Page) -> None:
    held = hold(page, API)
    write_digit(page, 5)
    wait_for(page, held, 1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")


def test_blank_pad_is_said_to_be_blank(page: Page) -> None:
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("Nothing there")
    expect(numeral(page)).to_have_text("")
    expect(page.locator(".best")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_image_sent_is_black_on_white_in_either_scheme(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    # A blob's bytes can't be seen from outside the page.
    page.evaluate("""() => {
      const send = window.fetch;
      window.fetch = (url, options) => {
        window.sent = options.body;
        return send(url, options);
      };
    }""")
    write_digit(page, 0)
    expect(numeral(page)).to_have_text("0")
    body = bytes(page.evaluate("async () => [...new Uint8Array(await sent.arrayBuffer())]"))
    with Image.open(io.BytesIO(body)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (280, 280))
        grey = image.convert("L")
    assert grey.getpixel((0, 0)) == 255
    assert grey.getextrema() == (0, 255)
    share = sum(grey.point(lambda level: level < 128).histogram()[1:]) / 280**2
    assert 0.04 < share < 0.15


@pytest.mark.parametrize("density", [1, 2, 3])
def test_canvas_has_the_screens_own_pixels(open_page: OpenPage, density: int) -> None:
    page = open_page(device_scale_factor=density)
    canvas = page.locator("#pad")
    page.wait_for_function("document.querySelector('#pad').width !== 300")
    assert canvas.evaluate("(c) => Math.abs(c.width - c.clientWidth * devicePixelRatio)") < 2


def test_drawing_survives_resizing_and_hiding(page: Page) -> None:
    write_digit(page, 9)
    expect(numeral(page)).to_have_text("9")
    before = count_inked(page) / page.locator("#pad").evaluate("(c) => c.width * c.height")
    page.set_viewport_size({"width": 400, "height": 700})
    page.get_by_role("tab", name="Upload").click()
    page.set_viewport_size({"width": 640, "height": 900})
    page.get_by_role("tab", name="Draw").click()
    page.wait_for_timeout(200)
    after = count_inked(page) / page.locator("#pad").evaluate("(c) => c.width * c.height")
    assert after == pytest.approx(before, rel=0.1)
    page.get_by_role("button", name="Recognise").click()
    expect(numeral(page)).to_have_text("9")


def test_pressure_widens_the_pens_line(page: Page) -> None:
    inked = []
    for pressure in (0.2, 0.9):
        write_with_pen(page, UNDERLINE, pressure)
        inked.append(count_inked(page))
        page.get_by_role("button", name="Clear").click()
    light, firm = inked
    assert firm > 1.4 * light > 0


def test_second_finger_does_not_draw(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    fingers = Fingers(page)
    fingers.touch("touchStart", (0.2, 0.2))
    fingers.touch("touchStart", (0.2, 0.2), (0.8, 0.8))
    fingers.touch("touchMove", (0.2, 0.2), (0.3, 0.8))
    fingers.touch("touchEnd")
    page.wait_for_timeout(100)
    both = count_inked(page)
    page.get_by_role("button", name="Clear").click()
    fingers.touch("touchStart", (0.2, 0.2))
    fingers.touch("touchEnd")
    page.wait_for_timeout(100)
    assert both == count_inked(page) > 0


def test_slow_answer_is_said_to_be_on_its_way(page: Page) -> None:
    held = hold(page, API)
    write_digit(page, 4)
    expect(title(page)).to_have_text("Reading…")
    wait_for(page, held, 1).fulfill(json=fake_answer(4))
    expect(title(page)).to_have_text("Four")


def test_right_button_draws_nothing_and_a_tap_a_dot(page: Page) -> None:
    page.locator("#pad").click(button="right")
    assert count_inked(page) == 0
    page.locator("#pad").click()
    assert count_inked(page) > 0, "a tap leaves a dot"
