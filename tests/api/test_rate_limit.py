"""Each client has its share, is told when there is more, and is not written down."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.errors import RateLimited
from api.middleware import LastResort
from api.rate_limit import MAX_CLIENTS, RateLimit
from recognition.recognizer import Recognizer
from storage.ids import new_id
from tests.api.conftest import PAGE, read_lines


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(recognizer: Recognizer, clock: Clock) -> Callable[..., TestClient]:
    """The application for clients of any address, three times a minute each."""
    app = LastResort(RateLimit(create_app(recognizer, page=PAGE), per_minute=3, clock=clock))
    return lambda address="203.0.113.7": TestClient(app, client=(address, 4711))


def ask(client: TestClient) -> int:
    return int(client.post("/api/recognitions", content=b"x").status_code)


def test_a_client_may_ask_so_often_and_then_has_to_wait(
    limited: Callable[..., TestClient], clock: Clock
) -> None:
    client = limited()
    assert [ask(client) for _ in range(5)] == [415, 415, 415, 429, 429]
    response = client.post("/predict")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "rate-limited"
    assert response.headers["retry-after"] == "20"
    clock.now += 19
    assert client.post("/predict").headers["retry-after"] == "1"
    clock.now += 1
    assert [ask(client) for _ in range(2)] == [415, 429]
    clock.now += 60
    assert [ask(client) for _ in range(4)] == [415, 415, 415, 429]


def test_one_client_does_not_use_up_another_s_share(limited: Callable[..., TestClient]) -> None:
    first, second = limited("203.0.113.7"), limited("2001:db8::7")
    assert [ask(first) for _ in range(4)] == [415, 415, 415, 429]
    assert [ask(second) for _ in range(4)] == [415, 415, 415, 429]


def test_what_a_client_says_of_its_address_does_not_count(
    limited: Callable[..., TestClient],
) -> None:
    client = limited()
    headers = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(4)]
    answers = [client.post("/predict", headers=each).status_code for each in headers]
    assert answers == [422, 422, 422, 429]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_whatever_may_change_something_is_counted(
    limited: Callable[..., TestClient], method: str
) -> None:
    client = limited()
    path = f"/api/recognitions/{new_id()}"
    asked = [client.request(method, path).status_code for _ in range(4)]
    assert 429 not in asked[:3]
    assert asked[3] == 429


def test_only_what_costs_something_is_counted(limited: Callable[..., TestClient]) -> None:
    client = limited()
    for _ in range(5):
        assert client.get("/").status_code == 200
        assert client.get("/api/health").status_code == 200
    assert ask(client) == 415


def test_a_refusal_is_a_response_as_any_other_and_does_not_log_the_client(
    recognizer: Recognizer, stream: io.StringIO
) -> None:
    app = create_app(recognizer, page=PAGE, rate_limit=2)
    client = TestClient(app, client=("203.0.113.7", 4711))
    assert [ask(client) for _ in range(2)] == [415, 415]
    response = client.post("/predict")
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) in range(1, 31)
    assert response.headers["x-content-type-options"] == "nosniff"
    line = read_lines(stream)[-1]
    assert (line["status"], line["problem"]) == (429, "rate-limited")
    assert line["request_id"] == response.headers["x-request-id"]
    assert "203.0.113" not in stream.getvalue()


def test_without_a_limit_there_is_none(recognizer: Recognizer) -> None:
    client = TestClient(create_app(recognizer, page=PAGE))
    assert {ask(client) for _ in range(50)} == {415}


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    pass


def _request(limit: RateLimit, client: Any) -> None:
    """One request, as far as the limit is concerned."""
    coroutine = limit({"type": "http", "method": "POST", "client": client}, None, None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        coroutine.send(None)


def test_no_more_clients_are_remembered_than_count(clock: Clock) -> None:
    limit = RateLimit(_answer, per_minute=60, clock=clock)
    for number in range(MAX_CLIENTS + 100):
        _request(limit, (f"client {number}", 1))
    assert len(limit._used_until) == MAX_CLIENTS
    clock.now += 60
    _request(limit, ("another", 1))
    assert list(limit._used_until) == ["another"]


def test_clients_without_an_address_share_one(clock: Clock) -> None:
    limit = RateLimit(_answer, per_minute=1, clock=clock)
    _request(limit, None)
    with pytest.raises(RateLimited):
        _request(limit, None)


@pytest.mark.parametrize("per_minute", [1, 7, 59, 60, 61, 1000])
def test_a_minute_has_as_many_requests_as_were_asked_for(clock: Clock, per_minute: int) -> None:
    limit = RateLimit(_answer, per_minute=per_minute, clock=clock)
    for _ in range(2):
        for _ in range(per_minute):
            _request(limit, ("a", 1))
        with pytest.raises(RateLimited):
            _request(limit, ("a", 1))
        clock.now += 60
