"""The page as it's deployed: its files by CloudFront's headers, the API through API Gateway."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import COLLECT_VIOLATIONS, PATIENCE, OpenPage, Watch
from tests.browser.hand import numeral, title, write_digit
from tests.stack.cloud import read_template

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def production(open_page: OpenPage, edge_origin: str) -> Page:
    """Afterwards `open_page` makes sure that nothing was complained of."""
    return open_page(f"{edge_origin}/")


def read_policy(page: Page, origin: str) -> str:
    return page.request.get(f"{origin}/").headers["content-security-policy"]


def test_a_digit_is_drawn_and_read(production: Page, watch: Watch) -> None:
    write_digit(production, 7)
    expect(numeral(production)).to_have_text("7")
    production.get_by_role("button", name="Recognise").click()
    expect(title(production)).to_have_text("Seven")
    assert watch.failed_loads == []


def test_examples_come_from_the_bucket_and_are_read(production: Page, watch: Watch) -> None:
    production.get_by_role("button", name="Example 2").click()
    expect(numeral(production)).to_have_text("2")
    assert any("/static/test_digits/" in address for address in watch.requests)
    assert watch.failed_loads == []


def test_documentation_is_a_click_away_and_works(production: Page, watch: Watch) -> None:
    production.get_by_role("link", name="API").click()
    operation = production.locator("#operations-service-read_health")
    operation.click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text('"model"')
    assert watch.failed_loads == []


def test_upload_form_of_the_bucket_may_be_sent_from_the_page_and_no_other(
    production: Page, edge_origin: str, watch: Watch
) -> None:
    """The bucket isn't there: what counts is whether the browser tries."""
    policy = read_policy(production, edge_origin)
    (connect,) = [part for part in policy.split("; ") if part.startswith("connect-src ")]
    own, *buckets = connect.split()[1:]
    assert own == "'self'"
    assert len(buckets) == 2
    for address in [*buckets, "https://elsewhere.example"]:
        production.route(f"{address}/**", lambda route: route.fulfill(status=204))
        production.evaluate(
            "(url) => fetch(url, {method: 'POST', mode: 'no-cors', body: new FormData()})"
            ".catch(() => {})",
            f"{address}/",
        )
    refused = production.evaluate("violations.splice(0)")
    assert refused == ["connect-src: https://elsewhere.example/"]
    watch.complaints.clear()
    watch.requests[:] = [url for url in watch.requests if "//127.0.0.1" in url]


def test_page_is_kept_and_opens_without_a_network(open_page: OpenPage, edge_origin: str) -> None:
    page = open_page(f"{edge_origin}/", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    write_digit(page, 7)
    expect(page.locator("#offline")).not_to_be_empty()


ELSEWHERE = "https://elsewhere.example"

INJECTED = {
    "script": ("<script>window.ran = true</script>", "script-src-elem: inline"),
    "handler": ('<img src="x" onerror="window.ran = true">', "script-src-attr: inline"),
    "script from elsewhere": (f'<script src="{ELSEWHERE}/x.js"></script>', "script-src-elem: http"),
    "style": ('<p style="color: red">', "style-src-attr: inline"),
    "image from elsewhere": (f'<img src="{ELSEWHERE}/x.png">', f"img-src: {ELSEWHERE}"),
    "frame": (f'<iframe src="{ELSEWHERE}/"></iframe>', f"frame-src: {ELSEWHERE}"),
    "base": ('<base href="/x/">', "base-uri: "),
}
"""Markup that a flaw might let into the page, and what Chromium tells of it."""

DONE_BY_A_SCRIPT = {
    "markup from a string": (
        "try { document.body.innerHTML = '<b>'; window.ran = true } catch {}",
        "require-trusted-types-for: trusted-types-sink",
    ),
    "worker that nobody looked at": (
        "navigator.serviceWorker.register('sw.js').then(() => { window.ran = true }, () => {})",
        "require-trusted-types-for: trusted-types-sink",
    ),
    "rules of its own": (
        "try { trustedTypes.createPolicy('own', {}); window.ran = true } catch {}",
        "trusted-types: trusted-types-policy",
    ),
    "the page's rules once more": (
        "try { trustedTypes.createPolicy('inkling', {}); window.ran = true } catch {}",
        "trusted-types: trusted-types-policy",
    ),
    "request elsewhere": (
        f"fetch('{ELSEWHERE}/').then(() => {{ window.ran = true }}, () => {{}})",
        f"connect-src: {ELSEWHERE}",
    ),
}
"""Likewise what a flaw in one of the page's own scripts might do."""


@pytest.mark.parametrize("breach", [*INJECTED, *DONE_BY_A_SCRIPT])
def test_whatever_the_policy_forbids_is_refused_and_seen(
    browser: Browser, edge_origin: str, breach: str
) -> None:
    markup, told = INJECTED.get(breach, ("", ""))
    script, told = DONE_BY_A_SCRIPT.get(breach, ("", told))
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(COLLECT_VIOLATIONS)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))

    def inject(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main>", f"{markup}<main>"))

    page.route(f"{edge_origin}/", inject)
    page.goto(f"{edge_origin}/")
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(500)
    violations = page.evaluate("() => violations")
    ran = page.evaluate("() => window.ran === true")
    context.close()
    assert any(violation.startswith(told) for violation in violations), violations
    assert messages
    assert not ran


def test_no_page_may_frame_it(browser: Browser, edge_origin: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.set_content(f'<iframe src="{edge_origin}/"></iframe>')
    page.wait_for_timeout(500)
    context.close()
    assert any("frame-ancestors 'none'" in message for message in messages), messages


def test_edge_tells_the_viewer_s_address_whatever_the_viewer_says(browser: Browser) -> None:
    """CloudFront's function runs in the only engine for it that we have."""
    code = read_template()["Resources"]["ViewerAddress"]["Properties"]["FunctionCode"]
    headers = {"true-client-ip": {"value": "192.0.2.99"}, "accept": {"value": "*/*"}}
    request = {"method": "GET", "uri": "/api/health", "headers": headers}
    page = browser.new_page()
    sent = page.evaluate(
        f"(event) => {{ {code}; return handler(event); }}",
        {"viewer": {"ip": "203.0.113.7"}, "request": request},
    )
    page.close()
    assert sent == {**request, "headers": {**headers, "true-client-ip": {"value": "203.0.113.7"}}}
