"""From a running API, what people corrected becomes a training set."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import httpx2
import numpy as np
import pytest
import uvicorn
from PIL import Image

from api import keeping
from api.app import create_app
from api.keys import hash_key
from model_export import service as service_module
from model_export.__main__ import main
from model_export.download import TRAIN_IMAGES, TRAIN_LABELS
from model_export.errors import DataError
from model_export.idx import UNSIGNED_BYTE, read_idx
from model_export.labels import (
    IMAGES,
    MANIFEST,
    LabelledPicture,
    choose_pictures,
    export_labels,
)
from model_export.service import LabelledRecord, Service
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.ids import new_id
from storage.sqlite import SqliteRecords
from tests.conftest import DrawDigit, encode_image

PAGE = Path(__file__).parents[2] / "frontend"
KEY = "the tests' own key"


@pytest.fixture
def images(tmp_path: Path) -> FolderImages:
    return FolderImages(tmp_path / "kept")


@pytest.fixture
def api(
    recognizer: Recognizer,
    images: FolderImages,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The address of the real API, with real stores, in a thread."""
    monkeypatch.setattr(keeping, "MAX_STORING_SECONDS", 60)  # a busy machine is no slow store here
    records = SqliteRecords(tmp_path / "records.sqlite")
    app = create_app(
        recognizer,
        page=PAGE,
        records=records,
        images=images,
        api_keys=frozenset({hash_key(KEY)}),
    )
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    records.close()


@pytest.fixture
def people(api: str) -> Iterator["People"]:
    with httpx2.Client() as client:
        yield People(client, f"{api}/api/recognitions")


class People:
    """Those who draw, and say what they drew."""

    def __init__(self, client: httpx2.Client, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, image: bytes) -> str:
        answer = self._client.post(self._url, content=image).json()
        assert answer["stored"]
        return str(answer["id"])

    def label(self, record_id: str, digit: int, *, key: str | None = KEY) -> None:
        headers = {"X-API-Key": key} if key else {}
        response = self._client.put(
            f"{self._url}/{record_id}/label", json={"digit": digit}, headers=headers
        )
        assert response.status_code == 200

    def remove(self, record_id: str) -> None:
        assert self._client.delete(f"{self._url}/{record_id}").status_code == 204

    def correct(self, image: bytes, digit: int, *, key: str | None = KEY) -> str:
        record_id = self.send(image)
        self.label(record_id, digit, key=key)
        return record_id


def read_set(folder: Path) -> tuple[np.ndarray, np.ndarray, list[dict[str, Any]]]:
    pixels = read_idx(folder / TRAIN_IMAGES.name, value_type=UNSIGNED_BYTE, rank=3)
    labels = read_idx(folder / TRAIN_LABELS.name, value_type=UNSIGNED_BYTE, rank=1)
    lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    return pixels, labels, [json.loads(line) for line in lines]


class Export(Protocol):
    def __call__(self, folder: Path, *options: str) -> int: ...


@pytest.fixture
def export(api: str, monkeypatch: pytest.MonkeyPatch) -> Export:
    """The command, with the key where it belongs; returns its exit status."""
    monkeypatch.setenv("INKLING_API_KEY", KEY)
    return lambda folder, *options: main(
        ["labels", "--api", api, "--output", str(folder), *options]
    )


# From end to end


def test_what_people_corrected_becomes_a_training_set(
    export: Export, people: People, recognizer: Recognizer, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    drawings = {digit: draw_digit(digit, "JPEG" if digit % 2 else "PNG") for digit in range(10)}
    for digit, image in drawings.items():
        people.correct(image, (digit + 1) % 10)
    folder = tmp_path / "labels"
    assert export(folder) == 0
    pixels, labels, lines = read_set(folder)
    assert pixels.shape == (10, 28, 28)
    assert sorted(labels) == list(range(10))
    assert [line["row"] for line in lines] == list(range(10))
    for line, picture, label in zip(lines, pixels, labels, strict=True):
        image = (folder / line["file"]).read_bytes()
        assert image == drawings[(line["label"] - 1) % 10]
        assert line["label"] == label
        assert line["read"] == (line["label"] - 1) % 10
        assert line["trusted"] is True
        assert line["model"] == recognizer.card.version
        seen = recognizer.recognize(image).pixels
        assert seen is not None
        np.testing.assert_array_equal(picture, np.rint(seen * 255))
    assert len(list((folder / IMAGES).iterdir())) == 10


def test_what_nobody_labelled_or_nobody_vouches_for_is_not_in_it(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    people.send(draw_digit(3))
    people.correct(draw_digit(4), 9, key=None)
    people.correct(draw_digit(5), 5)
    assert export(tmp_path / "labels") == 0
    assert list(read_set(tmp_path / "labels")[1]) == [5]
    printed = capsys.readouterr().out
    assert "in it: 1" in printed
    assert "left out as not trusted: 1" in printed


def test_untrusted_labels_come_where_they_are_asked_for(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
) -> None:
    people.correct(draw_digit(4), 9, key=None)
    assert export(tmp_path / "labels", "--untrusted") == 0
    _, labels, (line,) = read_set(tmp_path / "labels")
    assert list(labels) == [9]
    assert line["trusted"] is False


def test_nothing_tells_whose_record_it_was(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
) -> None:
    """Whoever has a record's id may remove it; a training set gets about."""
    record_id = people.correct(draw_digit(4), 9)
    export(tmp_path / "labels")
    for path in (tmp_path / "labels").rglob("*"):
        assert record_id not in path.name
        assert path.is_dir() or record_id.encode() not in path.read_bytes()


def test_an_export_becomes_what_the_api_has(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "labels"
    first = people.correct(draw_digit(4), 9)
    export(folder)
    people.remove(first)
    people.correct(draw_digit(5), 5)
    assert export(folder) == 0
    assert list(read_set(folder)[1]) == [5]
    assert len(list((folder / IMAGES).iterdir())) == 1
    assert sorted(path.name for path in tmp_path.glob("*labels")) == ["labels"]


def test_the_same_records_are_the_same_files(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
) -> None:
    for digit in range(5):
        people.correct(draw_digit(digit), digit)
    export(tmp_path / "a")
    export(tmp_path / "b")
    names = {path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*")}
    assert len(names) == 5 + 3
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_nothing_labelled_is_an_empty_set(export: Export, tmp_path: Path) -> None:
    assert export(tmp_path / "labels") == 0
    pixels, labels, lines = read_set(tmp_path / "labels")
    assert (pixels.shape, len(labels), lines) == ((0, 28, 28), 0, [])


def test_every_page_is_read(
    export: Export,
    people: People,
    draw_digit: DrawDigit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_module, "_PAGE", 3)
    for side in range(100, 110):
        people.correct(draw_digit(side % 10, side=side), side % 10)
    export(tmp_path / "labels")
    assert sorted(read_set(tmp_path / "labels")[1]) == list(range(10))


def test_what_can_t_be_learnt_from_is_left_out_and_counted(
    api: str,
    people: People,
    images: FolderImages,
    draw_digit: DrawDigit,
    tmp_path: Path,
) -> None:
    people.correct(encode_image(Image.new("L", (90, 90), 255)), 1)
    damaged = people.correct(draw_digit(2), 2)
    images.put(f"{damaged}.png", draw_digit(2)[:-100])
    lost = people.correct(draw_digit(3), 3)
    images.delete(f"{lost}.png")
    people.correct(draw_digit(4), 4)
    people.correct(draw_digit(4), 4)
    people.correct(draw_digit(4, "BMP"), 4)
    done = export_labels(Service(api, KEY), tmp_path / "labels")
    assert list(read_set(tmp_path / "labels")[1]) == [4]
    assert done.written == 1
    reasons = {"blank": 1, "unreadable": 1, "removed meanwhile": 1, "seen already": 2}
    assert +done.left_out == reasons


# Which label counts


def picture(
    digit: int, *, trusted: bool = False, minute: int = 0, name: str = "a", ink: int = 200
) -> LabelledPicture:
    moment = datetime(2026, 2, 3, 4, minute, tzinfo=UTC)
    record = LabelledRecord(new_id(), digit, trusted, moment, read=1, model="m")
    return LabelledPicture(record, Path(name), name, np.full((28, 28), ink, np.uint8))


@pytest.mark.parametrize(
    ("pictures", "chosen", "left_out"),
    [
        ([picture(7)], [7], {}),
        ([picture(7), picture(7, minute=1)], [7], {"seen already": 1}),
        ([picture(7), picture(2, minute=1)], [2], {"overruled": 1}),
        ([picture(7, trusted=True), picture(2, minute=1)], [7], {"overruled": 1}),
        ([picture(7, trusted=True), picture(7, minute=1)], [7], {"seen already": 1}),
        ([picture(7, trusted=True), picture(2, trusted=True, minute=1)], [2], {"overruled": 1}),
        ([picture(7), picture(2)], [], {"contradictory": 2}),
        (
            [picture(7), picture(2), picture(2, trusted=True)],
            [2],
            {"overruled": 1, "seen already": 1},
        ),
        ([picture(7), picture(2, ink=201)], [7, 2], {}),
    ],
)
def test_of_labels_that_differ_the_trusted_counts_then_the_latest(
    pictures: list[LabelledPicture], chosen: list[int], left_out: dict[str, int]
) -> None:
    for order in (pictures, pictures[::-1]):
        counted: Counter[str] = Counter()
        kept = choose_pictures(order, counted)
        assert sorted(each.record.digit for each in kept) == sorted(chosen)
        assert +counted == left_out


def test_the_order_is_the_content_s_own() -> None:
    pictures = [picture(i, name=name, ink=i) for i, name in enumerate("dbca")]
    for order in (pictures, pictures[::-1]):
        assert [each.sha256 for each in choose_pictures(order, Counter())] == list("abcd")


# What stops it


def test_without_a_key_it_says_where_it_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("INKLING_API_KEY", raising=False)
    arguments = ["labels", "--api", "http://127.0.0.1:9", "--output", str(tmp_path / "labels")]
    assert main(arguments) == 1
    assert "INKLING_API_KEY" in capsys.readouterr().err


def test_a_wrong_key_writes_nothing(api: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not know the key"):
        export_labels(Service(api, "another"), tmp_path / "labels")
    assert not (tmp_path / "labels").exists()


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "file:///etc", "ftp://127.0.0.1", "//x"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(DataError, match="http"):
        Service(url, KEY)


@pytest.mark.parametrize("key", ["a\r\nHost: b", "ключ", "\x00"])
def test_what_can_be_no_header_is_no_key(key: str) -> None:
    with pytest.raises(DataError, match="key"):
        Service("http://127.0.0.1:9", key)


def test_a_folder_with_something_else_in_it_is_left_alone(api: str, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter-1.txt").write_text("It was", encoding="utf-8")
    for path in (folder, folder / "chapter-1.txt"):
        with pytest.raises(DataError, match="something else"):
            export_labels(Service(api, KEY), path)
    assert (folder / "chapter-1.txt").read_text(encoding="utf-8") == "It was"


# Services that are not what they should be


class FakeApi:
    """Answers each path with what it's told, in turn, the last of it again and again."""

    def __init__(self, answers: dict[str, list[tuple[int, dict[str, str], bytes]]]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, str | None]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                fake.requests.append((self.path, self.headers["X-API-Key"]))
                queue = fake.answers[path]
                status, headers, body = queue.pop(0) if len(queue) > 1 else queue[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


LIST = "/api/recognitions"
ID = new_id()


def record(**changes: Any) -> dict[str, Any]:
    label = {"digit": 7, "trusted": True, "labelled_at": "2026-02-03T04:05:06.789Z"}
    content = {"id": ID, "digit": 1, "model": "m", "label": label}
    label.update({key: value for key, value in changes.items() if key in label})
    return {**content, **{key: value for key, value in changes.items() if key == "id"}}


def page(*records: Any, following: object = None) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps({"recognitions": records, "next": following}).encode()


def serve(*answers: tuple[int, dict[str, str], bytes], image: bytes = b"") -> FakeApi:
    return FakeApi({LIST: list(answers), f"{LIST}/{ID}/image": [(200, {}, image)]})


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b"[" * 200_000),
        (200, {}, b"\xff"),
        (200, {}, b" " * (service_module._MAX_JSON + 1)),
        (404, {}, b""),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        page(record(digit=10)),
        page(record(digit=True)),
        page(record(digit="7")),
        page(record(trusted="yes")),
        page(record(labelled_at="yesterday")),
        page(record(labelled_at="2026-02-03T04:05:06")),
        page(record(id="../../../etc/passwd")),
        page(record(id=7)),
        page(None),
        page(following=7),
        page(following="again"),
    ],
    ids=lambda answer: repr(answer)[:60],
)
def test_what_is_not_our_api_is_told_and_nothing_is_written(
    answer: tuple[int, dict[str, str], bytes], tmp_path: Path
) -> None:
    fake = serve(answer)
    with pytest.raises(DataError, match=r"127\.0\.0\.1"):
        export_labels(Service(fake.url, KEY), tmp_path / "labels")
    fake.close()
    assert not (tmp_path / "labels").exists()


def test_the_key_follows_no_redirect(tmp_path: Path) -> None:
    other = serve(page())
    fake = serve((307, {"Location": other.url + LIST}, b""))
    with pytest.raises(DataError, match="307"):
        export_labels(Service(fake.url, KEY), tmp_path / "labels")
    assert other.requests == []
    for each in (fake, other):
        each.close()


def test_a_busy_service_is_asked_again(
    draw_digit: DrawDigit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("model_export.service.time.sleep", waits.append)
    busy = [(429, {"Retry-After": "3"}, b""), (503, {}, b""), (429, {"Retry-After": "9999"}, b"")]
    fake = serve(*busy, page(record()), image=draw_digit(1))
    assert export_labels(Service(fake.url, KEY), tmp_path / "labels").written == 1
    fake.close()
    assert waits == [3, 2, 60]


def test_a_service_that_stays_busy_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model_export.service.time.sleep", lambda _: None)
    fake = serve((503, {}, b""))
    with pytest.raises(DataError, match="503"):
        export_labels(Service(fake.url, KEY), tmp_path / "labels")
    fake.close()
    assert len(fake.requests) == service_module._ATTEMPTS
    with pytest.raises(DataError, match="can't be reached"):
        export_labels(Service("http://127.0.0.1:9", KEY), tmp_path / "labels")


def test_an_export_that_stopped_goes_on_with_what_it_has(
    draw_digit: DrawDigit, tmp_path: Path
) -> None:
    folder = tmp_path / "labels"
    other = new_id()
    fake = serve(page(record(), record(id=other)), image=draw_digit(1))
    fake.answers[f"{LIST}/{other}/image"] = [(400, {}, b"")]
    with pytest.raises(DataError, match="400"):
        export_labels(Service(fake.url, KEY), folder)
    assert not folder.exists()
    fake.answers[f"{LIST}/{other}/image"] = [(200, {}, draw_digit(2))]
    assert export_labels(Service(fake.url, KEY), folder).written == 2
    fake.close()
    assert [path for path, _ in fake.requests].count(f"{LIST}/{ID}/image") == 1
    assert len(read_set(folder)[2]) == 2
    assert list(tmp_path.iterdir()) == [folder]


def test_an_earlier_export_stays_until_the_next_is_whole(
    draw_digit: DrawDigit, tmp_path: Path
) -> None:
    folder = tmp_path / "labels"
    fake = serve(page(record()), image=draw_digit(1))
    export_labels(Service(fake.url, KEY), folder)
    before = (folder / MANIFEST).read_bytes()
    fake.answers[LIST] = [page(record(), following=ID), (400, {}, b"")]
    with pytest.raises(DataError, match="400"):
        export_labels(Service(fake.url, KEY), folder)
    fake.close()
    assert (folder / MANIFEST).read_bytes() == before
