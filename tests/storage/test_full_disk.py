"""A disk that is full, for real: a file system of some megabytes."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.folder import FolderImages
from storage.records import RecognitionRecord, new_label
from storage.sqlite import SqliteRecords
from tests.storage.conftest import make_record, name_image
from tests.storage.test_folder import files_in
from tests.storage.test_listing import read_all
from tests.storage.writer import draw

MEBIBYTE = 1 << 20
SPARE = 300_000
"""Bytes that are left for the stores."""


def mount(kind: str, folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    if kind == "tmpfs":
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(target)]
    else:
        image = folder / "disk.img"
        with image.open("wb") as file:
            file.truncate(4 * MEBIBYTE)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True)
        command = ["mount", "-o", "loop", str(image), str(target)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(params=["ext4", "tmpfs"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A small disk, with room for some of what comes."""
    lacking = [tool for tool in ("mount", "umount", "mkfs.ext4") if shutil.which(tool) is None]
    if lacking:
        pytest.skip(f"there is no {lacking[0]}")
    target = tmp_path / "disk"
    target.mkdir()
    mounted = mount(request.param, tmp_path, target)
    if mounted.returncode != 0:
        pytest.skip(f"a small {request.param} can't be mounted here: {mounted.stderr.strip()}")
    try:
        free = shutil.disk_usage(target).free
        (target / "filler").write_bytes(b"\x01" * (free - SPARE))
        yield target
    finally:
        subprocess.run(["umount", target], check=True)


def fill(archive: Archive) -> list[RecognitionRecord]:
    """Keep records until there's no room, and return those that were kept."""
    kept: list[RecognitionRecord] = []
    for _ in range(2000):
        record = make_record()
        try:
            archive.keep(record, draw(record.id))
        except StorageUnavailable:
            return kept
        kept.append(record)
    raise AssertionError("the disk is too large")


def check(archive: Archive, kept: list[RecognitionRecord]) -> None:
    for record in kept:
        assert archive.find(record.id) == record
        assert archive.read_image(record) == draw(record.id)


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_is_used_again_once_it_has_room(disk: Path) -> None:
    records, images = SqliteRecords(disk / "records.sqlite"), FolderImages(disk / "images")
    archive = Archive(records, images)
    kept = fill(archive)
    assert len(kept) > 3
    # To the last byte: an image of some kilobytes leaves room.
    (disk / "crumbs").write_bytes(b"\x01" * shutil.disk_usage(disk).free)
    assert shutil.disk_usage(disk).free == 0
    for _ in range(20):
        assert fill(archive) == []
    labelled = kept.pop()
    with suppress(StorageUnavailable):  # there may be room for it among the database's own pages
        archive.label(labelled.id, new_label(3, trusted=False))
    found = archive.find(labelled.id)
    assert isinstance(found, RecognitionRecord)
    assert replace(found, label=None) == labelled
    check(archive, kept)
    records.close()
    # A server that starts now says so, in place of dying of SQLite's SIGBUS.
    with pytest.raises(StorageUnavailable, match="the disk is full"):
        SqliteRecords(disk / "records.sqlite")

    (disk / "filler").unlink()
    with closing(SqliteRecords(disk / "records.sqlite")) as records:
        archive = Archive(records, FolderImages(disk / "images"))
        with records._use() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        check(archive, kept)
        record = make_record()
        archive.keep(record, draw(record.id))
        check(archive, [record])
        assert set(files_in(disk / "images")) <= {
            name_image(each) for each in read_all(records, 100)
        }
