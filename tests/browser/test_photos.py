"""What is sent of an image: itself, or of a large photo a smaller one that reads the same."""

import re
from base64 import b64decode
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model_export.drawing.strokes import ink_coverage
from model_export.examples import DIGIT_STROKES
from recognition import limits
from recognition.preprocessing import WORKING_SIDE
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE
from tests.browser.answers import API
from tests.browser.giving import choose, expect_preview, file, open_image, take_photo
from tests.browser.hand import numeral, text, title
from tests.conftest import DrawDigit, encode_image

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHOTO_BYTES: Final = 700_000
"""What a photo may cost a phone's network, at the most."""


# Playwright itself doesn't see into a request's body that is a file.
RECORD = """
  if (!window.sent) {
    window.sent = [];
    const { fetch } = window;
    window.fetch = (url, options) => {
      if (options?.body instanceof Blob) sent.push(options.body);
      return fetch(url, options);
    };
  }
"""
READ_LAST = """
  () => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(sent.at(-1));
  })
"""


def send(page: Page, name: str, data: bytes) -> bytes:
    """Choose a file; returns what goes over the wire for it."""
    page.evaluate(f"() => {{ {RECORD} }}")
    with page.expect_response(API) as response:
        choose(page, file(name, data, ""))
    assert response.value.ok
    return b64decode(page.evaluate(READ_LAST))


def test_page_knows_the_api_s_limits() -> None:
    source = (PAGE / "js/photo.js").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"const ([A-Z_]+) = ([\d_ *]+);", source))
    factors = [int(factor) for factor in numbers["MAX_BYTES"].split("*")]
    assert factors[0] * factors[1] * factors[2] == limits.MAX_BYTES
    assert int(numbers["MAX_PIXELS"]) == limits.MAX_PIXELS
    assert int(numbers["MAX_SIDE"]) == limits.MAX_SIDE
    assert int(numbers["WORKING_SIDE"]) == WORKING_SIDE


def test_photo_of_twelve_megapixels_is_sent_small_and_reads_the_same(
    page: Page, recognizer: Recognizer
) -> None:
    for digit in (3, 7):
        photo = take_photo(digit)
        sent = send(page, "photo.jpg", photo)
        expect(numeral(page)).to_have_text(str(digit))
        assert len(photo) > 5 * PHOTO_BYTES
        assert len(sent) < PHOTO_BYTES
        assert open_image(sent).size == (2199, 1649)  # 6 for each 11: 6 for each that is looked at
        read, whole = recognizer.recognize(sent), recognizer.recognize(photo, max_bytes=20 << 20)
        assert (read.outcome, read.digit) == (whole.outcome, whole.digit)
        assert read.confidence == pytest.approx(whole.confidence, abs=0.01)


@pytest.mark.parametrize("orientation", [3, 6])
def test_photo_of_a_turned_phone_is_shown_and_sent_upright(
    page: Page, recognizer: Recognizer, orientation: int
) -> None:
    upright = take_photo(4, size=(1200, 1600))
    turn = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}[orientation]
    exif = Image.Exif()
    exif[274] = orientation
    lying = encode_image(open_image(upright).transpose(turn), "JPEG", quality=100, exif=exif)
    assert len(lying) > 1024 * 1024
    sent = open_image(send(page, "turned.jpg", lying))
    assert sent.size == (1200, 1600)
    assert not sent.getexif()
    expect_preview(page, "turned.jpg")
    expect(numeral(page)).to_have_text("4")


def test_what_the_api_can_take_is_sent_byte_for_byte(page: Page, draw_digit: DrawDigit) -> None:
    photo = take_photo(5, size=(1024, 768), orientation=1)
    drawing = draw_digit(5, side=1500)
    kinds = [draw_digit(5, each) for each in ("WEBP", "GIF", "BMP")]
    noisy = open_image(photo).resize((1400, 1050))
    heavy = encode_image(noisy, "PNG", compress_level=1)
    assert len(heavy) > 1024 * 1024
    for data in [photo, drawing, *kinds, heavy]:
        assert send(page, "five", data) == data
        expect(numeral(page)).to_have_text("5")


def test_drawing_of_too_many_pixels_is_scaled_and_stays_transparent(page: Page) -> None:
    side = 5040
    ink = ink_coverage(DIGIT_STROKES[2], side=side // 4, width=0.07).resize((side, side))
    sheet = Image.new("LA", (side, side), (255, 0))
    sheet.putalpha(ink)
    data = encode_image(sheet, "PNG", compress_level=1)
    assert side * side > limits.MAX_PIXELS
    sent = open_image(send(page, "vast.png", data))
    assert (sent.format, sent.mode) == ("PNG", "RGBA")
    assert max(sent.size) == 2326
    expect(numeral(page)).to_have_text("2")


def test_bitmap_that_is_too_heavy_is_sent_as_a_photo(page: Page, draw_digit: DrawDigit) -> None:
    data = encode_image(open_image(draw_digit(6, side=1280)).convert("RGB"), "BMP")
    assert len(data) > limits.MAX_BYTES
    sent = send(page, "six.bmp", data)
    assert open_image(sent).format == "JPEG"
    assert len(sent) < PHOTO_BYTES
    expect(numeral(page)).to_have_text("6")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "Not opened here"),
        (bytes(limits.MAX_BYTES + 1), "Not an image"),
    ],
    ids=["HEIC", "no image"],
)
def test_what_nobody_can_open_is_not_sent(page: Page, data: bytes, expected: str) -> None:
    asked: list[str] = []
    page.route("**/api/**", lambda route: asked.append(route.request.url))
    choose(page, file("strange", data, ""))
    expect(title(page)).to_have_text(expected)
    expect(text(page)).not_to_be_empty()
    assert asked == []
