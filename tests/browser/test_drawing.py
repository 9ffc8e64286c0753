"""Drawing a digit, and the reading that follows."""

import io
import json
import re
from random import Random

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import curve
from model_export.examples import DIGIT_STROKES
from tests.browser.answers import API, fake_answer, hold, wait_for
from tests.browser.conftest import OpenPage
from tests.browser.hand import (
    Fingers,
    announcement,
    count_inked,
    numeral,
    point_on_screen,
    text,
    title,
    write_digit,
    write_stroke,
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
    expect(announcement(page)).to_have_text(re.compile(r"^Six\. .*\d%$"))


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


@pytest.mark.parametrize("pen", ["Thin", "Thick"])
def test_every_digit_is_read_in_every_pen_s_line(page: Page, pen: str) -> None:
    page.get_by_role("radio", name=pen).check(force=True)
    for digit in range(10):
        write_digit(page, digit)
        expect(numeral(page)).to_have_text(str(digit))
        page.get_by_role("button", name="Clear").click()


def test_stroke_keeps_the_pen_that_drew_it_and_the_next_load_the_last(page: Page) -> None:
    inked = []
    for pen in ("Thin", "Medium", "Thick"):
        page.get_by_role("radio", name=pen).check(force=True)
        page.get_by_role("button", name="Clear").click()
        write_stroke(page, UNDERLINE)
        inked.append(count_inked(page))
    thin, medium, thick = inked
    assert 1.3 * thin < medium < thick / 1.3
    page.get_by_role("radio", name="Thin").check(force=True)
    assert count_inked(page) == thick
    page.reload()
    expect(page.get_by_role("radio", name="Thin")).to_be_checked()
    expect(page.locator("#draw")).to_have_attribute("data-state", "drawn")
    assert count_inked(page) == pytest.approx(thick, rel=0.01), "the drawing was not kept as it was"


def test_drawing_survives_a_reload_stroke_by_stroke(page: Page) -> None:
    page.locator("#examples button").nth(3).click()
    expect(numeral(page)).to_have_text("3")
    write_stroke(page, UNDERLINE)
    drawn = count_inked(page)
    page.reload()
    expect(page.locator("#draw")).to_have_attribute("data-state", "drawn")
    assert count_inked(page) == pytest.approx(drawn, rel=0.01)
    page.get_by_role("button", name="Undo").click()
    assert 0 < count_inked(page) < drawn
    expect(numeral(page)).to_have_text("3")


@pytest.mark.parametrize("junk", ["", "{", "[[1]]", '[["a","b","c"]]', '["junk"]', "[[1,2,0]]"])
def test_junk_where_the_drawing_was_kept_is_an_empty_sheet(page: Page, junk: str) -> None:
    restored = page.evaluate(
        """async (junk) => {
          const { readMarks } = await import("./js/marks.js");
          return readMarks(junk, () => document.createElement("canvas"));
        }""",
        junk,
    )
    assert restored == []


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_actions_leaves_what_a_list_would(page: Page, seed: int) -> None:
    """Every stroke is another line, so that no two drawings look alike unless they are alike."""
    choose = Random(seed)
    now: tuple[int, ...] = ()
    past: list[tuple[int, ...]] = []
    future: list[tuple[int, ...]] = []
    looks: dict[tuple[int, ...], str] = {(): look(page)}
    for step in range(40):
        action = choose.choice(["stroke", "stroke", "stroke", "undo", "undo", "redo", "clear"])
        if action == "stroke" or (action == "clear" and now):
            past, future = [*past, now], []
            now = (*now, step) if action == "stroke" else ()
        elif action == "undo" and past:
            now, past, future = past[-1], past[:-1], [*future, now]
        elif action == "redo" and future:
            now, past, future = future[-1], [*past, now], future[:-1]
        if action == "stroke":
            write_stroke(page, curve((0.1, 0.02 * step + 0.1), (0.9, 0.02 * step + 0.1)))
        else:
            press = {"undo": "Control+Z", "redo": "Control+Y", "clear": "Delete"}[action]
            page.keyboard.press(press)
        seen = look(page)
        assert looks.setdefault(now, seen) == seen, f"step {step}, {action}"
        undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
        assert undo.get_attribute("aria-disabled") == str(not past).lower()
        assert redo.get_attribute("aria-disabled") == str(not future).lower()
    assert len(set(looks.values())) == len(looks)


def look(page: Page) -> str:
    """The drawing, as one text."""
    drawing: str = page.locator("#pad").evaluate("(canvas) => canvas.toDataURL()")
    return drawing


def test_example_painted_by_mistake_is_taken_back(page: Page) -> None:
    write_digit(page, 7)
    drawn = look(page)
    page.locator("#examples button").nth(3).click()
    expect(numeral(page)).to_have_text("3")
    page.get_by_role("button", name="Undo").click()
    assert look(page) == drawn
    expect(numeral(page)).to_have_text("7")


def test_pen_takes_over_from_a_palm(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    write_with_pen(page, UNDERLINE, 0.5)
    alone = count_inked(page)
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(1000)
    fingers = Fingers(page)
    fingers.touch("touchStart", (0.8, 0.3))
    fingers.touch("touchMove", (0.8, 0.4))
    write_with_pen(page, UNDERLINE, 0.5)
    fingers.touch("touchMove", (0.8, 0.6))
    fingers.touch("touchEnd")
    assert count_inked(page) == pytest.approx(alone, rel=0.1)
    fingers.touch("touchStart", (0.2, 0.2))
    fingers.touch("touchMove", (0.3, 0.3))
    fingers.touch("touchEnd")
    assert count_inked(page) == pytest.approx(alone, rel=0.1), "a hand that holds a pen drew"


def test_touch_that_the_system_takes_away_keeps_its_stroke(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    fingers = Fingers(page)
    fingers.touch("touchStart", (0.2, 0.2))
    fingers.touch("touchMove", (0.6, 0.6))
    fingers.touch("touchCancel")
    page.wait_for_timeout(100)
    cancelled = count_inked(page)
    assert cancelled > 0
    fingers.write_stroke(curve((0.2, 0.8), (0.8, 0.8)))
    assert count_inked(page) > cancelled


def test_nothing_zooms_or_scrolls_under_two_fingers_or_two_taps(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    fingers = Fingers(page)
    fingers.touch("touchStart", (0.5, 0.5))
    fingers.touch("touchStart", (0.5, 0.5), (0.5, 1.3))
    for spread in (0.1, 0.2, 0.3, 0.4):
        fingers.touch("touchMove", (0.5, 0.5 - spread), (0.5, 1.3 + spread))
    fingers.touch("touchEnd")
    for _ in range(2):
        fingers.touch("touchStart", (0.3, 0.3))
        fingers.touch("touchEnd")
    page.wait_for_timeout(300)
    assert page.evaluate("[visualViewport.scale, scrollX, scrollY]") == [1, 0, 0]


SYNTHETIC = """(canvas, [type, options]) => {
  canvas.setPointerCapture = () => {}; // there is no such pointer
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = ({ x, y, ...rest }) => new PointerEvent(type, {
    clientX: left + x * width, clientY: top + y * height, pointerId: 7, isPrimary: true, ...rest,
  });
  const { between = [], next = [], ...at } = options;
  canvas.dispatchEvent(place({
    ...at, coalescedEvents: between.map(place), predictedEvents: next.map(place),
  }));
}"""


def test_undo_in_the_middle_of_a_stroke_takes_all_of_it(page: Page) -> None:
    write_stroke(page, UNDERLINE)
    under = look(page)
    page.mouse.move(*point_on_screen(page, (0.3, 0.3)))
    page.mouse.down()
    page.mouse.move(*point_on_screen(page, (0.5, 0.3)), steps=5)
    page.keyboard.press("Control+Z")
    assert look(page) == under
    page.mouse.move(*point_on_screen(page, (0.7, 0.3)), steps=5)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert look(page) == under
    page.keyboard.press("Control+Y")
    assert look(page) != under, "what was drawn of it comes back"
    page.keyboard.press("Control+Z")
    write_stroke(page, DIGIT_STROKES[1][1])
    assert look(page) != under, "the next stroke is one"


def dispatch(page: Page, kind: str, **options: object) -> None:
    """A pointer event with what Chromium's tools can't give one."""
    page.locator("#pad").evaluate(SYNTHETIC, [kind, options])


def test_eraser_takes_away_the_stroke_that_it_touches(page: Page) -> None:
    write_stroke(page, UNDERLINE)
    under = look(page)
    write_digit(page, 1)
    both = look(page)
    eraser = {"pointerType": "pen", "button": 5, "buttons": 32}
    dispatch(page, "pointerdown", x=0.2, y=0.5, **eraser)
    dispatch(page, "pointermove", x=0.3, y=0.5, **eraser)
    assert look(page) == both
    first, *_, last = DIGIT_STROKES[1][1]
    for x, y in ((first[0], 0.4), (last[0], 0.6), DIGIT_STROKES[1][0][0]):
        dispatch(page, "pointermove", x=float(x), y=float(y), **eraser)
    dispatch(page, "pointerup", x=0.4, y=0.2, **eraser)
    assert look(page) == under
    page.keyboard.press("Control+Z")
    page.keyboard.press("Control+Z")
    assert look(page) == both


def test_every_position_between_two_frames_is_drawn_and_no_guess_is_kept(page: Page) -> None:
    mouse = {"pointerType": "mouse", "button": 0, "buttons": 1}
    dispatch(page, "pointerdown", x=0.1, y=0.5, **mouse)
    dispatch(
        page, "pointermove", x=0.9, y=0.5, **mouse,
        between=[{"x": 0.3, "y": 0.1}, {"x": 0.6, "y": 0.9}, {"x": 0.9, "y": 0.5}],
        next=[{"x": 0.95, "y": 0.6}, {"x": 0.97, "y": 0.8}],
    )  # fmt: skip
    page.wait_for_timeout(100)
    ahead = page.locator(".ahead")
    assert ahead.evaluate(INKED) > 0, "what comes next is not drawn ahead"
    dispatch(page, "pointerup", x=0.9, y=0.5, **mouse)
    assert ahead.evaluate(INKED) == 0
    saved = page.evaluate("() => { dispatchEvent(new Event('pagehide')); return sessionStorage }")
    (stroke,) = json.loads(saved["inkling.drawing"])
    assert [stroke[i : i + 2] for i in range(0, len(stroke), 3)] == [
        [1000, 5000], [3000, 1000], [6000, 9000], [9000, 5000]
    ]  # fmt: skip


INKED = """(canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data.filter((_, i) => i % 4 === 3)
    .reduce((sum, alpha) => sum + (alpha > 0), 0);
}"""
