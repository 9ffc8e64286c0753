"""What goes past FastAPI's routes is answered as by them, and all else is theirs: where they are,
and where they are not even built."""

from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from api.answering import Answering
from api.app import create_app
from api.keeping import Keeping
from api.short_way import ShortWay
from api.shortcut import Shortcut
from recognition.recognizer import Recognizer
from storage.ids import new_id
from tests.api.conftest import PAGE
from tests.conftest import DrawDigit

DIFFERS: Final = {"id", "instance", "processing_time"}
"""In two answers to one request."""


@pytest.fixture
def routes(recognizer: Recognizer) -> TestClient:
    """The application without the short way."""
    app = create_app(recognizer, page=PAGE)
    short_way: Any = ShortWay
    app.user_middleware = [each for each in app.user_middleware if each.cls is not short_way]
    return TestClient(app)


@pytest.fixture(params=["before the routes", "without them"])
def short(client: TestClient, recognizer: Recognizer, request: pytest.FixtureRequest) -> TestClient:
    if request.param == "before the routes":
        return client
    keeping = Keeping(None, model=recognizer.card.version)
    whole = create_app(recognizer, page=PAGE)
    return TestClient(Shortcut(Answering(recognizer, keeping), lambda: whole))


def post(client: TestClient, query: str, **request: Any) -> tuple[int, dict[str, Any], set[str]]:
    response = client.post(f"/api/recognitions{query}", **request)
    answer = {name: value for name, value in response.json().items() if name not in DIFFERS}
    return response.status_code, answer, set(response.headers)


QUERIES: Final = ["", "?store=true", "?store=false&explain=true", "?explain=true", "?explain=false"]


@pytest.mark.parametrize("query", [*QUERIES, "?id=new", "?id=", "?id=7"])
def test_either_way_has_one_answer(
    short: TestClient, routes: TestClient, draw_digit: DrawDigit, query: str
) -> None:
    query = query.replace("new", new_id())
    drawing = draw_digit(4)
    requests: list[dict[str, Any]] = [
        {"files": {"file": drawing}},
        {},
        {"content": b"four"},
        {"content": drawing[: len(drawing) // 2]},
        {"content": drawing, "headers": {"Content-Encoding": "gzip"}},
    ]
    for request in requests:
        assert post(short, query, **request) == post(routes, query, **request)


@pytest.mark.parametrize(
    "query",
    ["?store=0", "?store=maybe", "?Store=true", "?store=true&store=false", "?explain", "?more=1"],
)
def test_a_query_that_is_written_in_another_way_is_the_routes(
    short: TestClient, routes: TestClient, draw_digit: DrawDigit, query: str
) -> None:
    request = {"content": draw_digit(4)}
    assert post(short, query, **request) == post(routes, query, **request)
