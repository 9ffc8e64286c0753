"""The README's pictures: `SCREENSHOTS=docs pytest tests/browser/test_screenshots.py`."""

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.hand import numeral, write_digit

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
