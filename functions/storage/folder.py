"""`FolderImages`: images as files in a folder."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from storage.errors import InvalidKey, StorageUnavailable

_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""No segment begins with a point, so none is `..`, and none is the folder of unfinished files."""
_MAX_KEY: Final = 200
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
        if len(key) > _MAX_KEY or _KEY.fullmatch(key) is None:
            raise InvalidKey("An image's key has a form that no store takes.")
        return self._folder / key

    def _new_file(self) -> Path:
        return self._unfinished / secrets.token_hex(8)

    def _remove_abandoned(self) -> None:
        """Clear what a process that was killed left half written; another may be at work."""
        oldest = time.time() - _ABANDONED_SECONDS
        for file in self._unfinished.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageUnavailable(f"{self._folder} can't be used: {reason}.") from error


def _sync_folder(folder: Path) -> None:
    """Make a renaming or a removal durable: it's the folder that changed (fsync(2), Notes)."""
    if os.name == "nt":  # a folder can't be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
