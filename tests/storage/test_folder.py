"""What a folder promises beyond the contract: whole files, no litter, a clear refusal."""

import errno
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.errors import StorageUnavailable
from storage.folder import FolderImages
from storage.ids import new_id


def files_in(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_an_image_is_a_file_under_its_key(tmp_path: Path) -> None:
    FolderImages(tmp_path).put("2026/one.png", b"drawing")
    assert files_in(tmp_path) == ["2026/one.png"]
    assert (tmp_path / "2026/one.png").read_bytes() == b"drawing"


def test_a_reader_never_sees_half_an_image(tmp_path: Path) -> None:
    images = FolderImages(tmp_path)
    versions = [bytes([i]) * 200_000 for i in range(20)]
    images.put("one.png", versions[0])

    def write() -> None:
        for version in versions:
            images.put("one.png", version)

    with ThreadPoolExecutor(3) as threads:
        writers = [threads.submit(write), threads.submit(write)]
        seen = 0
        while not all(writer.done() for writer in writers) or seen == 0:
            assert images.get("one.png") in versions
            seen += 1
        for writer in writers:
            writer.result()


def test_a_full_disk_leaves_the_old_image_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = FolderImages(tmp_path)
    images.put("one.png", b"old")

    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageUnavailable, match="No space left"):
        images.put("one.png", b"new")
    monkeypatch.undo()
    assert images.get("one.png") == b"old"
    assert files_in(tmp_path) == ["one.png"]


def test_what_a_killed_process_left_half_written_is_removed_in_time(tmp_path: Path) -> None:
    FolderImages(tmp_path)
    abandoned, recent = tmp_path / ".unfinished/old", tmp_path / ".unfinished/new"
    abandoned.write_bytes(b"half")
    recent.write_bytes(b"half")
    day_ago = time.time() - 86_400
    os.utime(abandoned, (day_ago, day_ago))
    FolderImages(tmp_path)
    assert files_in(tmp_path) == [".unfinished/new"]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "images"
    file.write_bytes(b"")
    with pytest.raises(StorageUnavailable, match="images can't be used"):
        FolderImages(file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_t_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageUnavailable, match="Permission denied"):
        FolderImages(tmp_path / "images")


@pytest.mark.parametrize("operation", ["put", "get", "delete"])
def test_what_failed_is_logged_without_its_key(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    images = FolderImages(tmp_path)
    record_id = new_id()
    (tmp_path / f"{record_id}.png").mkdir()  # where a file should be
    arguments = (b"drawing",) if operation == "put" else ()
    try:
        getattr(images, operation)(f"{record_id}.png", *arguments)
    except StorageUnavailable as error:
        logging.getLogger("inkling").error("It could not be kept", exc_info=error)
    assert "StorageUnavailable" in caplog.text
    assert record_id not in caplog.text


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_an_unfinished_file_that_is_gone_when_it_s_looked_at_is_passed_over(tmp_path: Path) -> None:
    FolderImages(tmp_path)
    # Listed, and not found: as what another process renames in between.
    (tmp_path / ".unfinished/renamed").symlink_to(tmp_path / "nowhere")
    FolderImages(tmp_path).put("one.png", b"drawing")
