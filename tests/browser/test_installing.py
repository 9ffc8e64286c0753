"""The page installed and without a network; and one version after another, each of them whole."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from recognition.recognizer import Recognizer
from tests.browser.conftest import OpenPage, Watch
from tests.browser.deployed_page import DeployedPage, read_versions
from tests.browser.hand import count_inked, numeral, write_digit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VISITS: Final = 20
"""A busy machine may not have a new version here in the two seconds that a visit waits for it."""

KEPT: Final = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    kept[name] = requests.map(({ url }) => url);
  }
  return kept;
}"""

AGE: Final = """async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.endsWith("/shell.json")) continue;
      const text = await (await cache.match(request)).text();
      const headers = { Confirmed: String(Date.now() - 8 * 24 * 3_600_000) };
      await cache.put(request, new Response(text, { headers }));
    }
  }
}"""
"""Has a browser believe that it last had a word of the server eight days ago."""


@pytest.fixture
def site(tmp_path: Path, recognizer: Recognizer) -> DeployedPage:
    return DeployedPage(tmp_path / "page", recognizer)


@pytest.fixture
def address(site: DeployedPage) -> Iterator[str]:
    with site.online() as address:
        yield address


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """Visited once, and kept."""
    page = open_page(address, service_workers="allow")
    wait_until_kept(page)
    return page


def wait_until_kept(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(({ active }) => active.state)")


def visit(page: Page) -> str:
    """Come back. Returns the page's version: it has one."""
    page.reload()
    (version,) = read_versions(page)
    return version


def visit_until(page: Page, version: str) -> None:
    for _ in range(VISITS):
        if visit(page) == version:
            return
        page.wait_for_timeout(500)
    pytest.fail(f"The page is still not of version {version}.")


def list_kept(page: Page) -> dict[str, list[str]]:
    """The addresses of what is kept, by the caches' names."""
    kept: dict[str, list[str]] = page.evaluate(KEPT)
    return kept


def go_offline(page: Page, watch: Watch) -> None:
    page.context.set_offline(True)
    watch.complaints.clear()


def test_page_can_be_installed(page: Page, address: str) -> None:
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["url"] == f"{address}manifest.webmanifest"
    assert found["errors"] == []
    assert json.loads(found["data"])["short_name"] == "Inkling"
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # What Playwright opens is a private window.
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []


def test_page_opens_without_a_network_and_says_so(page: Page, watch: Watch) -> None:
    go_offline(page, watch)
    assert visit(page) == "1"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("combobox").select_option("fr")  # a file that this visit had not asked for
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert read_versions(page) == {"1"}


def test_page_opens_while_its_server_is_down(
    open_page: OpenPage, site: DeployedPage, watch: Watch
) -> None:
    with site.online() as address:
        page = open_page(address, service_workers="allow")
        wait_until_kept(page)
    assert visit(page) == "1"
    watch.complaints.clear()


def test_next_visit_shows_the_new_version_and_nothing_of_the_old(
    page: Page, site: DeployedPage, watch: Watch
) -> None:
    assert visit(page) == "1"
    for version in ("2", "3", "4"):
        site.deploy(version)
        visit_until(page, version)
    assert len(list_kept(page)) == 2, "old versions are still kept"
    go_offline(page, watch)
    assert visit(page) == "4"


def test_first_visit_asks_for_no_file_twice(page: Page, site: DeployedPage) -> None:
    """The page's file alone: that has the policy, which must be today's."""
    assert len(list_kept(page)) == 1
    assert {path for path, times in Counter(site.asked).items() if times > 1} == {"/"}


def test_unchanged_files_are_not_fetched_again(page: Page, site: DeployedPage) -> None:
    site.change("styles.css", "/* two */")
    visit_until(page, "1")
    site.broken = {f"/{name}" for name in ("js/main.js", "js/ink.js", "styles/answer.css")}
    site.deploy("1")
    for _ in range(3):
        assert visit(page) == "1"


@pytest.mark.parametrize("failure", ["broken", "missing"])
def test_broken_deployment_leaves_the_last_whole_version(
    page: Page, site: DeployedPage, watch: Watch, failure: str
) -> None:
    setattr(site, failure, {"/js/ink.js"})
    site.deploy("2")
    for _ in range(3):
        assert visit(page) == "1"
    setattr(site, failure, set())
    visit_until(page, "2")
    watch.complaints.clear()


def test_half_a_deployment_leaves_the_last_whole_version(page: Page, site: DeployedPage) -> None:
    """The edge may still have the old list, or old files by a new one."""
    old = page.request.get(f"{page.url}shell.json").body()
    site.deploy("2", "index.html", "js/main.js")
    site.fixed = {"/shell.json": old}
    for _ in range(3):
        assert visit(page) == "1"
    site.fixed = {}
    site.deploy("2")
    visit_until(page, "2")


def test_version_that_has_long_not_been_confirmed_yields_to_the_server_s(
    page: Page, site: DeployedPage, watch: Watch
) -> None:
    """Or a list that never fits would hold its visitors for ever."""
    site.broken = {"/shell.json"}
    site.deploy("2")
    assert visit(page) == "1"
    page.evaluate(AGE)
    assert visit(page) == "2"
    site.broken |= {"/"}
    assert visit(page) == "1"
    go_offline(page, watch)
    assert visit(page) == "1", "an old version is better than none"


def test_browser_without_room_has_the_page_all_the_same(
    page: Page, address: str, watch: Watch
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": address.rstrip("/"), "quotaSize": 1})
    for _ in range(2):
        page.goto(address)
        assert read_versions(page) == {"1"}
    watch.complaints.clear()


def test_server_that_is_slow_keeps_nobody_waiting(page: Page, site: DeployedPage) -> None:
    site.deploy("2")
    site.delay = 6
    start = time.monotonic()
    page.reload(wait_until="domcontentloaded")
    assert time.monotonic() - start < 6
    site.delay = 0
    assert read_versions(page) == {"1"}
    visit_until(page, "2")


def test_page_that_stays_open_stays_of_its_version(page: Page, site: DeployedPage) -> None:
    assert visit(page) == "1"
    site.deploy("2")
    other = page.context.new_page()
    other.goto(page.url)
    visit_until(other, "2")
    page.get_by_role("combobox").select_option("fr")
    expect(page.locator("html")).to_have_attribute("data-french", "1")
    assert read_versions(page) == {"1"}
    other.close()


def test_new_worker_takes_over_and_leaves_the_drawing(page: Page, site: DeployedPage) -> None:
    assert visit(page) == "1"
    write_digit(page, 7)
    inked = count_inked(page)
    site.change("sw.js", "// another\n")
    page.evaluate(
        """async () => {
          const changed = new Promise((resolve) => {
            navigator.serviceWorker.addEventListener("controllerchange", resolve);
          });
          await (await navigator.serviceWorker.ready).update();
          await changed;
        }"""
    )
    assert count_inked(page) == inked
    expect(numeral(page)).to_have_text("7")
    assert visit(page) == "1"


def test_nothing_but_the_page_s_own_files_is_kept(page: Page, address: str) -> None:
    assert visit(page) == "1"
    write_digit(page, 5)
    expect(numeral(page)).to_have_text("5")
    for path in ("docs", "examples/", "api/health", "none"):
        page.evaluate("(path) => fetch(path).then((response) => response.text())", path)
    assert visit(page) == "1"
    files = json.loads(page.request.get(f"{address}shell.json").body())
    own = {f"{address}{name}" for name in files.keys() - {"index.html"}} | {
        address,
        f"{address}shell.json",
    }
    (kept,) = list_kept(page).values()
    assert {each for each in kept if "?visitor=" not in each} == own


def test_headers_of_the_page_are_those_of_today(page: Page, site: DeployedPage) -> None:
    """A policy may be mended where no file is changed."""
    assert visit(page) == "1"
    site.headers = {"permissions-policy": "usb=()"}
    for _ in range(VISITS):
        with page.expect_response(page.url) as response:
            visit(page)
        if response.value.headers["permissions-policy"] == "usb=()":
            return
    pytest.fail("The page still has its old policy.")


def test_page_without_a_list_is_left_to_its_server(page: Page, site: DeployedPage) -> None:
    """As of a version from before there was one, which knows no worker either."""
    site.missing = {"/shell.json", "/sw.js"}
    site.deploy("2")
    site.put("js/installing.js", "export function keepPage() {}")
    visit_until(page, "2")
    assert list_kept(page) == {}
    visit(page)
    registrations = page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
    )
    assert registrations == 0


def test_page_below_a_stage_is_kept_there(
    open_page: OpenPage, tmp_path: Path, recognizer: Recognizer, watch: Watch
) -> None:
    with DeployedPage(tmp_path / "page", recognizer, "/prod").online() as address:
        page = open_page(address, service_workers="allow")
        watch.origin = address.removesuffix("prod/")
        wait_until_kept(page)
        assert all(f" {address} " in name for name in list_kept(page))
        go_offline(page, watch)
        assert visit(page) == "1"


def test_browser_without_workers_has_the_page_all_the_same(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    write_digit(page, 5)
    expect(numeral(page)).to_have_text("5")


def test_worker_that_cannot_be_kept_is_no_complaint(
    open_page: OpenPage, site: DeployedPage, address: str
) -> None:
    site.broken = {"/shell.json"}
    page = open_page(address, service_workers="allow")
    write_digit(page, 5)
    expect(numeral(page)).to_have_text("5")
    assert list_kept(page) == {}
