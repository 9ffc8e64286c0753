"""`compile_drawing`: the recogniser's `drawing.cpp`, for a package.

`python -m lambda_package.drawing FOLDER` compiles it for this machine's processor.
"""

import argparse
import platform
import sys
from pathlib import Path

from lambda_package.compiler import compile_library
from lambda_package.errors import PackageError
from lambda_package.wheels import MACHINES


def compile_drawing(recognition: Path, architecture: str) -> None:
    """Put the library in the place of its source.

    Args:
        recognition: a copy of that folder.
        architecture: one of `MACHINES`.

    Raises:
        PackageError: it does not compile; the compiler says why on standard error.
    """
    source = recognition / "drawing.cpp"
    compile_library(source, recognition / "libdrawing.so", architecture)
    source.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lambda_package.drawing", description=__doc__)
    parser.add_argument("folder", type=Path, help="a copy of functions/recognition")
    arguments = parser.parse_args()
    names = {machine: name for name, machine in MACHINES.items()}
    try:
        if platform.machine() not in names:
            raise PackageError(f"There is no package for a processor like {platform.machine()}.")
        compile_drawing(arguments.folder, names[platform.machine()])
    except PackageError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
