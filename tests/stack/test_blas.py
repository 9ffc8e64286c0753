"""NumPy in the package, whose BLAS is `lambda_package/blas.cpp`."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.stack.conftest import PROJECT, run_tool
from tests.stack.products import multiply_all

PACKAGE_PYTHON: Final = PROJECT / ".venv-package/bin/python"
"""The environment that a build makes, and puts a package together in."""

COMPILE: Final = """
import sys
from pathlib import Path
from lambda_package.blas import SOURCE
from lambda_package.compiler import compile_library
for architecture in ("arm64", "x86_64"):
    folder = Path(sys.argv[1], architecture)
    folder.mkdir(parents=True)
    compile_library(SOURCE, folder / "blas.so", architecture)
"""

REPLACE: Final = """
import sys
from pathlib import Path
from lambda_package import blas
folder, source = map(Path, sys.argv[1:])
blas.SOURCE = source
try:
    blas.replace_blas(folder, "x86_64")
except blas.PackageError as error:
    sys.exit(str(error))
"""


def run_package_numpy(python: Path, package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-W", "error", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_products_are_those_of_the_wheel(
    package: Path, lambda_python: Path, tmp_path: Path
) -> None:
    random = np.random.default_rng(8)
    operands = {}
    for name in "fdFD":
        for index, shape in enumerate([(24, 32), (24, 32), (32,), (32,)]):
            parts = random.normal(size=(2, *shape))
            numbers = parts[0] + 1j * parts[1] if name in "FD" else parts[0]
            operands[f"{name}{index}"] = numbers.astype(name)
    np.savez(tmp_path / "operands.npz", **operands)
    script = str(PROJECT / "tests/stack/products.py")
    files = str(tmp_path / "operands.npz"), str(tmp_path / "results.npz")
    result = run_package_numpy(lambda_python, package, script, *files)
    assert result.returncode == 0, result.stderr
    expected = multiply_all(operands)
    assert len(expected) > 1000
    with np.load(tmp_path / "results.npz") as got:
        assert len(got) == len(expected)
        for index, right in enumerate(expected):
            ours = got[f"arr_{index}"]
            assert (ours.dtype, ours.shape) == (right.dtype, right.shape)
            # Sums of 32 products of about one, in whatever order.
            tolerance = 100 * np.finfo(right.dtype).eps
            np.testing.assert_allclose(ours, right, rtol=tolerance, atol=tolerance)


@pytest.mark.slow
def test_what_needs_lapack_says_so(package: Path, lambda_python: Path) -> None:
    invert = "import numpy; numpy.linalg.inv(numpy.eye(2))"
    result = run_package_numpy(lambda_python, package, "-c", invert)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last == "NotImplementedError: This package's NumPy has no LAPACK, which has inv."


@pytest.mark.slow
def test_package_is_refused_once_numpy_links_more(build_folder: Path, tmp_path: Path) -> None:
    del build_folder  # it makes the environment
    wheel = Path(np.__file__).parent
    for name in ("numpy/_core", "numpy/linalg", "numpy.libs"):
        shutil.copytree(wheel.parent / name, tmp_path / name)
    source = tmp_path / "blas.cpp"
    text = (PROJECT / "lambda_package/blas.cpp").read_text()
    source.write_text(text.replace("REAL_DOT(d, double)\n", ""))
    result = subprocess.run(
        [PACKAGE_PYTHON, "-c", REPLACE, tmp_path, source],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == "blas.cpp lacks scipy_cblas_ddot64_, which NumPy links.\n"


@pytest.mark.slow
def test_it_compiles_to_the_same_bytes_wherever(build_folder: Path, tmp_path: Path) -> None:
    del build_folder
    for name in ("here", "there"):
        environment = {**os.environ, "HOME": str(tmp_path / name)}
        run_tool(str(PACKAGE_PYTHON), "-c", COMPILE, str(tmp_path / name), environment=environment)
    for architecture in ("arm64", "x86_64"):
        first, second = (
            (tmp_path / name / architecture / "blas.so").read_bytes() for name in ("here", "there")
        )
        assert first == second
        assert str(PROJECT).encode() not in first
