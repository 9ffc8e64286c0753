"""Shared libraries in the package, of which only what is loaded is left."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.stack.conftest import PROJECT, run_tool

STRIP: Final = """
import sys
from pathlib import Path
from elftools.elf.elffile import ELFFile
from lambda_package.stripping import strip_libraries

def read(library):
    with library.open("rb") as file:
        elf = ELFFile(file)
        segments = []
        for segment in elf.iter_segments():
            # The first holds the file's header, which says that there are no sections.
            start = 0 if segment["p_offset"] else elf["e_ehsize"]
            segments.append((dict(segment.header), segment.data()[start:]))
        return segments, elf.num_sections()

folder = Path(sys.argv[1])
libraries = sorted(folder.rglob("*.so"))
before = [read(library) for library in libraries]
strip_libraries(folder)
after = [read(library) for library in libraries]
assert [segments for segments, _ in before] == [segments for segments, _ in after]
assert all(sections > 0 for _, sections in before)
assert all(sections == 0 for _, sections in after)
"""

LOAD: Final = """
import ctypes, os, sys
for library in sys.argv[1:]:
    ctypes.CDLL(library, mode=os.RTLD_NOW)
"""


@pytest.mark.slow
def test_every_segment_stays_as_it_is(build_folder: Path, tmp_path: Path) -> None:
    del build_folder  # it makes the packager's environment
    wheels = Path(np.__file__).parents[1]
    for name in ("numpy/_core", "numpy.libs", "ai_edge_litert"):
        shutil.copytree(wheels / name, tmp_path / name)
    before = sum(path.stat().st_size for path in tmp_path.rglob("*.so"))
    python = str(PROJECT / ".venv-package/bin/python")
    run_tool(python, "-c", STRIP, str(tmp_path), environment=dict(os.environ))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.so")) < before - 4e6


@pytest.mark.slow
def test_every_library_in_the_package_loads(package: Path, lambda_python: Path) -> None:
    libraries = list(package.rglob("*.so*"))
    result = subprocess.run(
        [lambda_python, "-I", "-c", LOAD, *libraries], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
