"""`kill -9` of a writing process: what it acknowledged is there, and nothing is lost track of."""

import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.folder import FolderImages
from storage.records import RecognitionRecord
from storage.sqlite import SqliteRecords
from tests.storage.conftest import name_image
from tests.storage.test_folder import files_in
from tests.storage.test_listing import read_all
from tests.storage.writer import draw, write

ROUNDS = 200
Words = dict[str, set[str]]
"""What was done (`kept`, `labelled`, `removing`, `removed`), to the ids."""


def run_and_kill(folder: Path, seconds: float) -> Words:
    """Have a process write for so long after its first word, kill it, and return all its words."""
    # A fork of a process that has its imports behind it: it's at work after some 50 ms.
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.writer"])
    listening, told = context.Pipe(duplex=False)
    process = context.Process(target=write, args=(folder, told))
    process.start()
    told.close()
    with listening:
        words: Words = defaultdict(set)
        deadline = None
        for word, record_id in listen(listening):
            words[word].add(record_id)
            deadline = deadline or time.monotonic() + seconds
            if time.monotonic() > deadline and process.is_alive():
                process.kill()
        process.join()
    assert process.exitcode == -9
    return words


def listen(listening: Connection) -> Iterator[tuple[str, str]]:
    while True:
        try:
            yield listening.recv()
        except (EOFError, OSError):  # the second in the middle of a word
            return


def check(archive: Archive, words: Words) -> None:
    """Everything acknowledged is as it was acknowledged."""
    for record_id in words["kept"] - words["removing"]:
        record = archive.find(record_id)
        assert isinstance(record, RecognitionRecord)
        assert archive.read_image(record) == draw(record_id)
        assert record.label is not None or record_id not in words["labelled"]
    for record_id in words["removed"]:
        assert archive.find(record_id) is None


@pytest.mark.slow
def test_a_writer_that_is_killed_two_hundred_times_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python 3.11 doesn't tell the process that forks where to import from (cpython issue 117378).
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    all_words: Words = defaultdict(set)
    images = tmp_path / "images"
    for _ in range(ROUNDS):
        words = run_and_kill(tmp_path, seconds=random.uniform(0, 0.1))
        for word, ids in words.items():
            all_words[word] |= ids
        with closing(SqliteRecords(tmp_path / "records.sqlite")) as records:
            with records._use() as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            check(Archive(records, FolderImages(images)), words)
            whole = {file for file in files_in(images) if not file.startswith(".unfinished/")}
            found = {name_image(record) for record in read_all(records, 1000)}
            assert whole <= found, "there is an image that no record finds"
            # At most what the threads were at work on in each round.
            assert len(found - whole) <= 4 * ROUNDS
    with closing(SqliteRecords(tmp_path / "records.sqlite")) as records:
        check(Archive(records, FolderImages(images)), all_words)
    assert len(all_words["kept"]) > ROUNDS
    assert all_words["removed"]
    assert all_words["labelled"]
