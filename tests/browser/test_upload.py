"""Giving an image: chosen, dropped, pasted or photographed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.giving import choose, drop_paths, expect_preview, file, hand_over
from tests.browser.hand import announcement, count_inked, numeral, text, title, write_digit
from tests.conftest import DrawDigit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_chosen_file_is_previewed_and_read(
    page: Page, draw_digit: DrawDigit, image_format: str
) -> None:
    choose(page, file("three.img", draw_digit(3, image_format)))
    expect_preview(page, "three.img")
    expect(numeral(page)).to_have_text("3")


@pytest.mark.parametrize("mode", ["Draw", "Upload"])
def test_dropped_file_is_previewed_and_read(page: Page, draw_digit: DrawDigit, mode: str) -> None:
    page.get_by_role("tab", name=mode).click()
    image = draw_digit(2)
    assert hand_over(page, "dragover", file("two.png", image))
    assert hand_over(page, "drop", file("two.png", image))
    expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")
    expect_preview(page, "two.png")
    expect(numeral(page)).to_have_text("2")


def test_pasted_image_is_previewed_and_read(page: Page, draw_digit: DrawDigit) -> None:
    hand_over(page, "paste", file("pasted.png", draw_digit(6)))
    expect_preview(page, "pasted.png")
    expect(numeral(page)).to_have_text("6")


def test_photo_is_taken_where_there_is_a_touch_screen(
    open_page: OpenPage, draw_digit: DrawDigit
) -> None:
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.get_by_role("tab", name="Upload").click()
    camera = phone.locator("input[capture=environment]")
    assert camera.get_attribute("accept") == "image/*"
    choose(phone, file("image.jpg", draw_digit(8, "JPEG")), button="Take a photo")
    expect_preview(phone, "image.jpg")
    expect(numeral(phone)).to_have_text("8")


def test_no_camera_is_offered_to_a_mouse(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()
    expect(page.get_by_text("Choose images")).to_be_visible()
    expect(page.get_by_text("Take a photo")).to_be_hidden()


def test_what_is_pasted_into_a_text_field_is_its_own(page: Page, draw_digit: DrawDigit) -> None:
    page.evaluate("() => document.querySelector('main').append(document.createElement('input'))")
    hand_over(page, "paste", file("pasted.png", draw_digit(6)), target="main > input")
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")


def test_pasted_text_and_files_that_are_no_images_are_left_alone(page: Page) -> None:
    hand_over(page, "paste", file("list.txt", b"milk", "text/plain"))
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")


def test_folder_that_is_dropped_is_left_out_with_words(
    page: Page, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    folder, image = tmp_path / "scans", tmp_path / "nine.png"
    folder.mkdir()
    image.write_bytes(draw_digit(9))
    page.get_by_role("tab", name="Upload").click()
    note = page.locator('#upload [data-part="note"]')
    drop_paths(page, folder)
    expect(note).to_have_text("Folders are left out: give the images themselves.")
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")
    drop_paths(page, folder, image)
    expect_preview(page, "nine.png")
    expect(numeral(page)).to_have_text("9")
    expect(note).not_to_be_empty()
    drop_paths(page, image)
    expect(note).to_be_empty()


def test_next_file_replaces_the_last(page: Page, draw_digit: DrawDigit) -> None:
    hand_over(page, "drop", file("one.png", draw_digit(1)))
    expect(numeral(page)).to_have_text("1")
    hand_over(page, "drop", file("five.png", draw_digit(5)))
    expect_preview(page, "five.png")
    expect(numeral(page)).to_have_text("5")


def test_clear_removes_the_preview(page: Page, draw_digit: DrawDigit) -> None:
    choose(page, file("eight.png", draw_digit(8)))
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
        (b"\x89PNG\r\n\x1a\n" + bytes(4 * 1024 * 1024), "Large image"),
    ],
    ids=["text", "damaged", "large"],
)
def test_file_that_cannot_be_read_says_why(page: Page, data: bytes, expected: str) -> None:
    choose(page, file("list.png", data))
    expect(title(page)).to_have_text(expected)
    expect(text(page)).not_to_be_empty()
    expect(announcement(page)).to_have_text(re.compile(f"^{expected}"))
    expect(page.locator("#upload")).to_have_attribute("data-state", "file")
    expect(page.locator('#upload [data-part="name"]')).to_have_text("list.png")


def test_each_mode_keeps_its_own_image_and_answer(page: Page, draw_digit: DrawDigit) -> None:
    write_digit(page, 7)
    expect(numeral(page)).to_have_text("7")
    choose(page, file("four.png", draw_digit(4)))
    expect(numeral(page)).to_have_text("4")
    page.get_by_role("tab", name="Draw").click()
    expect(numeral(page)).to_have_text("7")
    assert count_inked(page) > 0
    page.get_by_role("tab", name="Upload").click()
    expect(numeral(page)).to_have_text("4")


def test_an_image_has_no_tools_for_strokes(page: Page) -> None:
    of_strokes = page.locator('[data-action="undo"], [data-action="redo"], .pens')
    for tab, shown in (("Upload", 0), ("Draw", 3)):
        page.get_by_role("tab", name=tab).click()
        expect(of_strokes.filter(visible=True)).to_have_count(shown)
        expect(page.get_by_role("button", name="Clear")).to_be_visible()
