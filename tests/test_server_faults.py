"""The server on a laptop when the worst happens: killed as it works, or left without a disk."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import DrawDigit
from tests.server_process import Process, running

pytestmark = pytest.mark.slow

THOROUGH: Final = bool(os.environ.get("INKLING_THOROUGH"))
KILLS: Final = 200 if THOROUGH else 20
CLIENTS: Final = 4
URL: Final = "/api/recognitions"

Acknowledged = dict[str, bytes]
"""Each id that was answered as stored, to the image that was sent."""


class Load:
    """Clients that send images until their server is gone."""

    def __init__(self, server: Process, images: list[bytes]) -> None:
        self.acknowledged: Acknowledged = {}
        self._server = server
        self._images = images
        self._begun = threading.Semaphore(0)

    def run(self, seconds: float) -> None:
        """Send for so long after the first answer, and kill the server meanwhile."""
        with ThreadPoolExecutor(CLIENTS) as clients:
            sending = [clients.submit(self._send) for _ in range(CLIENTS)]
            self._begun.acquire()
            time.sleep(seconds)
            self._server.process.send_signal(signal.SIGKILL)
        for each in sending:
            each.result()

    def _send(self) -> None:
        with contextlib.suppress(OSError, HTTPException):  # half an answer is none
            while True:
                image = random.choice(self._images)
                answer = json.loads(self._server.request(URL, image))
                if answer["stored"]:
                    self.acknowledged[answer["id"]] = image
                self._begun.release()


def check(server: Process, acknowledged: Acknowledged) -> None:
    """All that was acknowledged is there, and is what was sent."""
    for record_id, image in acknowledged.items():
        assert json.loads(server.request(f"{URL}/{record_id}"))["id"] == record_id
        assert server.request(f"{URL}/{record_id}/image") == image


def test_what_was_acknowledged_outlasts_every_kill(tmp_path: Path, draw_digit: DrawDigit) -> None:
    images = [draw_digit(digit) for digit in range(10)]
    acknowledged: Acknowledged = {}
    last: Acknowledged = {}
    for _ in range(KILLS):
        with running(tmp_path, "--rate", "0") as server:
            assert server.url, "it did not open what the one before left"
            check(server, last)
            load = Load(server, images)
            load.run(random.uniform(0, 0.3))
            last = load.acknowledged
            acknowledged |= last
    assert len(acknowledged) > KILLS
    with running(tmp_path) as server:
        check(server, acknowledged)
        status, _, _ = server.stop()
    assert status == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{KILLS} kills, {len(acknowledged)} acknowledged, none lost")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 4 MB."""
    target = tmp_path / "disk"
    target.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("there is no mount: the disk was not filled")
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(target)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield target
    finally:
        subprocess.run(["umount", target], check=True)


def test_a_full_disk_costs_no_answer(small_disk: Path, draw_digit: DrawDigit) -> None:
    with running(small_disk / "data") as server:
        before = json.loads(server.request(URL, draw_digit(7)))
        assert before["stored"] is True
        fill(small_disk / "filler")
        for digit in range(10):
            answer = json.loads(server.request(URL, draw_digit(digit)))
            assert (answer["digit"], answer["stored"]) == (digit, False)
            with pytest.raises(urllib.error.HTTPError, match="404"):
                server.request(f"{URL}/{answer['id']}")
        check(server, {before["id"]: draw_digit(7)})
        (small_disk / "filler").unlink()
        after = json.loads(server.request(URL, draw_digit(3)))
        assert after["stored"] is True
        check(server, {before["id"]: draw_digit(7), after["id"]: draw_digit(3)})
        _, _, err = server.stop()
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert any("can't be used" in line.get("error", "") for line in lines)


def fill(path: Path) -> None:
    """Write until there is no room for a byte."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (65536, 1024, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\x01" * size):
                    pass
