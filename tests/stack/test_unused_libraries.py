"""Pillow in the package, whose libraries for TIFF, JPEG 2000 and X do nothing."""

import subprocess
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from lambda_package.slimming import PILLOW_PLUGINS
from tests.conftest import encode_image

OPEN: Final = """
import importlib, sys
package, tiff, *plugins = sys.argv[1:]
sys.path.insert(0, package)
for plugin in plugins:
    importlib.import_module("PIL." + plugin)
from PIL import Image, TiffImagePlugin
picture = TiffImagePlugin.TiffImageFile(tiff)
print(picture.size, picture.getexif()[256])
try:
    picture.load()
except OSError:
    print("refused")
"""


@pytest.mark.slow
def test_a_format_that_nobody_reads_is_an_error_and_not_the_end(
    package: Path, lambda_python: Path, tmp_path: Path
) -> None:
    tiff = tmp_path / "packed.tiff"
    tiff.write_bytes(encode_image(Image.new("L", (30, 20)), "TIFF", compression="tiff_lzw"))
    plugins = [name.removesuffix(".py") for name in PILLOW_PLUGINS]
    command = [
        str(lambda_python),
        "-I",
        "-W",
        "error",
        "-c",
        OPEN,
        str(package),
        str(tiff),
        *plugins,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["(30, 20) 30", "refused"]
