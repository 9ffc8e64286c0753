"""`compile_library`: C++ to a shared library, for either of the Lambda's processors."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from lambda_package.errors import PackageError
from lambda_package.wheels import MACHINES

_OPTIONS: Final = (
    *("-shared", "-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror"),
    # Nothing but its own code: no library of C's or C++'s is linked, nor anything of this machine.
    *("-nostdlib", "-nostdinc++", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-s"),
    # A sum is what the source says on every processor. Complex products by the schoolbook's rule.
    *("-ffp-contract=off", "-fcx-limited-range"),
)


def compile_library(
    source: Path,
    library: Path,
    architecture: str,
    *,
    options: Collection[str] = (),
    versions: Collection[str] = (),
) -> None:
    """Compile one file, by the same name over an old library if there is one. The same source and
    compiler give the same bytes, on whatever machine.

    Args:
        options: more of the compiler's.
        versions: that others link by. The loader takes a symbol without one for any.

    Raises:
        PackageError: it does not compile; the compiler says why on standard error.
    """
    command = [sys.executable, "-m", "ziglang", "c++"]
    command += ["-target", f"{MACHINES[architecture]}-linux-gnu", *_OPTIONS, *options]
    command += [f"-Wl,-soname,{library.name}", "-o", str(library.resolve()), source.name]
    with tempfile.TemporaryDirectory() as cache:
        if versions:
            script = Path(cache) / "versions"
            script.write_text("".join(f"{version} {{ }};\n" for version in sorted(versions)))
            command += [f"-Wl,--version-script={script}"]
        folders = dict.fromkeys(("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), cache)
        environment = {**os.environ, **folders}
        compiled = subprocess.run(  # noqa: S603 - our own words
            command, cwd=source.parent, env=environment, check=False
        )
    if compiled.returncode != 0:
        raise PackageError(f"{source.name} could not be compiled.")
