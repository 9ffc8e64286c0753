"""A process that keeps, labels and removes what it can, says what it did, and gets killed."""

import random
from dataclasses import replace
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from storage.archive import Archive
from storage.folder import FolderImages
from storage.records import new_label
from storage.sqlite import SqliteRecords
from tests.storage.conftest import make_record

THREADS = 4


def draw(record_id: str) -> bytes:
    """An image that its record's id tells, of up to 20 kB."""
    seed = sha256(record_id.encode()).digest()
    return seed * (1 + int.from_bytes(seed[:2]) % 640)


def write(folder: Path, told: Connection) -> None:
    """Work until killed. Each word goes out in one piece: what it will do, and what it has done."""
    archive = Archive(SqliteRecords(folder / "records.sqlite"), FolderImages(folder / "images"))

    def work() -> None:
        choose = random.Random()
        while True:
            record = replace(make_record(), model=choose.choice(["short", "a longer name" * 100]))
            archive.keep(record, draw(record.id))
            told.send(("kept", record.id))
            if choose.random() < 0.3:
                archive.label(record.id, new_label(3, trusted=False))
                told.send(("labelled", record.id))
            if choose.random() < 0.2:
                told.send(("removing", record.id))
                archive.remove(record.id)
                told.send(("removed", record.id))

    threads = [Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
