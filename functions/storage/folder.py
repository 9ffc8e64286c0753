"""`FolderImages`: images as files in a folder."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from storage.errors import StorageUnavailable
from storage.image_keys import require_key

_UNFINISHED: Final = ".unfinished"
_ABANDONED_SECONDS: Final = 3600


class FolderImages:
    """Images in a folder, each under its key as its path."""

    def __init__(self, folder: Path) -> None:
        """Open a folder, or make it. Raises StorageUnavailable when it can't be written."""
        self._folder = folder
        self._unfinished = folder / _UNFINISHED
        with self._failures():
            self._unfinished.mkdir(parents=True, exist_ok=True)
            self._remove_abandoned()
            probe = self._new_file()
            probe.touch()
            probe.unlink()

    def put(self, key: str, image: bytes) -> None:
        path = self._path(key)
        unfinished = self._new_file()
        with self._failures():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with unfinished.open("xb") as file:
                    file.write(image)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        with self._failures():
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        path = self._path(key)
        with self._failures():
            try:
                path.unlink()
            except FileNotFoundError:
                return
            _sync_folder(path.parent)

    def _path(self, key: str) -> Path:
        require_key(key)  # it leads to no folder of `..`, nor to that of the unfinished files
        return self._folder / key

    def _new_file(self) -> Path:
        return self._unfinished / secrets.token_hex(8)

    def _remove_abandoned(self) -> None:
        """Clear what a process that was killed left half written; another may be at work."""
        oldest = time.time() - _ABANDONED_SECONDS
        for file in self._unfinished.iterdir():
            with suppress(FileNotFoundError):  # finished meanwhile
                if file.stat().st_mtime < oldest:
                    file.unlink()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Without the cause: its text has the file's path, and so the record's id, for the log.
            reason = error.strerror or type(error).__name__
            raise StorageUnavailable(f"{self._folder} can't be used: {reason}.") from None


def _sync_folder(folder: Path) -> None:
    """Make a renaming or a removal durable: it's the folder that changed (fsync(2), Notes)."""
    if os.name == "nt":  # a folder can't be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
