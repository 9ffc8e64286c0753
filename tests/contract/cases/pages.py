"""The page, the documentation, the examples, and what the API says of itself."""

import json
import re
from typing import Any, Final

from api.shell import list_shell
from tests.contract.expectations import Case, Only, Step, case, problem
from tests.contract.messages import Request
from tests.contract.requests import FOR_A_PICTURE, get
from tests.stack.conftest import PROJECT

_PAGE: Final = PROJECT / "frontend"
_CARD: Final = json.loads((PROJECT / "functions/recognition/model/digits.json").read_text())
_SHARE: Final = re.compile(r"\d{1,3}%")
_ETAG: Final = re.compile(r'"[0-9a-f]{32}"')

HTML: Final = "text/html"
SCRIPT: Final = "text/javascript"


def _file(path: str, media_type: str, body: bytes) -> Step:
    headers = {"etag": _ETAG, "cache-control": "no-cache"}
    return Step(get(path), media_type=media_type, body=body, headers=headers)


def _read(name: str) -> bytes:
    return (_PAGE / name).read_bytes()


def _picture(path: str) -> Step:
    return Step(get(path, **FOR_A_PICTURE), media_type="image/jpeg", body=_read("examples/7.jpg"))


def _head(path: str, media_type: str) -> Step:
    return Step(Request("HEAD", path), media_type=media_type, body=b"")


_EXAMPLES: Final[Any] = Only(
    examples=[
        Only(name=str(digit), url=re.compile(rf".*/static/test_digits/{digit}\.jpg"), digit=digit)
        for digit in range(10)
    ]
)

PAGES: Final[tuple[Case, ...]] = (
    case("GET /", _file("/", HTML, _read("index.html"))),
    case("HEAD /", _head("/", HTML)),
    case("GET /styles.css", _file("/styles.css", "text/css", _read("styles.css"))),
    case("GET /js/main.js", _file("/js/main.js", SCRIPT, _read("js/main.js"))),
    case("GET /favicon.svg", _file("/favicon.svg", "image/svg+xml", _read("favicon.svg"))),
    case(
        "GET /manifest.webmanifest",
        _file("/manifest.webmanifest", "application/manifest+json", _read("manifest.webmanifest")),
    ),
    case("GET /sw.js", _file("/sw.js", SCRIPT, _read("sw.js"))),
    case("GET /shell.json", _file("/shell.json", "application/json", list_shell(_PAGE))),
    case(
        "GET /icons/192.png",
        Step(
            get("/icons/192.png", **FOR_A_PICTURE),
            media_type="image/png",
            body=_read("icons/192.png"),
        ),
    ),
    case("GET /docs", Step(get("/docs"), media_type=HTML, body=re.compile(b"swagger-ui"))),
    case("HEAD /examples/", _head("/examples/", "application/json")),
    case("HEAD /api/health", _head("/api/health", "application/json")),
    case("HEAD /docs", _head("/docs", HTML)),
    case(
        "GET /docs/, with a slash",
        Step(get("/docs/"), 308, "", b"", {"location": "../docs"}),
    ),
    case("GET /docs/start.js", Step(get("/docs/start.js"), media_type=SCRIPT)),
    case("GET /docs/swagger-ui.css", Step(get("/docs/swagger-ui.css"), media_type="text/css")),
    case(
        "GET /openapi.json",
        Step(get("/openapi.json"), body={"openapi": str, "servers": [{"url": "."}]}),
    ),
    case("GET /examples/", Step(get("/examples/"), body=_EXAMPLES)),
    case("GET /examples, without a slash", Step(get("/examples"), body=_EXAMPLES)),
    case("GET /static/test_digits/7.jpg", _picture("/static/test_digits/7.jpg")),
    case("GET /examples/7.jpg", _picture("/examples/7.jpg")),
    case("HEAD /static/test_digits/7.jpg", _head("/static/test_digits/7.jpg", "image/jpeg")),
    case("GET /api/model", Step(get("/api/model"), body={"sha256": _CARD["sha256"]})),
    case(
        "GET /api/health", Step(get("/api/health"), body=Only(status="ok", model=_CARD["sha256"]))
    ),
    case(
        "GET /api/system_info",
        Step(get("/api/system_info"), body=Only(memory=_SHARE, cpu=_SHARE)),
    ),
    case("GET of what isn't there", problem(get("/nothing/here"), 404, "not-found")),
    case(
        "GET of an example that isn't there",
        problem(get("/static/test_digits/x.jpg"), 404, "not-found"),
    ),
    case(
        "GET above the page's folder",
        problem(get("/examples/..%2f..%2fREADME.md"), 404, "not-found"),
    ),
    case("POST /", problem(Request("POST", "/"), 405, "method-not-allowed", allow="GET, HEAD")),
    case(
        "DELETE /api/health",
        problem(Request("DELETE", "/api/health"), 405, "method-not-allowed", allow="GET, HEAD"),
    ),
)
