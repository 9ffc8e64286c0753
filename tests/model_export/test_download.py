"""Data comes whole from some mirror, or not at all."""

import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from model_export.download import SourceFile, download_files
from model_export.errors import DataError

CONTENT = b"digits" * 1000
CLOSED_PORT = "http://127.0.0.1:9/"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "digits.gz").write_bytes(CONTENT)
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def source(*mirrors: str, content: bytes = CONTENT) -> SourceFile:
    return SourceFile("digits.gz", hashlib.sha256(content).hexdigest(), mirrors)


def test_a_file_is_fetched_and_kept(mirror: str, tmp_path: Path) -> None:
    download_files([source(mirror)], tmp_path / "data")
    assert (tmp_path / "data" / "digits.gz").read_bytes() == CONTENT
    download_files([source(CLOSED_PORT)], tmp_path / "data")  # there already: nothing to fetch


def test_mirrors_are_tried_in_turn(mirror: str, tmp_path: Path) -> None:
    download_files([source(CLOSED_PORT, mirror + "nowhere/", mirror)], tmp_path)
    assert (tmp_path / "digits.gz").read_bytes() == CONTENT


def test_another_content_is_never_kept(mirror: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="wrong checksum"):
        download_files([source(mirror, content=b"other")], tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_offline_says_so_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"can't be downloaded .*refused.*--data"):
        download_files([source(CLOSED_PORT)], tmp_path)
