"""A store may be down, slow or wrong: the answer comes, and what it says of the store is so."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from api.keeping import MAX_STORING_SECONDS, Keeping, Keepsake
from api.routes.records import URL
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.folder import FolderImages
from storage.ids import new_id
from storage.records import Record
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.api.outcomes import RECOGNITIONS
from tests.api.stores import SlowImages
from tests.conftest import DrawDigit, encode_image

SLACK_SECONDS = 0.6
"""For a busy machine. Without the bound, these would take sixty."""


@pytest.fixture
def slow_images(tmp_path: Path) -> Iterator[SlowImages]:
    images = SlowImages(tmp_path / "images")
    yield images
    images.go_on.set()  # else the threads would hold up the end of the tests


@pytest.fixture
def keeping(records: SqliteRecords, slow_images: SlowImages) -> Keeping:
    return Keeping(Archive(records, slow_images), model="m")


@pytest.fixture
def keepsakes(draw_digit: DrawDigit) -> list[Keepsake]:
    recognition = RECOGNITIONS[Outcome.DIGIT]
    return [Keepsake(new_id(), recognition, draw_digit(digit)) for digit in range(10)]


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def test_everything_is_kept_while_the_store_is_well(
    keeping: Keeping,
    keepsakes: list[Keepsake],
    records: SqliteRecords,
    slow_images: SlowImages,
) -> None:
    slow_images.go_on.set()
    assert asyncio.run(keeping.keep(keepsakes)) == [True] * 10
    for keepsake in keepsakes:
        assert records.get(keepsake.record_id) is not None
        assert slow_images.get(f"{keepsake.record_id}.png") == keepsake.image


def test_what_can_not_be_stripped_is_not_kept(
    keepsakes: list[Keepsake],
    records: SqliteRecords,
    images: FolderImages,
    caplog: pytest.LogCaptureFixture,
) -> None:
    comments = b"\xff\xfe\x00\x02" * 100_000
    sheet = Image.new("L", (8, 8))
    torn = encode_image(sheet, "JPEG", progressive=True).replace(
        b"\xff\xda", comments + b"\xff\xda"
    )
    keeping = Keeping(Archive(records, images), model="m")
    with caplog.at_level(logging.WARNING, "inkling"):
        kept = asyncio.run(keeping.keep([replace(keepsakes[0], image=torn), keepsakes[1]]))
    assert kept == [False, True]
    assert records.get(keepsakes[0].record_id) is None
    assert [line.levelname for line in caplog.records] == ["WARNING"]


def test_nothing_to_keep_or_nowhere_to_keep_it_takes_no_time(keepsakes: list[Keepsake]) -> None:
    nowhere = Keeping(None, model="m")
    assert asyncio.run(nowhere.keep(keepsakes)) == [False] * 10
    assert asyncio.run(nowhere.keep([])) == []


@pytest.mark.slow
def test_a_slow_store_costs_no_more_than_its_bound_and_leaves_nothing_behind(
    keeping: Keeping,
    keepsakes: list[Keepsake],
    records: SqliteRecords,
    slow_images: SlowImages,
) -> None:
    start = time.monotonic()
    assert asyncio.run(keeping.keep(keepsakes)) == [False] * 10
    assert time.monotonic() - start < MAX_STORING_SECONDS + SLACK_SECONDS
    slow_images.go_on.set()
    assert slow_images.written.wait(10)

    def is_left() -> bool:
        return any(
            records.get(each.record_id) or slow_images.get(f"{each.record_id}.png")
            for each in keepsakes
        )

    wait_until(lambda: not is_left())
    time.sleep(0.2)
    assert not is_left()


@pytest.mark.slow
def test_the_time_that_stores_take_to_open_is_not_what_they_take_to_keep(
    keepsakes: list[Keepsake], records: SqliteRecords, images: FolderImages
) -> None:
    opened = []

    def open_stores() -> None:
        time.sleep(MAX_STORING_SECONDS + 0.1)
        opened.append(True)

    keeping = Keeping(Archive(records, images), model="m", open_stores=open_stores)
    assert asyncio.run(keeping.keep([])) == []
    assert not opened
    assert asyncio.run(keeping.keep(keepsakes[:1])) == [True]
    assert asyncio.run(keeping.keep(keepsakes[1:2])) == [True]
    assert opened == [True]


def test_stores_that_do_not_open_cost_no_answer(
    keepsakes: list[Keepsake], records: SqliteRecords, images: FolderImages
) -> None:
    def open_stores() -> None:
        raise StorageUnavailable("There is no region.")

    keeping = Keeping(Archive(records, images), model="m", open_stores=open_stores)
    assert asyncio.run(keeping.keep(keepsakes[:1])) == [True]


class WatchedRecords(SqliteRecords):
    """A file that remembers what it was asked to keep."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[str] = []

    def add(self, record: Record) -> bool:
        self.asked.append(record.id)
        return super().add(record)


@pytest.mark.slow
def test_what_never_had_its_turn_is_not_begun_later(
    keepsakes: list[Keepsake], slow_images: SlowImages, tmp_path: Path
) -> None:
    """More than there are threads: of a store that hangs, some would find it well again."""
    records = WatchedRecords(tmp_path / "watched.sqlite")
    keeping = Keeping(Archive(records, slow_images), model="m")
    many = [replace(keepsakes[0], record_id=new_id()) for _ in range(64)]
    assert asyncio.run(keeping.keep(many)) == [False] * 64
    asked = list(records.asked)
    assert 0 < len(asked) < 64
    slow_images.go_on.set()
    wait_until(lambda: not any(records.get(each) for each in asked))
    time.sleep(0.2)
    assert records.asked == asked
    records.close()


@pytest.mark.slow
def test_who_stops_waiting_leaves_nothing_behind(
    keeping: Keeping, keepsakes: list[Keepsake], records: SqliteRecords, slow_images: SlowImages
) -> None:
    async def go_away() -> None:
        task = asyncio.create_task(keeping.keep(keepsakes[:1]))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(go_away())
    slow_images.go_on.set()
    assert slow_images.written.wait(10)
    wait_until(lambda: records.get(keepsakes[0].record_id) is None)
    wait_until(lambda: slow_images.get(f"{keepsakes[0].record_id}.png") is None)


@pytest.mark.slow
def test_a_store_that_hangs_holds_up_no_one_s_answer(
    recognizer: Recognizer,
    records: SqliteRecords,
    slow_images: SlowImages,
    draw_digit: DrawDigit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = create_app(recognizer, page=PAGE, records=records, images=slow_images)
    images = [draw_digit(i % 10) for i in range(60)]
    with TestClient(app) as client, ThreadPoolExecutor(20) as pool:

        def post(image: bytes) -> tuple[object, float]:
            start = time.monotonic()
            answer = client.post(URL, content=image).json()
            return (answer["digit"], answer["stored"]), time.monotonic() - start

        with caplog.at_level(logging.ERROR, "inkling"):
            answers = list(pool.map(post, images))
    assert [answer for answer, _ in answers] == [(i % 10, False) for i in range(60)]
    # Twenty readings wait for two processors too.
    assert max(seconds for _, seconds in answers) < MAX_STORING_SECONDS + 3 * SLACK_SECONDS
