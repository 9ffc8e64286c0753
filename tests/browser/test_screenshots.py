"""Pictures of the page: `SCREENSHOTS=docs pytest tests/browser/test_screenshots.py`.

The README's, and in the folder `states` one of every state in every look, with a sheet of each look
to see them all at once.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Watch
from tests.browser.hand import numeral, write_digit
from tests.browser.states import LANGUAGES, LOOKS, PROBLEMS, STATES, open_state, show_problem

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="SCREENSHOTS names no folder"),
]

WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}

PICTURES: dict[str, dict[str, Any]] = {
    "screenshot": {**WIDE, "color_scheme": "light"},
    "screenshot-dark": {**WIDE, "color_scheme": "dark"},
    "screenshot-phone": {**PHONE, "color_scheme": "light"},
    "screenshot-phone-dark": {**PHONE, "color_scheme": "dark"},
}
COLORS = 128
"""Of the saved PNG's palette: the page has four and their blends."""


@pytest.mark.parametrize("name", PICTURES)
def test_screenshot(open_page: OpenPage, name: str) -> None:
    folder = Path(os.environ["SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    page = open_page(**PICTURES[name])
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # until the bars stand
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    assert file.stat().st_size < 150_000


COLUMNS = {"wide": 4, "phone": 8}
"""Of a sheet."""
COLUMN_WIDTHS = {"wide": 640, "phone": 300}
GAP = 24
LABEL_HEIGHT = 20


def take(page: Page, look: str, name: str) -> Path:
    """A picture of the whole page, however long."""
    folder = Path(os.environ["SCREENSHOTS"]) / "states" / look
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name.replace(' ', '-').replace(',', '')}.png"
    page.screenshot(path=file, full_page=True)
    return file


def make_sheet(look: str, files: list[Path]) -> None:
    """All pictures of a look on one, each with its name."""
    kind = look.partition("-")[0]
    width, columns = COLUMN_WIDTHS[kind], COLUMNS[kind]
    pictures = []
    for file in files:
        with Image.open(file) as picture:
            height = round(picture.height * width / picture.width)
            pictures.append(
                picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
            )
    rows = [pictures[i : i + columns] for i in range(0, len(pictures), columns)]
    heights = [max(picture.height for picture in row) + LABEL_HEIGHT + GAP for row in rows]
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP), "#808080")
    draw = ImageDraw.Draw(sheet)
    names = iter(file.stem for file in files)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for i, scaled in enumerate(row):
            left = GAP + i * (width + GAP)
            draw.text((left, top), next(names), fill="white")
            sheet.paste(scaled, (left, top + LABEL_HEIGHT))
        top += height
    sheet.save(files[0].parent.with_suffix(".png"))


@pytest.mark.parametrize("look", LOOKS)
def test_every_state(open_page: OpenPage, watch: Watch, look: str) -> None:
    files = []
    for name in STATES:
        page = open_state(open_page, name, **LOOKS[look])
        files.append(take(page, look, name))
        page.context.set_offline(False)
    make_sheet(look, files)
    watch.complaints.clear()  # of what some states are made of: a network that isn't there


def test_every_problem_and_language(open_page: OpenPage) -> None:
    look = "phone-light"
    files = []
    for language in LANGUAGES:
        page = open_page(locale=language, reduced_motion="reduce", **LOOKS[look])
        expect(page.locator("#language")).to_have_value(language)
        write_digit(page, 8)
        expect(numeral(page)).to_have_text("8")
        files.append(take(page, "phone-words", f"language {language}"))
    for slug in PROBLEMS:
        page = open_page(reduced_motion="reduce", **LOOKS[look])
        show_problem(page, slug)
        files.append(take(page, "phone-words", slug))
    make_sheet("phone-words", files)
