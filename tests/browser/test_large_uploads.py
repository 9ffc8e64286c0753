"""Images too large for a request: offered an upload, sent with a form, read, and forgotten."""

import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.giving import choose, draw_on_glass, file
from tests.browser.hand import numeral, text, title
from tests.browser.memories import entries, read_entries

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UPLOADS: Final = "**/api/uploads"
FORM: Final = "**/api/uploads/form"
RECORD: Final = re.compile(r"/api/recognitions/[0-9a-f-]{36}$")

GLASS: Final = draw_on_glass(4)

NOTE_PROGRESS: Final = """
  () => {
    window.shares = [];
    const bar = document.querySelector("#upload progress");
    new MutationObserver(() => shares.push(bar.value)).observe(bar, { attributes: true });
  }
"""


@pytest.fixture
def panel(page: Page) -> Locator:
    """What the page says of an image that was given and is too large."""
    choose(page, file("glass.png", GLASS))
    panel = page.locator('[data-part="large"]')
    expect(panel).to_be_visible()
    return panel


def slow_down(page: Page, bytes_per_second: int) -> None:
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {**conditions, "uploadThroughput": bytes_per_second},
    )


def press(panel: Locator, name: str) -> None:
    panel.get_by_role("button", name=name).click()


def test_large_image_is_sent_only_when_its_keeping_is_agreed_to(page: Page, panel: Locator) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(panel).to_contain_text("the server then keeps it")
    expect(title(page)).to_have_text("Large image")
    expect(panel.get_by_role("progressbar")).to_be_hidden()
    page.wait_for_timeout(300)
    assert [url for url in asked if "/api/" in url] == []


def test_large_image_is_uploaded_with_progress_read_and_deleted(page: Page, panel: Locator) -> None:
    page.evaluate(NOTE_PROGRESS)
    slow_down(page, len(GLASS))
    press(panel, "Upload and read")
    bar = panel.get_by_role("progressbar", name="Upload")
    expect(bar).to_be_visible()
    expect(panel).to_contain_text(re.compile(r"[1-9]\d?% uploaded"))
    expect(numeral(page)).to_have_text("4")
    shares = page.evaluate("shares")
    assert len([share for share in shares if 0 < share < 1]) >= 2
    assert shares == sorted(shares)
    expect(bar).to_be_hidden()
    record = f"api/recognitions/{page.locator('[data-part=id]').text_content()}"
    assert page.request.get(page.url + record).status == 200
    expect(panel).to_contain_text("The server keeps this image.")
    press(panel, "Delete it there")
    expect(panel).to_be_hidden()
    assert page.request.get(page.url + record).status == 404
    expect(numeral(page)).to_have_text("4")
    expect(page.locator('[data-part="kept"]')).to_be_hidden()
    expect(entries(page)).to_have_count(1)
    expect(page.locator("#history [data-kept]")).to_have_count(0)
    assert read_entries(page)[0]["answer"]["stored"] is False


def test_large_image_that_the_history_deletes_is_not_said_to_be_kept(
    page: Page, panel: Locator
) -> None:
    press(panel, "Upload and read")
    expect(panel).to_contain_text("The server keeps this image.")
    expect(entries(page)).to_have_count(1)
    page.clock.install()
    entries(page).focus()
    page.keyboard.press("Delete")
    page.clock.fast_forward(10_000)
    expect(panel).to_be_hidden()


def test_upload_that_the_page_is_left_in_leaves_nothing_behind(page: Page, panel: Locator) -> None:
    def put_off(route: Route) -> None:
        if route.request.method == "GET":
            route.fulfill(status=202, json={"outcome": "pending"})
        else:
            route.continue_()

    page.route(RECORD, put_off)
    with page.expect_response(UPLOADS) as created:
        press(panel, "Upload and read")
    expect(panel).to_contain_text("Uploaded. Reading…")
    record = f"{page.url}api/recognitions/{created.value.json()['id']}"
    page.goto("about:blank")
    page.unroute(RECORD)
    for _ in range(100):
        if page.request.get(record).status == 404:
            return
        page.wait_for_timeout(100)
    pytest.fail("the record is still there")


def test_recognise_uploads_it_too(page: Page, panel: Locator) -> None:
    page.get_by_role("button", name="Recognise").click()
    expect(numeral(page)).to_have_text("4")
    expect(panel).to_contain_text("The server keeps this image.")
    page.get_by_role("button", name="Recognise").click()  # it's kept already
    expect(panel).to_contain_text("The server keeps this image.")


def test_cancelled_upload_leaves_nothing_behind(page: Page, panel: Locator) -> None:
    slow_down(page, len(GLASS) // 4)
    with page.expect_response(UPLOADS) as created:
        press(panel, "Upload and read")
    expect(panel).to_contain_text("% uploaded")
    record = f"{page.url}api/recognitions/{created.value.json()['id']}"
    assert page.request.get(record).status == 202
    with page.expect_response(lambda response: response.request.method == "DELETE") as removal:
        press(panel, "Cancel")
    assert (removal.value.url, removal.value.status) == (record, 204)
    expect(panel.get_by_role("button", name="Upload and read")).to_be_enabled()
    assert page.request.get(record).status == 404


def test_upload_that_another_image_takes_the_place_of_is_cancelled(
    page: Page, panel: Locator
) -> None:
    slow_down(page, len(GLASS) // 4)
    press(panel, "Upload and read")
    expect(panel).to_contain_text("% uploaded")
    with page.expect_response(lambda response: response.request.method == "DELETE") as removal:
        page.get_by_role("button", name="Clear").click()
    assert removal.value.status == 204
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")


@pytest.mark.parametrize(
    ("address", "answer", "expected"),
    [
        (UPLOADS, None, "No answer"),
        (FORM, None, "No answer"),
        (FORM, 403, "Not taken"),
        (FORM, 503, "No answer"),
    ],
)
def test_upload_that_fails_says_why_and_can_be_tried_again(
    page: Page, panel: Locator, address: str, answer: int | None, expected: str
) -> None:
    removed: list[str] = []
    page.on("request", lambda request: removed.append(request.method))

    def fail(route: Route) -> None:
        if answer is None:
            route.abort()
        else:
            route.fulfill(status=answer, body="<Error><Code>AccessDenied</Code></Error>")

    page.route(address, fail)
    press(panel, "Upload and read")
    expect(title(page)).to_have_text(expected)
    expect(text(page)).not_to_be_empty()
    assert ("DELETE" in removed) == (address == FORM)
    page.unroute(address)
    press(panel, "Upload and read")
    expect(numeral(page)).to_have_text("4")


def test_image_that_even_an_upload_may_not_be_is_refused(page: Page) -> None:
    choose(page, file("vast.png", b"\x89PNG\r\n\x1a\n" + bytes(21 * 1024 * 1024)))
    press(page.locator('[data-part="large"]'), "Upload and read")
    expect(title(page)).to_have_text("Too large")
    expect(text(page)).to_contain_text("20 MiB")


def test_upload_that_cannot_be_read_has_words_and_is_not_kept(page: Page) -> None:
    choose(page, file("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(4 * 1024 * 1024)))
    with page.expect_response(lambda response: response.request.method == "DELETE") as removal:
        press(page.locator('[data-part="large"]'), "Upload and read")
    assert removal.value.status == 204
    expect(title(page)).to_have_text("Damaged")
    expect(page.locator('[data-part="large"]')).to_be_hidden()


def test_pending_upload_is_asked_for_until_it_is_read(page: Page, panel: Locator) -> None:
    """In the cloud, another function reads it; here it's read at once."""
    asked: list[str] = []

    def put_off(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) == 1:
            route.abort()  # the network was away for a moment
        elif len(asked) == 2:
            route.fulfill(status=202, headers={"Retry-After": "1"}, json={"outcome": "pending"})
        else:
            route.continue_()

    page.route(RECORD, put_off)
    press(panel, "Upload and read")
    expect(panel).to_contain_text("Uploaded. Reading…")
    expect(numeral(page)).to_have_text("4")
    assert asked == ["GET"] * 3


def test_questions_of_other_images_do_not_wait_for_an_upload(page: Page, panel: Locator) -> None:
    slow_down(page, len(GLASS) // 3)
    press(panel, "Upload and read")
    expect(panel).to_contain_text("% uploaded")
    page.get_by_role("tab", name="Draw").click()
    expect(page.locator("#answer")).to_have_attribute("data-state", "empty")
    page.get_by_role("tab", name="Upload").click()
    expect(panel).to_contain_text("% uploaded")
    with page.expect_response(FORM):
        pass
    expect(numeral(page)).to_have_text("4")
