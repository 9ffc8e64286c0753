"""A hand that draws on the page's pad, and what can be seen of its drawing."""

from collections.abc import Iterable, Sequence
from typing import Final

from playwright.sync_api import CDPSession, Locator, Page

from model_export.drawing.strokes import Stroke, curve
from model_export.examples import DIGIT_STROKES

STEP: Final = 4


def write_digit(page: Page, digit: int) -> None:
    """With the mouse."""
    for stroke in DIGIT_STROKES[digit]:
        write_stroke(page, stroke)


def write_stroke(page: Page, stroke: Stroke) -> None:
    # A hand's events lie further apart than our renderer's points.
    points = _on_screen(page, [*stroke[:-1:STEP], stroke[-1]])
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def recognise(page: Page) -> None:
    """Press the button: with something on the pad, or else nobody is asked."""
    if page.locator("#draw").get_attribute("data-state") == "empty":
        write_stroke(page, curve((0.5, 0.4), (0.5, 0.6)))
    page.get_by_role("button", name="Recognise").click()


class Fingers:
    """Fingers on the pad: Playwright itself can only tap."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._devtools = _devtools(page)

    def write_digit(self, digit: int) -> None:
        for stroke in DIGIT_STROKES[digit]:
            self.write_stroke(stroke)

    def write_stroke(self, stroke: Stroke) -> None:
        first, *others = stroke[::STEP]
        self.touch("touchStart", first)
        for point in [*others, stroke[-1]]:
            self.touch("touchMove", point)
        self.touch("touchEnd")

    def touch(self, kind: str, *points: Sequence[float]) -> None:
        """One event, with all the fingers that are down."""
        touches = [{"x": x, "y": y} for x, y in _on_screen(self._page, points)]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def write_with_pen(page: Page, stroke: Stroke, pressure: float) -> None:
    """With a pen that is pressed evenly, 0 to 1."""
    devtools = _devtools(page)
    pen = {"pointerType": "pen", "force": pressure, "button": "left", "clickCount": 1}
    points = _on_screen(page, stroke)
    kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 2), "mouseReleased"]
    for kind, (x, y) in zip(kinds, points, strict=True):
        buttons = 0 if kind == "mouseReleased" else 1
        devtools.send(
            "Input.dispatchMouseEvent", {**pen, "type": kind, "x": x, "y": y, "buttons": buttons}
        )


def count_inked(page: Page) -> int:
    """Pixels of the pad's canvas with any ink."""
    count: int = page.locator("#pad").evaluate(
        """(canvas) => {
          const { width, height } = canvas;
          // A copy, so that Chromium has no reason to warn of reading the page's own.
          const copy = new OffscreenCanvas(width, height);
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) inked += data[i] > 0 ? 1 : 0;
          return inked;
        }"""
    )
    return count


def announcement(page: Page) -> Locator:
    """What is said of the answer; the history has a status of its own, from its first entry on."""
    return page.locator("#answer").get_by_role("status")


def numeral(page: Page) -> Locator:
    """The answer's large figure."""
    return page.locator('[data-part="numeral"]')


def title(page: Page) -> Locator:
    return page.locator('[data-part="title"]')


def text(page: Page) -> Locator:
    return page.locator('[data-part="text"]')


def point_on_screen(page: Page, point: Sequence[float]) -> tuple[float, float]:
    """A point of the pad's unit box, in the window's pixels."""
    return _on_screen(page, [point])[0]


def _devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def _on_screen(page: Page, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    """Points of the pad's unit box, in the window's pixels."""
    box = page.locator("#pad").bounding_box()
    assert box is not None, "the pad is not visible"
    return [
        (box["x"] + float(x) * box["width"], box["y"] + float(y) * box["height"]) for x, y in points
    ]
