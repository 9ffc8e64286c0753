"""The parameters of an address: those that are documented, each once, and none beside."""

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import KEY
from tests.conftest import DrawDigit

URL = "/api/recognitions"


def ask(client: TestClient, operation: str, image: bytes, params: dict[str, list[str]]) -> int:
    method, path = operation.split()
    files = {"file": image} if method == "POST" else None
    headers = {"X-API-Key": KEY}
    return client.request(method, path, params=params, files=files, headers=headers).status_code


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (f"POST {URL}", {"store": "false", "explain": "true", "id": ""}),
        (f"POST {URL}/batch", {"store": "false", "explain": "true"}),
        (f"GET {URL}", {"limit": "1", "labelled": "true", "after": ""}),
    ],
)
def test_every_parameter_may_be_there_once_and_no_other_may(
    keeping_client: TestClient, draw_digit: DrawDigit, operation: str, values: dict[str, str]
) -> None:
    kept = keeping_client.post(URL, content=draw_digit(7)).json()
    values = {name: value or kept["id"] for name, value in values.items()}
    method, path = operation.split()
    documented = keeping_client.get("/openapi.json").json()["paths"][path][method.lower()]
    query = {each["name"] for each in documented["parameters"] if each["in"] == "query"}
    assert query == set(values)
    once = {name: [value] for name, value in values.items()}
    assert ask(keeping_client, operation, draw_digit(7), once) == 200
    assert ask(keeping_client, operation, draw_digit(7), once | {"other": [""]}) == 422
    for name, value in values.items():
        twice = once | {name: [value, value]}
        assert ask(keeping_client, operation, draw_digit(7), twice) == 422
