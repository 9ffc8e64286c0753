"""`compile_wheels`, `compile_sources`: bytecode, which the Lambda takes as it is."""

import compileall
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

from lambda_package.errors import PackageError

LAMBDA_ROOT: Final = "/var/task"
"""Where Lambda mounts a package, read-only: without bytecode in it, every cold start compiles."""


READ_THEMSELVES: Final = {"anyio/__init__.py", "anyio/abc/__init__.py"}
"""Modules that read their own source when they are imported: anyio's find in it what they need not
import yet. Without it they import everything, and the API starts 15 ms later."""


def compile_wheels(folder: Path) -> None:
    """Put bytecode in the place of .py files, where both would be half as large again.

    A traceback still names other people's files and lines, and the lists say of which versions.

    Raises:
        PackageError: a file does not compile.
    """
    _compile(folder, instead=True)
    for source in folder.rglob("*.py"):
        read = source.relative_to(folder).as_posix() in READ_THEMSELVES
        (source.with_suffix(".pyc") if read else source).unlink()


def compile_sources(folder: Path) -> None:
    """Put bytecode beside every .py file, whose lines a traceback shows.

    Raises:
        PackageError: a file does not compile.
    """
    _compile(folder, instead=False)


def _compile(folder: Path, *, instead: bool) -> None:
    """Compile for the running Python and no other, to where it looks for bytecode.

    It is never checked against its source (PEP 552, unchecked-hash): timestamps don't outlive a
    zip, and hashing costs what bytecode saves.
    """
    if not compileall.compile_dir(
        folder,
        quiet=1,
        force=True,
        legacy=instead,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(folder),
        prependdir=LAMBDA_ROOT,
    ):
        raise PackageError("A source in the package does not compile.")
