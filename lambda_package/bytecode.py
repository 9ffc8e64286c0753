"""`compile_sources`: bytecode beside every source, which the Lambda takes without a look at it."""

import compileall
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final

from lambda_package.errors import PackageError

LAMBDA_ROOT: Final = "/var/task"
"""Where Lambda mounts a package, read-only: without bytecode in it, every cold start compiles."""


def compile_sources(folder: Path) -> None:
    """Compile every .py file, for the running Python and no other.

    The bytecode is never checked against its source (PEP 552, unchecked-hash): timestamps don't
    outlive a zip, and hashing costs what bytecode saves.

    Raises:
        PackageError: a file does not compile.
    """
    if not compileall.compile_dir(
        folder,
        quiet=1,
        force=True,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(folder),
        prependdir=LAMBDA_ROOT,
    ):
        raise PackageError("A source in the package does not compile.")
