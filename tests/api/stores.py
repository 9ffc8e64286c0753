"""Stores that don't do what they should."""

import threading
from pathlib import Path
from typing import NoReturn

from storage.errors import StorageUnavailable
from storage.folder import FolderImages
from storage.records import FinishedRecord, Label, Page, RecognitionRecord, Record


class BrokenRecords:
    """A store that can't be reached. What it says is for the log alone."""

    def put(self, record: Record) -> None:
        self._fail()

    def add(self, record: Record) -> bool:
        self._fail()

    def settle(self, record: FinishedRecord) -> bool:
        self._fail()

    def get(self, record_id: str) -> Record | None:
        self._fail()

    def delete(self, record_id: str) -> Record | None:
        self._fail()

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        self._fail()

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        self._fail()

    def expired(self, limit: int) -> tuple[Record, ...]:
        self._fail()

    def _fail(self) -> NoReturn:
        raise StorageUnavailable("/secret/path can't be used: the disk is full.")


class SlowImages(FolderImages):
    """A folder that writes nothing until `go_on` is set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go_on = threading.Event()
        self.written = threading.Event()
        """Set once something is."""

    def put(self, key: str, image: bytes) -> None:
        self.go_on.wait(60)
        super().put(key, image)
        self.written.set()


class PickyImages(FolderImages):
    """A folder that fails for one image, whatever its key."""

    def __init__(self, folder: Path, refused: bytes) -> None:
        super().__init__(folder)
        self._refused = refused

    def put(self, key: str, image: bytes) -> None:
        if image == self._refused:
            raise StorageUnavailable("/secret/path can't be used: the disk is full.")
        super().put(key, image)
