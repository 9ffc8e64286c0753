"""What every response carries."""

import io

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.middleware import LastResort
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE, read_lines

PATHS = [
    "/",
    "/docs",
    "/docs/start.js",
    "/openapi.json",
    "/api/health",
    "/examples/",
    "/static/test_digits/7.jpg",
    "/none",
    "/predict",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    policy = dict(
        directive.split(" ", 1) for directive in headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert not {"script-src", "style-src", "connect-src"} & set(policy)  # default-src's 'self'


@pytest.mark.parametrize("path", PATHS)
def test_answers_stay_out_of_caches_and_files_are_asked_for_again(
    client: TestClient, path: str
) -> None:
    is_file = path in ("/", "/docs", "/docs/start.js", "/static/test_digits/7.jpg")
    expected = "no-cache" if is_file else "no-store"
    assert client.get(path).headers["cache-control"] == expected


@pytest.mark.parametrize("path", [*PATHS, "/examples", "/api/model", "/api/recognitions", "/docs/"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    """RFC 9110, section 9.3.2."""
    got, head = (client.request(method, path, follow_redirects=False) for method in ("GET", "HEAD"))
    assert head.status_code == got.status_code
    assert head.content == b""
    for headers in (got.headers, head.headers):
        assert headers.pop("x-request-id")
    assert head.headers == got.headers
    if got.content:
        assert head.headers["content-length"] == str(len(got.content))


def test_head_of_what_can_t_be_got_is_refused(client: TestClient) -> None:
    response = client.head("/api/recognitions/batch")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.content == b""


def test_head_of_what_fails_has_no_body_either(recognizer: Recognizer) -> None:
    app = create_app(recognizer, page=PAGE)

    @app.get("/fail")
    async def fail() -> None:
        raise ZeroDivisionError

    response = TestClient(app).head("/fail")
    assert (response.status_code, response.content) == (500, b"")


def test_head_is_logged_as_what_it_is(client: TestClient, stream: io.StringIO) -> None:
    client.head("/api/health")
    (line,) = read_lines(stream)
    assert (line["method"], line["route"], line["status"]) == ("HEAD", "/api/health", 200)


def test_half_an_answer_is_cut_off_and_not_patched_up() -> None:
    async def application(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        TestClient(LastResort(application)).get("/")
