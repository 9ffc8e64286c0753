"""From a running API, what people corrected becomes a training set."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx2
import numpy as np
import pytest
from PIL import Image

from api import keeping
from api.app import create_app
from api.keys import hash_key
from api.routes.upload_forms import FORM_URL
from model_export import service as service_module
from model_export.__main__ import main
from model_export.download import TRAIN_IMAGES, TRAIN_LABELS
from model_export.errors import DataError
from model_export.idx import UNSIGNED_BYTE, read_idx
from model_export.labels import IMAGES, MANIFEST, export_labels
from model_export.service import Service
from recognition.limits import MAX_BYTES
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.ids import new_id
from storage.local_uploads import LocalUploads
from storage.sqlite import SqliteRecords
from tests.conftest import DrawDigit, encode_image
from tests.model_export.fake_api import ID, LIST, page, record, serve
from tests.model_export.people import KEY, Host, People, start_host

PAGE = Path(__file__).parents[2] / "frontend"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with start_host() as host:
        yield host


@pytest.fixture
def images(tmp_path: Path) -> FolderImages:
    return FolderImages(tmp_path / "kept")


@pytest.fixture
def api(
    host: Host,
    recognizer: Recognizer,
    images: FolderImages,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The address of the real API, with real stores that are new."""
    monkeypatch.setattr(keeping, "MAX_STORING_SECONDS", 60)  # a busy machine is no slow store here
    records = SqliteRecords(tmp_path / "records.sqlite")
    host.app = create_app(
        recognizer,
        page=PAGE,
        records=records,
        images=images,
        uploads=LocalUploads(FORM_URL),
        api_keys=frozenset({hash_key(KEY)}),
    )
    yield host.url
    records.close()


@pytest.fixture
def people(api: str) -> Iterator[People]:
    with httpx2.Client() as client:
        yield People(client, f"{api}/api/recognitions")


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


def test_uploads_are_learnt_from_once_they_are_read(
    export: Export, people: People, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    with Image.open(io.BytesIO(draw_digit(7))) as sheet:
        large = encode_image(sheet.convert("RGB").resize((1800, 1800)), "BMP")
    assert len(large) > MAX_BYTES
    people.label(people.upload(large), 7)
    people.upload(b"not an image")
    people.upload(None)
    people.correct(draw_digit(3), 3)
    assert export(tmp_path / "labels") == 0
    assert sorted(read_set(tmp_path / "labels")[1]) == [3, 7]


def test_an_image_that_the_api_has_no_answer_for_is_left_out_and_counted(tmp_path: Path) -> None:
    """The cloud's can't send what is larger than one of its answers."""
    with serve(page(record())) as api:
        api.answers[f"{LIST}/{ID}/image"] = [(413, {}, b"")]
        done = export_labels(Service(api.url, KEY), tmp_path / "labels")
    assert +done.left_out == {"too large to be fetched": 1}


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
    assert list(tmp_path.glob("*labels*")) == []


def test_a_folder_with_something_else_in_it_is_left_alone(api: str, tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter-1.txt").write_text("It was", encoding="utf-8")
    for path in (folder, folder / "chapter-1.txt"):
        with pytest.raises(DataError, match="something else"):
            export_labels(Service(api, KEY), path)
    assert (folder / "chapter-1.txt").read_text(encoding="utf-8") == "It was"


def test_an_export_that_stopped_goes_on_with_what_it_has(
    draw_digit: DrawDigit, tmp_path: Path
) -> None:
    folder = tmp_path / "labels"
    other = new_id()
    with serve(page(record(), record(id=other)), image=draw_digit(1)) as fake:
        fake.answers[f"{LIST}/{other}/image"] = [(400, {}, b"")]
        with pytest.raises(DataError, match="400"):
            export_labels(Service(fake.url, KEY), folder)
        assert not folder.exists()
        fake.answers[f"{LIST}/{other}/image"] = [(200, {}, draw_digit(2))]
        assert export_labels(Service(fake.url, KEY), folder).written == 2
    assert [path for path, _ in fake.requests].count(f"{LIST}/{ID}/image") == 1
    assert len(read_set(folder)[2]) == 2
    assert list(tmp_path.iterdir()) == [folder]


def test_an_earlier_export_stays_until_the_next_is_whole(
    draw_digit: DrawDigit, tmp_path: Path
) -> None:
    folder = tmp_path / "labels"
    with serve(page(record()), image=draw_digit(1)) as fake:
        export_labels(Service(fake.url, KEY), folder)
        before = (folder / MANIFEST).read_bytes()
        fake.answers[LIST] = [page(record(), following=ID), (400, {}, b"")]
        with pytest.raises(DataError, match="400"):
            export_labels(Service(fake.url, KEY), folder)
    assert (folder / MANIFEST).read_bytes() == before
