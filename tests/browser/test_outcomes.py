"""What the page says and shows of each outcome, whatever model gives it."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, FloatRect, Locator, Page, expect

from model_export.drawing.strokes import curve
from tests.browser.answers import API, fake_answer, fake_outcome
from tests.browser.conftest import OpenPage
from tests.browser.hand import (
    announcement,
    numeral,
    recognise,
    text,
    title,
    write_digit,
    write_stroke,
)
from tests.conftest import encode_image

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


def show(page: Page, answer: dict[str, Any], server_timing: str = "") -> None:
    headers = {"Server-Timing": server_timing}
    page.unroute(API)
    page.route(API, lambda route: route.fulfill(json=answer, headers=headers))
    recognise(page)
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
    said = announcement(page).inner_text()
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
    expect(announcement(page)).to_have_text(re.compile("^Not a digit"))
    page.get_by_role("button", name="Clear").click()
    expect(announcement(page)).to_have_text("")


def test_each_answer_is_announced_once_and_at_one_place(page: Page) -> None:
    page.get_by_role("switch", name="Live").click()
    page.evaluate(
        """() => {
          window.said = [];
          const regions = document.querySelectorAll("#answer :is([role=status], [aria-live])");
          for (const region of regions) {
            new MutationObserver(() => said.push(region.textContent))
              .observe(region, { childList: true, characterData: true, subtree: true });
          }
        }"""
    )
    show(page, CASES["digit"].answer)
    show(page, CASES["uncertain"].answer)
    first, second = page.evaluate("said")
    assert first == "Four. Certain, 99.1%"
    assert second.startswith("One or seven? 50% for a one")


# --- What the model saw, and where -------------------------------------------------------------

EXPLAINED: Final = {
    **fake_answer(4),
    # A slope, so that a picture turned or mirrored is another one.
    "pixels": [[round((28 * y + x) / 783, 4) for x in range(28)] for y in range(28)],
    "box": {"left": 40, "top": 60, "right": 160, "bottom": 240},
}
GAP: Final = 0.015
"""Between box and marks, as a share of the image's shorter side."""


def cut(page: Page, mode: str = "draw") -> Locator:
    """The corner marks on a sheet."""
    return page.locator(f"#{mode}-cut path")


def box_of(element: Locator) -> FloatRect:
    """Without its line's own width."""
    box: FloatRect = element.evaluate("(e) => e.getBoundingClientRect().toJSON()")
    return box


def find_ink(page: Page) -> FloatRect:
    """The rectangle around the pad's ink, in the window's pixels."""
    ink: FloatRect = page.locator("#pad").evaluate(
        """(canvas) => {
          const { width, height } = canvas;
          const copy = new OffscreenCanvas(width, height);
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          const xs = [], ys = [];
          for (let i = 0; i < width * height; i++) {
            if (data[4 * i + 3] > 127) xs.push(i % width), ys.push(Math.floor(i / width));
          }
          const sheet = canvas.getBoundingClientRect();
          const [min, max] = [(a) => a.reduce((x, y) => Math.min(x, y)),
                              (a) => a.reduce((x, y) => Math.max(x, y))];
          const scale = sheet.width / width;
          return {
            x: sheet.x + scale * min(xs),
            y: sheet.y + scale * min(ys),
            width: scale * (max(xs) + 1 - min(xs)),
            height: scale * (max(ys) + 1 - min(ys)),
          };
        }"""
    )
    return ink


def edges(box: FloatRect) -> list[float]:
    return [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_model_s_pixels_are_shown_as_they_are(open_page: OpenPage, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    show(page, EXPLAINED)
    picture = page.locator('[data-part="pixels"]')
    color, *alphas = picture.evaluate(
        """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return [getComputedStyle(canvas).color, ...data.filter((_, i) => i % 4 === 3)];
        }"""
    )
    assert color == page.locator("body").evaluate("(body) => getComputedStyle(body).color")
    expected = [255 * value for row in EXPLAINED["pixels"] for value in row]
    assert alphas == pytest.approx(expected, abs=1)
    width = picture.evaluate("(canvas) => canvas.clientWidth")
    assert width >= 84
    assert width % 28 == 0, "some pixels are broader than others"
    expect(page.get_by_text("What the model saw")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (1280, 800)])
def test_corner_marks_stand_around_the_ink_that_was_read(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height})
    write_digit(page, 3)
    expect(numeral(page)).to_have_text("3")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "false")
    gap = GAP * box_of(page.locator("#pad"))["width"]
    left, top, right, bottom = edges(find_ink(page))
    around = [left - gap, top - gap, right + gap, bottom + gap]
    # The image has 280 pixels, and ink fades out over two of them.
    assert edges(box_of(cut(page))) == pytest.approx(around, abs=2.5 * gap / (GAP * 280) + 1)


@pytest.mark.parametrize(("width", "height"), [(1000, 400), (300, 900)])
def test_corner_marks_fit_an_image_of_any_shape(page: Page, width: int, height: int) -> None:
    """Black where the box is: the preview itself says where that is on the screen."""
    ink = {"left": width // 4, "top": height // 2, "right": width // 2, "bottom": height - 20}
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).rectangle((ink["left"], ink["top"], ink["right"] - 1, height - 21), 0)
    page.route(API, lambda route: route.fulfill(json={**EXPLAINED, "box": ink}))
    page.get_by_role("tab", name="Upload").click()
    page.locator("#upload input[type=file]").first.set_input_files(
        FilePayload(name="bar.png", mimeType="image/png", buffer=encode_image(image))
    )
    expect(cut(page, "upload")).to_have_attribute("d", re.compile("M"))
    preview = page.locator("#preview")
    content = preview.evaluate(
        """(img) => {
          const { left, top } = img.getBoundingClientRect();
          const style = getComputedStyle(img);
          const [padLeft, padTop, padRight, padBottom] =
            ["Left", "Top", "Right", "Bottom"].map((side) => parseFloat(style[`padding${side}`]));
          const width = img.clientWidth - padLeft - padRight;
          const height = img.clientHeight - padTop - padBottom;
          const scale = Math.min(width / img.naturalWidth, height / img.naturalHeight);
          return {
            scale,
            x: left + padLeft + (width - scale * img.naturalWidth) / 2,
            y: top + padTop + (height - scale * img.naturalHeight) / 2,
          };
        }"""
    )
    gap = GAP * min(width, height)
    expected = [
        content["x"] + content["scale"] * (ink["left"] - gap),
        content["y"] + content["scale"] * (ink["top"] - gap),
        content["x"] + content["scale"] * (ink["right"] + gap),
        content["y"] + content["scale"] * (ink["bottom"] + gap),
    ]
    assert edges(box_of(cut(page, "upload"))) == pytest.approx(expected, abs=1)


def test_corner_marks_go_when_the_pen_goes_down(page: Page) -> None:
    show(page, EXPLAINED)
    expect(cut(page)).to_have_attribute("d", re.compile("M"))
    pad = box_of(page.locator("#pad"))
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    expect(cut(page)).not_to_have_attribute("d", re.compile("M"))
    page.mouse.up()
    expect(cut(page)).to_have_attribute("d", re.compile("M"))
    page.get_by_role("button", name="Clear").click()
    expect(cut(page)).not_to_have_attribute("d", re.compile("M"))


def test_blank_sheet_has_neither_picture_nor_marks(page: Page) -> None:
    show(page, EXPLAINED)
    show(page, CASES["blank"].answer)
    expect(page.locator(".seen")).to_be_hidden()
    expect(cut(page)).not_to_have_attribute("d", re.compile("M"))
    expect(page.locator(".times")).to_be_visible()


def test_times_are_the_model_s_the_server_s_and_the_way_s(page: Page) -> None:
    show(page, {**EXPLAINED, "processing_time": 0.00123}, "total;dur=4.31, decode;dur=0.8")
    expect(page.locator('[data-part="model"]')).to_have_text("1.2 ms")
    expect(page.locator('[data-part="server"]')).to_have_text("4.3 ms")
    expect(page.locator('[data-part="trip"]')).to_have_text(re.compile(r"^[\d.]+ ms$"))
    show(page, {**EXPLAINED, "processing_time": 1.25})
    expect(page.locator('[data-part="model"]')).to_have_text("1.3 sec")
    expect(page.locator('[data-part="server"]')).to_have_text("–")


def test_server_s_time_is_within_the_way_s(page: Page) -> None:
    with page.expect_response(API) as response:
        write_stroke(page, curve((0.5, 0.2), (0.5, 0.8)))
    timing = response.value.headers["server-timing"]
    expect(page.locator('[data-part="server"]')).to_have_text(re.compile(r"\d"))
    total = float(re.findall(r"total;dur=([\d.]+)", timing)[0])
    shown = page.locator('[data-part="trip"]').inner_text()
    number, unit = shown.split()
    assert 0 < total <= float(number) * (1 if unit == "ms" else 1000) + 1


# --- Saying what is right ----------------------------------------------------------------------

OWN_VIEW: Final = """async () => {
  // A view of its own, on a copy of the page's: nobody else hears what it dispatches.
  const { AnswerView } = await import("./js/answer.js");
  const { Language } = await import("./js/language.js");
  const root = document.querySelector("#answer").cloneNode(true);
  root.removeAttribute("id");
  root.querySelector("[data-part=scores]").replaceChildren();
  document.querySelector("#answer").replaceWith(root);
  window.view = new AnswerView(root, new Language(document.createElement("div")));
  window.corrections = [];
  view.addEventListener("correct", ({ detail }) => corrections.push(detail.digit));
}"""


@pytest.fixture
def own_view(page: Page) -> Page:
    page.evaluate(OWN_VIEW)
    return page


@each_outcome
def test_a_tap_says_which_digit_it_really_is(own_view: Page, outcome: str) -> None:
    own_view.evaluate("(answer) => view.showAnswer(answer)", CASES[outcome].answer)
    prompt = own_view.locator('[data-part="prompt"]')
    is_digit = CASES[outcome].answer["digit"] is not None
    expect(prompt).to_have_text(
        "Wrong? Tap the right digit." if is_digit else "A digit after all? Tap it."
    )
    for digit in range(10):
        name = f"It is {'an' if digit == 8 else 'a'} {digit}"
        expect(own_view.get_by_role("button", name=name)).to_have_text(str(digit))
    button = own_view.get_by_role("button", name="It is an 8")
    button.click()
    assert own_view.evaluate("corrections") == [8]
    expect(button).to_have_attribute("aria-pressed", "false")  # until it is kept
    own_view.evaluate("view.showCorrected(8)")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(own_view.locator('[aria-pressed="true"]')).to_have_count(1)
    expect(prompt).to_have_text("Thank you. It is an 8.")
    expect(own_view.get_by_role("status").last).to_have_text("Thank you. It is an 8.")


def test_correction_stays_with_its_answer(own_view: Page) -> None:
    own_view.evaluate(
        """([first, second]) => {
          view.showAnswer(first);
          view.showCorrected(9);
          view.showAnswer(second);
        }""",
        [CASES["digit"].answer, CASES["uncertain"].answer],
    )
    expect(own_view.locator('[aria-pressed="true"]')).to_have_count(0)
    own_view.evaluate(
        """(answer) => {
          view.showAnswer(answer);
          view.showCorrected(9);
          view.showEmpty();
          view.showAnswer(answer);
        }""",
        CASES["digit"].answer,
    )
    expect(own_view.locator('[aria-pressed="true"]')).to_have_text("9")


def test_correction_that_is_not_kept_can_be_tried_again(own_view: Page) -> None:
    own_view.evaluate("(answer) => view.showAnswer(answer)", CASES["digit"].answer)
    own_view.evaluate("view.showCorrectionFailed()")
    expect(own_view.locator('[data-part="prompt"]')).to_contain_text("couldn’t be kept")
    expect(own_view.locator('[aria-pressed="true"]')).to_have_count(0)
    own_view.get_by_role("button", name="It is a 9").click()
    assert own_view.evaluate("corrections") == [9]


def test_nothing_is_corrected_while_another_answer_is_on_its_way(own_view: Page) -> None:
    own_view.evaluate(
        "(answer) => { view.showAnswer(answer); view.showStale(); }", CASES["digit"].answer
    )
    own_view.get_by_role("button", name="It is a 9").click()
    assert own_view.evaluate("corrections") == []


def test_where_there_is_no_answer_there_is_nothing_to_correct(own_view: Page) -> None:
    failure = "{ problem: { type: 'timeout', detail: '', pause: 0 }, again: 'never' }"
    for call in ("showEmpty()", f"showProblem({failure}, true)"):
        own_view.evaluate("(answer) => view.showAnswer(answer)", CASES["digit"].answer)
        own_view.evaluate(f"view.{call}")
        expect(own_view.locator(".scores button:enabled")).to_have_count(0)
        expect(own_view.locator('[data-part="prompt"]')).to_have_text("")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (568, 320), (768, 1024), (1280, 800)])
def test_figures_are_broad_enough_for_a_thumb(open_page: OpenPage, width: int, height: int) -> None:
    """WCAG 2.5.8: 24 pixels at least, where many stand side by side."""
    page = open_page(viewport={"width": width, "height": height})
    show(page, CASES["digit"].answer)
    for button in page.locator(".scores button").all():
        box = box_of(button)
        assert box["width"] >= 24
        assert box["height"] >= 44


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
