"""`replace_unused_libraries`: next to nothing where Pillow links what no function here asks for.

Pillow's core won't be loaded without TIFF's library, JPEG 2000's and X's, each with others behind
it. No format that is read needs them, and Pillow's modules for what does are left out as well.
"""

import tempfile
from pathlib import Path
from typing import Final

from lambda_package.compiler import compile_library
from lambda_package.elf import read_exports, read_imports, read_versions
from lambda_package.errors import PackageError

REPLACED: Final = ("pillow.libs/libopenjp2-*", "pillow.libs/libtiff-*", "pillow.libs/libxcb-*")
BEHIND: Final = ("pillow.libs/libXau-*", "pillow.libs/liblzma-*", "pillow.libs/libzstd-*")
"""What they alone link."""

_VERSIONS: Final = {"TIFFGetVersion", "opj_version"}
"""Functions that Pillow calls as it is loaded, and takes a text from."""


def replace_unused_libraries(folder: Path, architecture: str) -> None:
    """Compile libraries of the same names, in which every function returns nothing.

    It's how most of the real ones say that they could not: Pillow makes errors of it.

    Args:
        folder: with Pillow's wheel installed in it.
        architecture: that the wheel is for.

    Raises:
        PackageError: Pillow's wheel is not as we know it.
    """
    replaced, behind = ([_find(folder, pattern) for pattern in each] for each in (REPLACED, BEHIND))
    for library in behind:
        library.unlink()
    linking = [path for path in folder.rglob("*.so*") if path not in replaced]
    sought = set().union(*(read_imports(path) for path in linking))
    for library in replaced:
        functions = sorted(sought & read_exports(library))
        versions = set().union(*(read_versions(path, library.name) for path in linking))
        with tempfile.TemporaryDirectory() as temporary:
            source = Path(temporary) / "nothing.cpp"
            source.write_text("".join(_write_function(name) for name in functions))
            compile_library(source, library, architecture, versions=versions)


def _find(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise PackageError(f"Pillow's wheel has not one {pattern}: see {__name__}.")
    return found[0]


def _write_function(name: str) -> str:
    value = '""' if name in _VERSIONS else "nullptr"
    visible = '__attribute__((visibility("default")))'
    return f'extern "C" {visible} const char *{name}() {{ return {value}; }}\n'
