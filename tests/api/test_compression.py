"""Files are sent by gzip to who takes it, and nothing else is."""

import gzip

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE


@pytest.fixture(scope="module")
def compressing_client(recognizer: Recognizer) -> TestClient:
    return TestClient(create_app(recognizer, page=PAGE, compress=True))


TAKES_GZIP = {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/", "/styles.css", "/js/main.js", "/shell.json", "/docs/swagger-ui.css"]
)
def test_file_is_sent_compressed_to_who_takes_it(compressing_client: TestClient, path: str) -> None:
    with compressing_client.stream("GET", path, headers=TAKES_GZIP) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-length"] == str(len(raw))
    plain = compressing_client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content)
    assert response.headers["etag"] == f"W/{plain.headers['etag']}"


def test_compressed_file_that_did_not_change_is_not_sent_again(
    compressing_client: TestClient,
) -> None:
    etag = compressing_client.get("/", headers=TAKES_GZIP).headers["etag"]
    again = compressing_client.get("/", headers={**TAKES_GZIP, "If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/api/model", "/openapi.json", "/examples/7.jpg", "/none"])
def test_answers_and_pictures_are_sent_as_they_are(
    compressing_client: TestClient, path: str
) -> None:
    response = compressing_client.get(path, headers=TAKES_GZIP)
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("accepted", ["identity", "br", "x-gzip-not", ""])
def test_who_takes_no_gzip_gets_none(compressing_client: TestClient, accepted: str) -> None:
    response = compressing_client.get("/", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in response.headers


def test_head_of_a_compressed_file_has_no_body(compressing_client: TestClient) -> None:
    response = compressing_client.head("/", headers=TAKES_GZIP)
    assert (response.status_code, response.content) == (200, b"")


def test_lambda_leaves_it_to_the_edge(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/", headers=TAKES_GZIP).headers
