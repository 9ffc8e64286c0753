"""What provokes each problem of the API, as a client would."""

import asyncio
import json
import zlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final

import httpx2
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from api import inputs
from api.app import create_app
from api.multipart import MAX_PARTS
from api.routes import batch
from recognition import image as image_module
from recognition.limits import MAX_BYTES
from recognition.preprocessing import NormalizedDigit
from recognition.recognizer import Lap, Recognizer
from storage.folder import FolderImages
from storage.ids import new_id
from tests.api.conftest import KEY, PAGE
from tests.api.forms import multipart
from tests.api.stores import BrokenRecords
from tests.recognition.hostile import jpeg, png

URL: Final = "/api/recognitions"


class FailingRecognizer(Recognizer):
    """Has a fault of its own."""

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        raise ZeroDivisionError("secret")


class Provocations:
    """One method for each problem, by its slug: the problem as it was answered."""

    def __init__(
        self,
        client: TestClient,
        recognizer: Recognizer,
        images: FolderImages,
        digit: bytes,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self._client = client
        self._recognizer = recognizer
        self._images = images
        self._digit = digit
        self._monkeypatch = monkeypatch

    def provoke(self, slug: str) -> dict[str, Any]:
        answered = getattr(self, slug.replace("-", "_"))()
        if isinstance(answered, httpx2.Response):
            assert answered.headers["content-type"] == "application/problem+json"
            answered = answered.json()
            assert answered["type"] == slug
        problem: dict[str, Any] = answered
        return problem

    def _post(self, content: bytes, url: str = URL) -> httpx2.Response:
        return self._client.post(url, content=content)

    def api_key_required(self) -> httpx2.Response:
        return self._client.get(URL)

    def batch_out_of_time(self) -> dict[str, Any]:
        self._monkeypatch.setattr(batch, "MAX_BATCH_SECONDS", -1.0)
        result = self._post(multipart("file", self._digit), f"{URL}/batch").json()["results"][0]
        return dict(result)

    def corrupt_image(self) -> httpx2.Response:
        return self._post(self._digit[:99])

    def decoding_too_slow(self) -> httpx2.Response:
        times: Iterator[float] = iter([0.0])
        clock = SimpleNamespace(thread_time=lambda: next(times, 2.1))
        self._monkeypatch.setattr(image_module, "time", clock)
        return self._post(self._digit)

    def id_taken(self) -> httpx2.Response:
        url = f"{URL}?id={new_id()}"
        self._post(self._digit, url)
        return self._post(
            png.png(png.header(1, 1), png.chunk(b"IDAT", zlib.compress(bytes(2)))), url
        )

    def image_too_complex(self) -> httpx2.Response:
        return self._post(jpeg.jpeg_progressive_cmyk_25_megapixels())

    def image_too_large(self) -> httpx2.Response:
        return self._post(self._digit + bytes(MAX_BYTES))

    def internal_error(self) -> httpx2.Response:
        recognizer = FailingRecognizer.load()
        return TestClient(create_app(recognizer, page=PAGE)).post(URL, content=self._digit)

    def invalid_base64(self) -> httpx2.Response:
        return self._post(b"data:image/png;base64,?")

    def invalid_body(self) -> httpx2.Response:
        return self._post(b"{")

    def invalid_cursor(self) -> httpx2.Response:
        return self._client.get(URL, params={"after": "x"}, headers={"X-API-Key": KEY})

    def invalid_id(self) -> httpx2.Response:
        return self._post(self._digit, f"{URL}?id=x")

    def invalid_label(self) -> httpx2.Response:
        return self._client.put(f"{URL}/{new_id()}/label", json={"digit": 10})

    def invalid_request(self) -> httpx2.Response:
        return self._post(self._digit, f"{URL}?store=perhaps")

    def label_too_large(self) -> httpx2.Response:
        return self._client.put(f"{URL}/{new_id()}/label", content=bytes(2000))

    def method_not_allowed(self) -> httpx2.Response:
        return self._client.delete("/api/health")

    def missing_image(self) -> httpx2.Response:
        return self._post(b"")

    def not_found(self) -> httpx2.Response:
        return self._client.get(f"{URL}/{new_id()}")

    def rate_limited(self) -> httpx2.Response:
        client = TestClient(create_app(self._recognizer, page=PAGE, rate_limit=1))
        client.delete(f"{URL}/x")
        return client.delete(f"{URL}/x")

    def request_timeout(self) -> dict[str, Any]:
        """Of a body that never comes; the minute is over at once."""
        no_time = SimpleNamespace(timeout=lambda seconds: asyncio.timeout(0))
        self._monkeypatch.setattr(inputs, "asyncio", no_time)
        sent: list[Message] = []

        async def receive() -> Message:
            await asyncio.sleep(60)
            raise AssertionError("it was waited for")

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": URL,
            "query_string": b"",
            "headers": [],
        }
        asyncio.run(create_app(self._recognizer, page=PAGE)(scope, receive, send))
        return dict(json.loads(sent[1]["body"]))

    def storage_unavailable(self) -> httpx2.Response:
        app = create_app(self._recognizer, page=PAGE, records=BrokenRecords(), images=self._images)
        return TestClient(app).get(f"{URL}/{new_id()}")

    def too_many_images(self) -> httpx2.Response:
        return self._client.post(f"{URL}/batch", json={"images": ["x"] * 65})

    def too_many_parts(self) -> httpx2.Response:
        return self._client.post(URL, files=[("x", b"x")] * (MAX_PARTS + 1))

    def too_many_pixels(self) -> httpx2.Response:
        return self._post(png.png(png.header(5001, 5000), png.chunk(b"IDAT")))

    def too_many_scans(self) -> httpx2.Response:
        return self._post(jpeg.progressive(8, 8, 201))

    def unsupported_encoding(self) -> httpx2.Response:
        headers = {"Content-Encoding": "gzip"}
        return self._client.post(URL, content=self._digit, headers=headers)

    def unsupported_image(self) -> httpx2.Response:
        return self._post(b"GIF86a")
