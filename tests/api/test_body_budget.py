"""All the bodies that are in hand at once have a limit together."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api import body_budget
from api.app import create_app
from api.body_budget import BodyBudget
from api.errors import RateLimited
from api.inputs import MAX_BODY_BYTES, MAX_WRAPPING_BYTES
from recognition.limits import MAX_UPLOADED_BYTES
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE
from tests.conftest import DrawDigit


async def measure(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body, or 429."""
    try:
        size = len(await Request(scope, receive).body())
    except RateLimited:
        await PlainTextResponse("", 429)(scope, receive, send)
    else:
        await PlainTextResponse(str(size))(scope, receive, send)


def connect(most: int) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(BodyBudget(measure, most=most))
    return httpx2.AsyncClient(transport=transport, base_url="http://inkling")


def test_a_body_may_be_as_large_as_the_whole_and_no_larger() -> None:
    async def ask() -> list[int]:
        async with connect(1000) as client:
            sizes = (1000, 1001, 0, 1000)
            return [(await client.post("/", content=bytes(size))).status_code for size in sizes]

    assert asyncio.run(ask()) == [200, 429, 200, 200]


def test_bodies_that_come_at_once_count_together_until_they_are_done_with() -> None:
    async def ask() -> None:
        more = asyncio.Event()

        async def halves() -> AsyncIterator[bytes]:
            yield bytes(300)
            await more.wait()
            yield bytes(300)

        async with connect(1000) as client:
            slow = asyncio.create_task(client.post("/", content=halves()))
            await asyncio.sleep(0.05)
            assert (await client.post("/", content=bytes(700))).text == "700"
            assert (await client.post("/", content=bytes(701))).status_code == 429
            more.set()
            assert (await slow).text == "600"
            assert (await client.post("/", content=bytes(1000))).text == "1000"

    asyncio.run(ask())


def test_what_is_too_large_to_be_kept_counts_as_what_may_be() -> None:
    """It's read and dropped: ten of them are no more in hand than ten that are just as allowed."""
    held: list[int] = []

    async def drop(scope: Scope, receive: Receive, send: Send) -> None:
        async for _ in Request(scope, receive).stream():
            held.append(budget.held)
        await PlainTextResponse("")(scope, receive, send)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(1024**2)

    budget = BodyBudget(drop)

    async def ask() -> None:
        transport = httpx2.ASGITransport(budget)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inkling") as client:
            assert (await client.post("/", content=pieces())).status_code == 200

    asyncio.run(ask())
    assert max(held) == MAX_UPLOADED_BYTES + MAX_WRAPPING_BYTES
    assert budget.held == 0


def test_a_request_that_finds_no_room_is_told_when_to_try_again(
    recognizer: Recognizer, draw_digit: DrawDigit, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = BodyBudget.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "most", 2 * MAX_BODY_BYTES)
    app = create_app(recognizer, page=PAGE)

    async def ask() -> None:
        more = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield bytes(MAX_BODY_BYTES)
            await more.wait()

        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inkling") as client:
            slow = [
                asyncio.create_task(client.post("/api/recognitions", content=pieces()))
                for _ in range(2)
            ]
            await asyncio.sleep(0.1)
            for url in ("/api/recognitions", "/api/recognitions/batch", "/predict", "/ocr"):
                refused = await client.post(url, files={"file": draw_digit(7)})
                assert (refused.status_code, refused.json()["type"]) == (429, "rate-limited")
                assert int(refused.headers["retry-after"]) == 2
            assert (await client.get("/api/health")).status_code == 200
            more.set()
            await asyncio.gather(*slow)
            answer = await client.post("/api/recognitions", content=draw_digit(7))
            assert answer.json()["digit"] == 7

    asyncio.run(ask())


def test_what_is_held_is_forty_times_the_largest_body() -> None:
    assert body_budget.MAX_BYTES_AT_ONCE > 40 * MAX_BODY_BYTES
