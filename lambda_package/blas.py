"""`replace_blas`: our own few loops where NumPy's wheel has OpenBLAS.

NumPy won't be imported without a library of that name, and multiplies with it; the recogniser takes
one product of two short rows. OpenBLAS is a quarter of the package, and starts threads. There is no
wheel of NumPy without it, and to build one for another processor takes a toolchain for it. So what
NumPy links of BLAS is `blas.cpp`, compiled at each build by a compiler that comes as a wheel and
knows both processors: a committed binary would be smaller than that, and nobody could read it.
"""

import shutil
from pathlib import Path
from typing import Final

from lambda_package.compiler import compile_library
from lambda_package.elf import read_exports, read_imports
from lambda_package.errors import PackageError

SOURCE: Final = Path(__file__).with_name("blas.cpp")
NO_LAPACK: Final = Path(__file__).with_name("no_lapack.py")
OPTION: Final = "-ffp-exception-behavior=maytrap"
"""Nothing is computed before it is asked for: NumPy looks at the processor's flags afterwards, and
would warn of what came of memory that was never written."""


def replace_blas(folder: Path, architecture: str) -> None:
    """Put our BLAS in the place of NumPy's, and a clear refusal in the place of LAPACK.

    Args:
        folder: with NumPy's wheel installed in it.
        architecture: that the wheel is for.

    Raises:
        PackageError: NumPy's wheel is not as we know it, or asks for more than we have.
    """
    algebra = list(folder.glob("numpy/linalg/*.so"))
    libraries = list(folder.glob("numpy.libs/libscipy_openblas64_-*.so"))
    if {path.name.partition(".")[0] for path in algebra} != {"_umath_linalg", "lapack_lite"}:
        raise PackageError(f"numpy.linalg's extensions are others: see {__name__}.")
    if len(libraries) != 1:
        raise PackageError(f"NumPy's wheel has another BLAS: see {__name__}.")
    (library,) = libraries
    for path in algebra:
        path.unlink()
    shutil.copyfile(NO_LAPACK, folder / "numpy/linalg/_umath_linalg.py")
    sought = set().union(*(read_imports(path) for path in folder.rglob("*.so")))
    sought &= read_exports(library)
    compile_library(SOURCE, library, architecture, options=[OPTION])
    if missing := sought - read_exports(library):
        raise PackageError(f"{SOURCE.name} lacks {', '.join(sorted(missing))}, which NumPy links.")
