"""What takes long must not hold up the event loop, which all other requests wait for."""

import asyncio
import os
import threading
import time
from types import ModuleType

import httpx2
import pytest
from PIL import Image
from starlette.testclient import TestClient

from api import answering
from api.app import create_app
from api.inputs import MAX_IMAGES
from api.routes import batch, compatible
from recognition.header import MAX_DRAWING_BYTES
from recognition.limits import MAX_BYTES
from recognition.preprocessing import NormalizedDigit
from recognition.recognizer import Lap, Recognizer
from recognition.result import Outcome, Recognition
from storage.folder import FolderImages
from storage.records import Record
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.api.outcomes import RECOGNITIONS, ToldRecognizer
from tests.conftest import DrawDigit, encode_image


def on_the_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Witness(Recognizer):
    """A recogniser that notes where it's called."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.__dict__ = recognizer.__dict__.copy()
        self.on_the_loop: bool | None = None

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        self.on_the_loop = on_the_loop()
        return super().normalize(data, lap, max_bytes=max_bytes)


@pytest.mark.parametrize("url", ["/api/recognitions", "/predict/"])
def test_an_image_is_read_in_a_thread(
    recognizer: Recognizer, draw_digit: DrawDigit, url: str
) -> None:
    witness = Witness(recognizer)
    client = TestClient(create_app(witness, page=PAGE))
    photo = draw_digit(7, "JPEG")
    assert client.post(url, files={"file": photo}).json()["digit"] == 7
    assert witness.on_the_loop is False


def test_a_drawing_is_read_at_once(recognizer: Recognizer, draw_digit: DrawDigit) -> None:
    witness = Witness(recognizer)
    client = TestClient(create_app(witness, page=PAGE))
    answer = client.post("/api/recognitions", files={"file": draw_digit(7)}).json()
    assert answer["digit"] == 7
    assert witness.on_the_loop is True


def test_many_pixels_are_no_drawing_however_few_their_bytes(recognizer: Recognizer) -> None:
    witness = Witness(recognizer)
    client = TestClient(create_app(witness, page=PAGE))
    sheet = encode_image(Image.new("1", (1000, 1000)), "PNG")
    assert len(sheet) < 1000
    assert client.post("/api/recognitions", content=sheet).json()["outcome"] == "blank"
    assert witness.on_the_loop is False


@pytest.mark.parametrize(
    ("module", "name", "url"),
    [
        (answering, "extract_image", "/api/recognitions"),
        (batch, "extract_images", "/api/recognitions/batch"),
        (compatible, "find_image", "/predict"),
        (compatible, "extract_from_json", "/api/predict"),
        (compatible, "find_file", "/ocr"),
    ],
)
def test_an_image_is_unwrapped_in_a_thread(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, url: str
) -> None:
    """Six megabytes of form or JSON take a tenth of a second."""
    seen: list[bool] = []
    unwrap = getattr(module, name)

    def note_unwrap(*arguments: object) -> object:
        seen.append(on_the_loop())
        return unwrap(*arguments)

    monkeypatch.setattr(module, name, note_unwrap)
    large = b"{" + b" " * MAX_DRAWING_BYTES + b"}"
    assert client.post(url, content=large).status_code in (400, 422)
    assert seen == [False]


@pytest.mark.slow
def test_a_small_file_of_many_pixels_does_not_hold_up_others(recognizer: Recognizer) -> None:
    image = encode_image(Image.new("RGB", (5000, 5000)), "WEBP", lossless=True)
    assert len(image) < 2000
    app = create_app(recognizer, page=PAGE)

    async def ask() -> tuple[float, float]:
        """Seconds that the image took, and the longest that anyone waited meanwhile."""
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inkling") as client:
            start = time.perf_counter()
            reading = asyncio.create_task(client.post("/api/recognitions", content=image))
            waits = []
            while not reading.done():
                asked = time.perf_counter()
                await asyncio.sleep(0)
                assert (await client.get("/api/health")).status_code == 200
                waits.append(time.perf_counter() - asked)
            assert (await reading).json()["outcome"] == "blank"
            return time.perf_counter() - start, max(waits)

    took, waited = asyncio.run(ask())
    assert waited < took / 2


class Crowd(ToldRecognizer):
    """Takes a while for each image, and notes how many it has had in hand at once."""

    def __init__(self, recognizer: Recognizer) -> None:
        super().__init__(recognizer.card, RECOGNITIONS[Outcome.DIGIT])
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self.all = 0

    def recognize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> Recognition:
        self._take(data)
        return super().recognize(data, lap)

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        self._take(data)
        return super().normalize(data, lap)

    def _take(self, data: bytes) -> None:
        with self._lock:
            self._now += 1
            self.all += 1
            self.most = max(self.most, self._now)
        time.sleep(0.02)
        with self._lock:
            self._now -= 1


def test_no_more_images_are_read_at_once_than_there_are_processors(
    recognizer: Recognizer,
) -> None:
    """Each may take seventy megabytes. The limit is of the process, whatever loop it runs."""
    crowd = Crowd(recognizer)
    app = create_app(crowd, page=PAGE)
    processors = os.cpu_count() or 1
    count = 4 * processors

    async def ask_at_once() -> None:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inkling") as client:
            files = {"file": b"x"}
            for response in await asyncio.gather(
                *[client.post("/api/recognitions", content=b"x") for _ in range(count)],
                *[client.post("/predict", files=files) for _ in range(count)],
                *[client.post("/api/recognitions/batch", files=files) for _ in range(count)],
            ):
                assert response.status_code == 200

    for _ in range(2):
        asyncio.run(ask_at_once())
    assert crowd.all == 6 * count
    assert crowd.most == processors


@pytest.mark.slow
def test_a_batch_keeps_nobody_waiting_for_longer_than_one_of_its_images(
    recognizer: Recognizer,
) -> None:
    """Not even as many batches as there are processors, and more."""
    crowd = Crowd(recognizer)
    app = create_app(crowd, page=PAGE)
    batches = 2 * (os.cpu_count() or 1)
    files = [("file", b"x")] * MAX_IMAGES

    async def ask() -> int:
        """How many images were read before the one that came last."""
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inkling") as client:
            waiting = [
                asyncio.create_task(client.post("/api/recognitions/batch", files=files))
                for _ in range(batches)
            ]
            async with asyncio.timeout(10):
                while crowd.all < batches:
                    await asyncio.sleep(0.001)
            before = crowd.all
            assert (await client.post("/api/recognitions", content=b"x")).status_code == 200
            read = crowd.all - before
            for response in await asyncio.gather(*waiting):
                assert [each["digit"] for each in response.json()["results"]] == [7] * MAX_IMAGES
            return read

    # Each batch has one image before it in the queue, and each thread has one in hand.
    assert asyncio.run(ask()) <= 2 * batches


def test_the_disk_is_used_in_a_thread(
    recognizer: Recognizer,
    records: SqliteRecords,
    images: FolderImages,
    draw_digit: DrawDigit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bool] = []
    add, get, delete = records.add, records.get, records.delete

    def note_add(record: Record) -> bool:
        seen.append(on_the_loop())
        return add(record)

    def note_get(record_id: str) -> Record | None:
        seen.append(on_the_loop())
        return get(record_id)

    def note_delete(record_id: str) -> Record | None:
        seen.append(on_the_loop())
        return delete(record_id)

    monkeypatch.setattr(records, "add", note_add)
    monkeypatch.setattr(records, "get", note_get)
    monkeypatch.setattr(records, "delete", note_delete)
    client = TestClient(create_app(recognizer, page=PAGE, records=records, images=images))
    path = (
        "/api/recognitions/" + client.post("/api/recognitions", content=draw_digit(7)).json()["id"]
    )
    client.get(path)
    client.delete(path)
    assert len(seen) >= 4
    assert not any(seen)


@pytest.mark.slow
def test_many_requests_at_once_are_each_answered_rightly(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    drawings = {digit: draw_digit(digit) for digit in range(10)}
    drawings |= {10 + digit: draw_digit(digit, "BMP") for digit in range(10)}
    app = create_app(recognizer, page=PAGE, records=records, images=images)
    wrong: list[object] = []

    def ask(client: TestClient, number: int) -> None:
        for _ in range(5):
            answer = client.post("/api/recognitions", content=drawings[number]).json()
            if (answer["digit"], answer["stored"]) != (number % 10, True):
                wrong.append(answer)

    with TestClient(app) as client:
        threads = [threading.Thread(target=ask, args=(client, number)) for number in drawings]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
