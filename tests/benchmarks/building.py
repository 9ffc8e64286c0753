"""`build_all`: put together what is measured, each in its own way."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.benchmarks.comparators import PROGRAMS, PROJECT, Built
from tests.benchmarks.network import FILES

STACK_PYTHON: Final = PROJECT / ".venv-stack/bin/python"
REQUIREMENTS: Final = PROJECT / "requirements"


class BuildFailed(Exception):
    """A comparator could not be built."""


def build_all(folder: Path, *, tutorial: bool) -> Built:
    """Build what isn't there yet, and Inkling's own package in any case.

    Args:
        folder: for all of it.
        tutorial: whether to build plain and Keras, whose network takes a minute to train.

    Raises:
        BuildFailed: something could not be; the reason is on standard error.
    """
    if not STACK_PYTHON.exists():
        raise BuildFailed(f"{STACK_PYTHON} is missing: `make bench` makes it.")
    built = Built(folder, find_lambda_python())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "lambda", ignore_errors=True)
    run("make", "--no-print-directory", "build", f"BUILD_FOLDER={folder / 'lambda'}")
    install(built.python, REQUIREMENTS / "bench.txt", built.runtime, "--compile")
    model = built.package / "recognition/model/digits.tflite"
    lay_out(built.floor, "bare", "floor", "floor_predictor", "stages", models=[model])
    compile_sources(built.python, built.floor)
    if tutorial:
        install(built.python, REQUIREMENTS / "api.txt", built.plain, "--no-compile")
        if not all((built.network / name).exists() for name in FILES):
            run(sys.executable, "-m", "tests.benchmarks.network", str(built.network))
        networks = [built.network / name for name in FILES]
        lay_out(built.plain, "plain", "tutorial", models=networks[1:])
        lay_out(built.served, "plain", "keras_api", "tutorial", models=networks)
        compile_sources(Path(sys.executable), built.served)
    return built


def find_lambda_python() -> Path:
    """Raises BuildFailed."""
    version = run("sh", "lambda_package/python-version.sh").strip()
    return Path(run("sh", "requirements/find-python.sh", version).strip())


def install(python: Path, requirements: Path, folder: Path, *options: str) -> None:
    """Install a pinned list into a folder, unless it's there, by pip as anybody calls it."""
    note = folder / ".installed"
    wanted = f"{python}\n{requirements.read_text(encoding='utf-8')}"
    if note.exists() and note.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    run(
        *(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--root-user-action=ignore", *options),
        *("--target", str(folder), "--requirement", str(requirements)),
    )
    note.write_text(wanted, encoding="utf-8")


def lay_out(folder: Path, *modules: str, models: Iterable[Path]) -> None:
    """Copy programs into a package of their own, with their networks."""
    target = folder / PROGRAMS.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for module in ("__init__", *modules):
        shutil.copy(PROGRAMS / f"{module}.py", target)
    for model in models:
        shutil.copy(model, target)


def compile_sources(python: Path, folder: Path) -> None:
    run(str(python), "-m", "compileall", "-q", str(folder))


def run(*command: str) -> str:
    """Run a command in the project's folder, and give what it printed. Raises BuildFailed."""
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False, env=build_environment()
    )
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} failed.\n{done.stdout}{done.stderr}")
    return done.stdout


def build_environment() -> dict[str, str]:
    """Without the interpreter's name, which `make bench` sets for its own environment alone."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"PYTHON", "MAKEFLAGS"}
    }
    return {**kept, "PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "functions")))}
