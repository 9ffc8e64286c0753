"""`python -m lambda_package FUNCTION ARCHITECTURE FOLDER`: put a function's package together."""

import argparse
import sys
from pathlib import Path

from lambda_package.blas import replace_blas
from lambda_package.bytecode import compile_sources, compile_wheels
from lambda_package.drawing import compile_drawing
from lambda_package.errors import PackageError
from lambda_package.slimming import slim
from lambda_package.sources import CONTENTS, copy_sources
from lambda_package.stamping import stamp
from lambda_package.stripping import strip_libraries
from lambda_package.unused_libraries import replace_unused_libraries
from lambda_package.wheels import MACHINES, install_wheels


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m lambda_package", description=__doc__)
    parser.add_argument("function", choices=CONTENTS, help="its name in template.yaml")
    parser.add_argument("architecture", choices=MACHINES, help="that the function will run on")
    parser.add_argument("folder", type=Path, help="for the package: empty, or still to be made")
    arguments = parser.parse_args()
    try:
        build(arguments.function, arguments.architecture, arguments.folder)
    except PackageError as error:
        sys.exit(str(error))


def build(function: str, architecture: str, folder: Path) -> None:
    """Fill a folder with everything that a function needs, on the Python that runs this.

    Raises PackageError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PackageError(f"{folder} is not empty.")
    contents = CONTENTS[function]
    if contents.requirements is not None:
        install_wheels(contents.requirements, architecture, folder)
        slim(folder, web=contents.web)
        replace_blas(folder, architecture)
        replace_unused_libraries(folder, architecture)
        strip_libraries(folder)
        compile_wheels(folder)
    copy_sources(function, folder)
    if (recognition := folder / "recognition").exists():
        compile_drawing(recognition, architecture)
    compile_sources(folder)
    stamp(folder)


if __name__ == "__main__":
    main()
