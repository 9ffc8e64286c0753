"""What a running server holds: for one large image after another, and once they are answered."""

import platform
import random
from pathlib import Path
from typing import Final

import pytest

from tests.recognition.hostile import FILES
from tests.server_process import Process, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        platform.libc_ver()[0] != "glibc" or not Path("/proc/self/clear_refs").exists(),
        reason="memory is measured by Linux's /proc, and given back by glibc",
    ),
]

LARGEST: Final = (
    "webp lossless 25 megapixels",
    "webp lossless with alpha 25 megapixels",
    "webp lossy with alpha 22 megapixels",
    "jpeg progressive with all colours 25 megapixels",
    "jpeg of 20 scans of 25 megapixels",
    "png rgba 25 megapixels",
    "png rgba 25 megapixels in the longest rows",
    "gif transparent and to be restored 25 megapixels",
)
MOST_MEBIBYTES: Final = 288
"""The 256 that the core alone is held to, and what a server is besides: web framework, stores."""
MOST_LEFT: Final = 24
"""Mebibytes more than before the first image: of libraries what has been used by then, caches."""


def measure(server: Process, field: str) -> int:
    """Mebibytes: `VmRSS`, what is resident, or `VmHWM`, the most that was."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) // 1024


def forget_peak(server: Process) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # proc_pid_clear_refs(5)


def test_each_large_image_finds_as_much_room_as_the_first_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    images = {file.name: file.build() for file in FILES if file.name in LARGEST}
    assert len(images) == len(LARGEST)
    names = list(LARGEST) * 3  # each after each other: what one left was in the next one's way
    random.Random(7).shuffle(names)
    with running(tmp_path, "--rate", "0") as server:
        before = measure(server, "VmRSS")
        for name in names:
            forget_peak(server)
            server.request("/api/recognitions", images[name])
            assert measure(server, "VmHWM") < MOST_MEBIBYTES, name
        assert measure(server, "VmRSS") < before + MOST_LEFT
