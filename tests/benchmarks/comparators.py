"""The programs that are measured beside each other, and how each is put together.

*Inkling* is what `make build` makes. *Plain* is the tutorial's API beside stock wheels, as `pip
install --target` leaves them. The *floor* has Inkling's own package and no framework, *Keras* the
environment of `make model`. *Bare Python* does nothing.
"""

import compileall
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.benchmarks.network import FILES

PROJECT: Final = Path(__file__).parents[2]
STACK_PYTHON: Final = PROJECT / ".venv-stack/bin/python"
PROGRAMS: Final = Path(__file__).with_name("programs")
REQUIREMENTS: Final = PROJECT / "requirements"

INKLING: Final = "Inkling"
PLAIN: Final = "plain"
FLOOR: Final = "floor"
KERAS: Final = "Keras"
BARE: Final = "bare Python"

PYTHON: Final = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
"""Lambda's own version, with nothing installed: whatever runs brings all that it imports."""


class BuildFailed(Exception):
    """A comparator could not be built."""


@dataclass(frozen=True, slots=True)
class Program:
    """A function that can be started: its package, and how it's told apart."""

    name: str
    handler: str
    """Dotted, as Lambda has it."""
    folders: tuple[Path, ...]
    """Its import path; the first is its working directory."""
    python: Path = PYTHON
    environment: dict[str, str] = field(default_factory=dict)
    json_path: str = "/api/recognitions"
    """Where it takes a data URL in JSON."""

    def make_environment(self, *more: Path) -> dict[str, str]:
        """All of its variables, with folders at the end of the import path. /var/task is read-only:
        nobody keeps bytecode there."""
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (*self.folders, *more))),
            **self.environment,
        }


@dataclass(frozen=True, slots=True)
class Built:
    """Where everything lies."""

    folder: Path

    @property
    def package(self) -> Path:
        return self.folder / "lambda/ApiFunction"

    @property
    def predictor(self) -> Path:
        return self.folder / "lambda/Predictor"

    @property
    def plain(self) -> Path:
        return self.folder / "plain"

    @property
    def keras(self) -> Path:
        return self.folder / "keras"

    @property
    def floor(self) -> Path:
        return self.folder / "floor"

    @property
    def runtime(self) -> Path:
        """Lambda's client of its runtime, which is none of the function's package."""
        return self.folder / "runtime"

    @property
    def network(self) -> Path:
        return self.folder / "network"

    def list_apis(self, wanted: Iterable[str]) -> list[Program]:
        # As template.yaml has it for ours; what else it sets are names of stores.
        blas = {"OPENBLAS_NUM_THREADS": "1"}
        programs = [
            Program(BARE, "programs.bare.handler", (self.floor,)),
            Program(
                FLOOR,
                "programs.floor.handler",
                (self.floor, self.package),
                environment=blas,
            ),
            Program(INKLING, "api.handler.handler", (self.package,), environment=blas),
            Program(
                PLAIN,
                "programs.plain.handler",
                (self.plain,),
                json_path="/api/recognitions/json",
            ),
            Program(
                KERAS,
                "programs.keras_api.handler",
                (self.keras,),
                python=Path(sys.executable),
                environment={"TF_CPP_MIN_LOG_LEVEL": "3"},
                json_path="/api/recognitions/json",
            ),
        ]
        return [program for program in programs if program.name in set(wanted)]

    def list_predictors(self, account: dict[str, str]) -> list[Program]:
        """Args:
        account: variables by which they find their stores.
        """
        environment = {"OPENBLAS_NUM_THREADS": "1", **account}
        return [
            Program(
                FLOOR,
                "programs.floor_predictor.handler",
                (self.floor, self.predictor),
                environment=environment,
            ),
            Program(
                INKLING, "predictor.handler.handler", (self.predictor,), environment=environment
            ),
        ]


def build_all(folder: Path, *, network: bool) -> Built:
    """Build what isn't there yet, and Inkling's own package in any case.

    Args:
        folder: for all of it.
        network: whether to train the example network, which takes a minute.

    Raises:
        BuildFailed: something could not be; the reason is on standard error.
    """
    built = Built(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "lambda", ignore_errors=True)
    run("make", "--no-print-directory", "build", f"BUILD_FOLDER={folder / 'lambda'}", quiet=True)
    if not STACK_PYTHON.exists():
        raise BuildFailed(f"{STACK_PYTHON} is missing: `make bench` makes it.")
    install(REQUIREMENTS / "bench.txt", built.runtime, "--compile")
    install(REQUIREMENTS / "api.txt", built.plain, "--no-compile")
    model = built.package / "recognition/model/digits.tflite"
    lay_out(built.floor, "bare", "floor", "floor_predictor", model=model, compiled=True)
    if network:
        if not all((built.network / name).exists() for name in FILES):
            run(sys.executable, "-m", "tests.benchmarks.network", str(built.network), quiet=True)
        lay_out(built.plain, "plain", "tutorial", model=built.network / "network.tflite")
        kerases = built.network / "network.keras"
        lay_out(built.keras, "keras_api", "tutorial", model=kerases, compiled=True)
    return built


def install(requirements: Path, folder: Path, *options: str) -> None:
    """Install a pinned list into a folder, unless it's there, by pip as anybody calls it."""
    note = folder / ".installed"
    wanted = f"{platform.python_version()}\n{requirements.read_text(encoding='utf-8')}"
    if note.exists() and note.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--root-user-action=ignore", *options),
        *("--target", str(folder), "--requirement", str(requirements)),
        quiet=True,
    )
    note.write_text(wanted, encoding="utf-8")


def lay_out(folder: Path, *modules: str, model: Path, compiled: bool = False) -> None:
    """Copy programs into a package of their own, with their network; with bytecode or without."""
    target = folder / PROGRAMS.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for module in ("__init__", *modules):
        shutil.copy(PROGRAMS / f"{module}.py", target)
    shutil.copy(model, target)
    if compiled:
        compileall.compile_dir(target, quiet=1)


def run(*command: str, quiet: bool = False) -> None:
    """Run a command in the project's folder. Raises BuildFailed."""
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=quiet, text=True, check=False, env=build_environment()
    )
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} failed.\n{done.stdout or ''}{done.stderr or ''}")


def build_environment() -> dict[str, str]:
    """Without the interpreter's name, which `make bench` sets for its own environment alone."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"PYTHON", "MAKEFLAGS"}
    }
    return {**kept, "PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "functions")))}
