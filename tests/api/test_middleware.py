"""What every response carries."""

import pytest
from starlette.testclient import TestClient

from api.middleware import LastResort

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


def test_half_an_answer_is_cut_off_and_not_patched_up() -> None:
    async def application(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        TestClient(LastResort(application)).get("/")
