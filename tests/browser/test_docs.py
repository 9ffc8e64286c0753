"""The API's documentation, drawn: at the root, and below a stage's prefix as in API Gateway."""

import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from starlette.types import Receive, Scope, Send

from api.app import create_app
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE
from tests.browser.conftest import LocalServer, OpenPage, Watch
from tests.serving import serve_application

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STAGE = "/v1"


@pytest.fixture(scope="module")
def staged_origin(recognizer: Recognizer) -> Iterator[str]:
    """A server whose application stands below a stage: whatever is asked for beside it is refused,
    as by API Gateway, which knows no such API."""
    app = create_app(recognizer, page=PAGE)

    async def answer_below_stage(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(f"{STAGE}/"):
            await app({**scope, "root_path": STAGE}, receive, send)
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    with serve_application(answer_below_stage) as origin:
        yield origin


@pytest.fixture(params=["", STAGE], ids=["at the root", "below a stage"])
def root(request: pytest.FixtureRequest, server: LocalServer, staged_origin: str) -> str:
    """What comes before every address of the API, without a slash at its end."""
    origin = staged_origin if request.param else server.url.rstrip("/")
    return f"{origin}{request.param}"


@pytest.fixture
def docs(open_page: OpenPage, watch: Watch, root: str) -> Page:
    page = open_page(f"{root}/docs")
    watch.origin = f"{root.removesuffix(STAGE)}/"
    return page


def test_every_operation_is_shown_and_nothing_comes_from_elsewhere(
    docs: Page, watch: Watch, root: str
) -> None:
    with urllib.request.urlopen(f"{root}/openapi.json") as response:
        paths = json.load(response)["paths"]
    expect(docs.locator(".opblock")).to_have_count(sum(map(len, paths.values())))
    expect(docs.locator(".errors")).to_have_count(0)
    expect(docs.locator("#docs .title")).to_contain_text("Inkling")
    loaded = {url.removeprefix(root) for url in watch.requests if url.startswith("http")}
    assert {"/docs", "/docs/start.js", "/docs/swagger-ui-bundle.js", "/openapi.json"} <= loaded
    assert watch.failed_loads == []


def test_an_operation_is_tried_out_where_the_api_is(docs: Page, watch: Watch, root: str) -> None:
    operation = docs.locator("#operations-service-read_health")
    operation.click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    expect(answer).to_contain_text("200")
    expect(answer).to_contain_text('"model"')
    assert f"{root}/api/health" in watch.requests
