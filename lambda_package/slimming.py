"""`slim`: take out of installed wheels what a function never opens.

A smaller package is fetched and mounted sooner at a cold start.
"""

import shutil
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

UNUSED: Final = (
    # numpy: its tests, and what extensions are compiled with.
    "numpy/**/tests",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/f2py",
    # Pillow: AVIF, fonts, colour management and windows, each with the libraries that it alone
    # links (readelf -d PIL/*.so pillow.libs/*).
    "PIL/_avif.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingft.*",
    "PIL/_imagingtk.*",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/liblcms2-*",
    "pillow.libs/libpng16-*",
    # FastAPI offline: the documentation that isn't Swagger UI.
    "fastapi_offline/static/redoc*",
    # Everyone's: types for checkers, scripts, and pip's own notes, which name this machine's
    # folders. The names and licences in *.dist-info stay.
    "**/*.pyi",
    "**/py.typed",
    "bin",
    "*.dist-info/INSTALLER",
    "*.dist-info/RECORD",
    "*.dist-info/REQUESTED",
)


def slim(folder: Path) -> None:
    """Remove what isn't needed from the wheels in a folder.

    Raises:
        PackageError: a pattern matches nothing: a new release has moved things.
    """
    litert = folder / "ai_edge_litert"
    missing = [name for name in LITERT_FILES if not (litert / name).is_file()]
    if missing:
        raise PackageError(f"LiteRT no longer has {', '.join(missing)}: see {__name__}.")
    for path in litert.iterdir():
        if path.name not in LITERT_FILES:
            _remove(path)
    for pattern in UNUSED:
        paths = list(folder.glob(pattern))
        if not paths:
            raise PackageError(f"No file in the wheels is called {pattern}: see {__name__}.")
        for path in paths:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
