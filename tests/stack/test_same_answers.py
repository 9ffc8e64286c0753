"""The package reads as the source does with the wheels as they come, and with nothing compiled."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stack.conftest import HOST_ARCHITECTURE, PROJECT, run_tool
from tests.stack.thousand_images import draw_images

INSTALL: Final = """
import sys
from pathlib import Path
from lambda_package.wheels import install_wheels
install_wheels(Path("requirements/predictor.txt"), sys.argv[1], Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def stock_wheels(build_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the packages are made of, before anything is taken out."""
    del build_folder  # it makes the packager's environment
    folder = tmp_path_factory.mktemp("wheels")
    python = str(PROJECT / ".venv-package/bin/python")
    environment = dict(os.environ)
    run_tool(python, "-c", INSTALL, HOST_ARCHITECTURE, str(folder), environment=environment)
    return folder


def read_images(python: Path, images: Path, *folders: Path) -> list[dict[str, Any]]:
    """What is read in a folder of images, with nothing but these folders on the import path."""
    result = subprocess.run(
        [python, "-S", "-W", "error", PROJECT / "tests/stack/reading.py", images],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.slow
def test_packages_read_a_thousand_images_as_the_source_does_on_stock_wheels(
    build_folder: Path, stock_wheels: Path, lambda_python: Path, tmp_path: Path
) -> None:
    images = draw_images()
    source = shutil.copytree(
        PROJECT / "functions/recognition",
        tmp_path / "source/recognition",
        ignore=shutil.ignore_patterns("*.so"),
    )
    folder = tmp_path / "images"
    folder.mkdir()
    for index, image in enumerate(images):
        (folder / f"{index:04}").write_bytes(image)
    expected = read_images(lambda_python, folder, source.parent, stock_wheels)
    kinds = Counter(each.get("outcome", each.get("error")) for each in expected)
    print(f"{len(images)} images: {dict(kinds)}")
    assert len(expected) >= 1000
    assert all(kinds[kind] >= 20 for kind in ("digit", "not_a_digit", "blank", "CorruptImage"))
    for function in ("ApiFunction", "Predictor"):
        assert read_images(lambda_python, folder, build_folder / function) == expected
