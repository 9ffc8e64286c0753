"""`slim`: take out of installed wheels what a function never opens.

    python -m lambda_package.slimming --web FOLDER

A smaller package is fetched and mounted sooner at a cold start. The command is for the container
(`Dockerfile`), which serves by the same code.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lambda_package.errors import PackageError

LITERT_FILES: Final = (
    "__init__.py",
    "_pywrap_litert_interpreter_wrapper.so",
    "interpreter.py",
    "libpywrap_litert_common.so",
    "metrics_interface.py",
    "metrics_portable.py",
)
"""All that LiteRT's interpreter imports or links. The rest is converters, graphics processors,
other makers' chips, and a second runtime that its `__init__` loads wherever it finds it."""

BOTOCORE_DATA: Final = (
    "_retry.json",
    "dynamodb",
    "endpoints.json",
    "partitions.json",
    "s3",
    "sdk-default-configuration.json",
    "sqs",
)
"""All that botocore reads for the services that the functions call. The other 400 are most of its
30 MB. What is left is 9 MB with its bytecode, 3 MB in the zip, and makes two clients in 0.3 s.
Lambda's own boto3 takes as long, or 0.65 s if it comes without bytecode."""

PILLOW_PLUGINS: Final = (
    "BmpImagePlugin.py",
    "GifImagePlugin.py",
    "JpegImagePlugin.py",
    "PngImagePlugin.py",
    "TiffImagePlugin.py",
    "WebPImagePlugin.py",
)
"""The formats that the functions read; and TIFF, by which Pillow reads any format's EXIF. Whoever
asks Pillow for all that it has gets these."""

UNUSED: Final = (
    # numpy: its tests, what extensions are compiled with, and what it imports once it's asked for.
    "numpy/**/tests",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/_core/_*_tests.*",
    "numpy/_core/_simd.*",
    "numpy/core",
    "numpy/ctypeslib",
    "numpy/f2py",
    "numpy/fft",
    "numpy/lib/recfunctions.py",
    "numpy/ma/testutils.py",
    "numpy/polynomial",
    "numpy/random",
    "numpy/testing",
    # Pillow: AVIF, fonts, colour management, formulas and windows, each with the libraries that it
    # alone links (readelf -d PIL/*.so pillow.libs/*).
    "PIL/_avif.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingft.*",
    "PIL/_imagingmath.*",
    "PIL/_imagingmorph.*",
    "PIL/_imagingtk.*",
    "PIL/*Font*.py",
    "PIL/ImageCms.py",
    "PIL/ImageDraw*.py",
    "PIL/ImageGrab.py",
    "PIL/ImageMath.py",
    "PIL/ImageMorph.py",
    "PIL/ImageQt.py",
    "PIL/ImageShow.py",
    "PIL/ImageText.py",
    "PIL/ImageTk.py",
    "PIL/ImageWin.py",
    "PIL/Pdf*.py",
    "PIL/PSDraw.py",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/liblcms2-*",
    "pillow.libs/libpng16-*",
    # Everyone's: types for checkers, scripts, and pip's own notes, which name this machine's
    # folders. The names and licences in *.dist-info stay.
    "**/*.pyi",
    "**/py.typed",
    "bin",
    "*.dist-info/INSTALLER",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
)

UNUSED_OF_AWS: Final = (
    # boto3: its resources, which are another way to call a service.
    "boto3/data",
    "boto3/dynamodb",
    "boto3/examples",
    # What botocore has of dateutil is dates as text: no calendars, no zones of its own.
    "dateutil/rrule.py",
    "dateutil/zoneinfo",
    "s3transfer/processpool.py",
    "urllib3/contrib/emscripten",
)

UNUSED_BY_WEB: Final = (
    # Pydantic: what it was before. FastAPI imports all of it, to tell its models from today's, and
    # does without where it isn't there.
    "pydantic/v1",
    "pydantic/experimental",
    "pydantic/mypy.py",
    # FastAPI offline: the documentation that isn't Swagger UI.
    "fastapi_offline/static/redoc*",
    # Instructions to the assistants of programmers.
    "fastapi/.agents",
    "starlette/testclient.py",
    # Another event loop, and what resolves names: the functions wait for nobody but boto3.
    "anyio/_backends/_trio.py",
    "anyio/pytest_plugin.py",
    "idna",
    # Other systems.
    "psutil/_psaix.py",
    "psutil/_psbsd.py",
    "psutil/_psosx.py",
    "psutil/_pssunos.py",
    "psutil/_pswindows.py",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lambda_package.slimming")
    parser.add_argument("folder", type=Path, help="with the wheels installed in it")
    parser.add_argument("--web", action="store_true", help="the web framework is among them")
    parser.add_argument("--aws", action="store_true", help="boto3 is among them")
    arguments = parser.parse_args()
    try:
        slim(arguments.folder, web=arguments.web, aws=arguments.aws)
    except PackageError as error:
        sys.exit(str(error))


def slim(folder: Path, *, web: bool, aws: bool = True) -> None:
    """Remove what isn't needed from the wheels in a folder.

    Args:
        web: whether the web framework is among them.
        aws: whether boto3 is.

    Raises:
        PackageError: a pattern matches nothing: a new release has moved things.
    """
    _leave(folder / "ai_edge_litert", LITERT_FILES)
    _leave(folder / "PIL", PILLOW_PLUGINS, "*ImagePlugin.py")
    if aws:
        _leave(folder / "botocore/data", BOTOCORE_DATA)
    for pattern in (*UNUSED, *(UNUSED_OF_AWS if aws else ()), *(UNUSED_BY_WEB if web else ())):
        paths = list(folder.glob(pattern))
        if not paths:
            raise PackageError(f"No file in the wheels is called {pattern}: see {__name__}.")
        for path in paths:
            _remove(path)


def _leave(folder: Path, names: Sequence[str], among: str = "*") -> None:
    """Remove everything but these from a folder, or from its files of a kind.

    Raises PackageError.
    """
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise PackageError(f"{folder.name} no longer has {', '.join(missing)}: see {__name__}.")
    for path in folder.glob(among):
        if path.name not in names:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
