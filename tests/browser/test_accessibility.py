"""No rule of axe's is broken, whatever the page shows and however it looks."""

from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, OpenPage, Watch
from tests.browser.states import LANGUAGES, LOOKS, PROBLEMS, STATES, open_state, show_problem

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"

RUN: Final = """async () => {
  const { violations } = await axe.run(document, {
    rules: { "target-size": { enabled: true } },  // of WCAG 2.2; axe leaves it out unless asked
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: it comes with npm ci, which make test runs.")
    return AXE.read_text()


def find_violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(RUN)
    return found


def test_axe_finds_what_is_wrong(page: Page, axe: str) -> None:
    page.evaluate("() => document.querySelector('#language').removeAttribute('aria-label')")
    (found,) = find_violations(page, axe)
    assert found.startswith("select-name: ")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_no_rule_is_broken(
    open_page: OpenPage, watch: Watch, axe: str, state: str, look: str
) -> None:
    page = open_state(open_page, state, **LOOKS[look])
    assert find_violations(page, axe) == []
    watch.complaints.clear()  # of what the state is made of: a network that isn't there


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_is_broken_in_any_language(open_page: OpenPage, axe: str, language: str) -> None:
    page = open_page(locale=language, reduced_motion="reduce", **LOOKS["phone-light"])
    expect(page.locator("#language")).to_have_value(language)
    assert find_violations(page, axe) == []
    page.get_by_role("tab").last.click()
    assert find_violations(page, axe) == []


def test_no_rule_is_broken_by_any_problem(page: Page, axe: str) -> None:
    problems: dict[str, Any] = {}
    for slug in PROBLEMS:
        page.unroute_all()
        show_problem(page, slug)
        problems[slug] = find_violations(page, axe)
    assert {slug: found for slug, found in problems.items() if found} == {}
