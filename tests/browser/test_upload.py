"""Giving an image: chosen, dropped or pasted."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.hand import count_inked, numeral, text, title, write_digit
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HAND_OVER = """
  ([kind, name, type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    const options = { bubbles: true, cancelable: true, composed: true };
    const event = kind === "paste"
      ? new ClipboardEvent(kind, { ...options, clipboardData: data })
      : new DragEvent(kind, { ...options, dataTransfer: data });
    document.querySelector("main").dispatchEvent(event);
    return event.defaultPrevented;
  }
"""


def choose(page: Page, name: str, data: bytes) -> None:
    page.get_by_role("tab", name="Upload").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Choose images").click()
    chooser.value.set_files(FilePayload(name=name, mimeType="image/png", buffer=data))


def hand_over(page: Page, kind: str, name: str, data: bytes) -> bool:
    """Fires an event that carries a file; whether the page took it over from the browser."""
    taken: bool = page.evaluate(HAND_OVER, [kind, name, "image/png", list(data)])
    return taken


def expect_preview(page: Page, name: str) -> None:
    preview = page.get_by_role("img", name=f"Preview of {name}")
    expect(preview).to_be_visible()
    page.wait_for_function("document.querySelector('#upload img').naturalWidth > 0")
    expect(page.locator('[data-part="name"]')).to_have_text(name)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_chosen_file_is_previewed_and_read(
    page: Page, draw_digit: DrawDigit, image_format: str
) -> None:
    choose(page, "three.img", draw_digit(3, image_format))
    expect_preview(page, "three.img")
    expect(numeral(page)).to_have_text("3")


@pytest.mark.parametrize("mode", ["Draw", "Upload"])
def test_dropped_file_is_previewed_and_read(page: Page, draw_digit: DrawDigit, mode: str) -> None:
    page.get_by_role("tab", name=mode).click()
    image = draw_digit(2)
    assert hand_over(page, "dragover", "two.png", image)
    assert hand_over(page, "drop", "two.png", image)
    expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")
    expect_preview(page, "two.png")
    expect(numeral(page)).to_have_text("2")


def test_pasted_image_is_previewed_and_read(page: Page, draw_digit: DrawDigit) -> None:
    hand_over(page, "paste", "pasted.png", draw_digit(6))
    expect_preview(page, "pasted.png")
    expect(numeral(page)).to_have_text("6")


def test_next_file_replaces_the_last(page: Page, draw_digit: DrawDigit) -> None:
    hand_over(page, "drop", "one.png", draw_digit(1))
    expect(numeral(page)).to_have_text("1")
    hand_over(page, "drop", "five.png", draw_digit(5))
    expect_preview(page, "five.png")
    expect(numeral(page)).to_have_text("5")


def test_clear_removes_the_preview(page: Page, draw_digit: DrawDigit) -> None:
    choose(page, "eight.png", draw_digit(8))
    expect(numeral(page)).to_have_text("8")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#upload img")).to_be_hidden()
    expect(page.get_by_text("Choose images")).to_be_visible()
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")


def test_recognise_without_an_image_asks_for_one(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()
    page.get_by_role("button", name="Recognise").click()
    expect(title(page)).to_have_text("No image yet")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a shopping list", "Not an image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "Damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4 * 1024 * 1024), "Too large"),
    ],
    ids=["text", "damaged", "large"],
)
def test_file_that_cannot_be_read_says_why(page: Page, data: bytes, expected: str) -> None:
    choose(page, "list.png", data)
    expect(title(page)).to_have_text(expected)
    expect(text(page)).not_to_be_empty()
    expect(page.get_by_role("status")).to_have_text(re.compile(f"^{expected}"))
    expect(page.locator("#upload")).to_have_attribute("data-state", "file")
    expect(page.locator('[data-part="name"]')).to_have_text("list.png")
    expect(page.get_by_text("Choose images")).to_be_visible()


def test_each_mode_keeps_its_own_image_and_answer(page: Page, draw_digit: DrawDigit) -> None:
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    choose(page, "four.png", draw_digit(4))
    expect(numeral(page)).to_have_text("4")
    page.get_by_role("tab", name="Draw").click()
    expect(numeral(page)).to_have_text("7")
    assert count_inked(page) > 0
    page.get_by_role("tab", name="Upload").click()
    expect(numeral(page)).to_have_text("4")
