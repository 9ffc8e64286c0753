"""What takes long must not hold up the event loop, which all other requests wait for."""

import asyncio
import threading

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.reading import INLINE_BYTES
from recognition.recognizer import Recognizer
from recognition.result import Recognition
from storage.folder import FolderImages
from storage.records import RecognitionRecord
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.conftest import DrawDigit


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

    def recognize(self, data: bytes) -> Recognition:
        self.on_the_loop = on_the_loop()
        return super().recognize(data)


@pytest.mark.parametrize(("size", "expected"), [(INLINE_BYTES, True), (INLINE_BYTES + 1, False)])
def test_a_large_image_is_read_in_a_thread_and_a_drawing_is_not(
    recognizer: Recognizer, draw_digit: DrawDigit, size: int, expected: bool
) -> None:
    witness = Witness(recognizer)
    client = TestClient(create_app(witness, page=PAGE))
    answer = client.post("/api/recognitions", content=draw_digit(7).ljust(size, b"\x00")).json()
    assert answer["digit"] == 7
    assert witness.on_the_loop is expected


def test_the_disk_is_used_in_a_thread(
    recognizer: Recognizer,
    records: SqliteRecords,
    images: FolderImages,
    draw_digit: DrawDigit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bool] = []
    put, get, delete = records.put, records.get, records.delete

    def note_put(record: RecognitionRecord) -> None:
        seen.append(on_the_loop())
        put(record)

    def note_get(record_id: str) -> RecognitionRecord | None:
        seen.append(on_the_loop())
        return get(record_id)

    def note_delete(record_id: str) -> bool:
        seen.append(on_the_loop())
        return delete(record_id)

    monkeypatch.setattr(records, "put", note_put)
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
