import sys
from pathlib import Path

import pytest

from tests.benchmarks.building import BuildFailed, install, lay_out, run


def test_a_list_is_installed_once_and_again_when_it_changes(tmp_path: Path) -> None:
    """A pip of ours, which counts."""
    calls = tmp_path / "calls"
    pip = tmp_path / "python"
    pip.write_text(f'#!/bin/sh\necho "$*" >>"{calls}"\nmkdir -p "{tmp_path}/folder"\n')
    pip.chmod(0o755)
    requirements = tmp_path / "some.txt"
    for content in ("one", "one", "two"):
        requirements.write_text(content)
        install(pip, requirements, tmp_path / "folder", "--no-compile")
    lines = calls.read_text().splitlines()
    assert len(lines) == 2
    assert all("--no-compile" in line and "--require-hashes" in line for line in lines)


def test_programs_are_laid_out_with_their_network_and_without_bytecode(tmp_path: Path) -> None:
    model = tmp_path / "some.tflite"
    model.write_bytes(b"network")
    lay_out(tmp_path / "package", "plain", "tutorial", models=[model])
    found = {path.name for path in (tmp_path / "package/programs").iterdir()}
    assert found == {"__init__.py", "plain.py", "tutorial.py", "some.tflite"}


def test_what_fails_is_told_with_its_own_words() -> None:
    with pytest.raises(BuildFailed, match="no such luck"):
        run(sys.executable, "-c", "import sys; sys.exit('no such luck')")
