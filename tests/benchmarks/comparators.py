"""The programs that are measured beside each other, and how each is put together.

*Inkling* is what `make build` makes. *Plain* is the tutorial's API beside stock wheels, as `pip
install --target` leaves them. The *floor* has Inkling's own package and no framework, *Keras* the
environment of `make bench`. *Bare Python* does nothing.
"""

import os
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
    python: Path
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
    python: Path
    """Lambda's own version, with nothing installed: whatever runs brings all that it imports."""

    @property
    def package(self) -> Path:
        return self.folder / "lambda/ApiFunction"

    @property
    def predictor(self) -> Path:
        return self.folder / "lambda/Predictor"

    @property
    def rehearsal(self) -> Path:
        return self.folder / "lambda/Rehearsal"

    @property
    def plain(self) -> Path:
        return self.folder / "plain"

    @property
    def served(self) -> Path:
        """The tutorial's programs alone, for an environment that has what they import."""
        return self.folder / "served"

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
            Program(BARE, "programs.bare.handler", (self.floor,), self.python),
            Program(
                FLOOR,
                "programs.floor.handler",
                (self.floor, self.package),
                self.python,
                environment=blas,
            ),
            Program(INKLING, "api.handler.handler", (self.package,), self.python, blas),
            Program(
                PLAIN,
                "programs.plain.handler",
                (self.plain,),
                self.python,
                json_path="/api/recognitions/json",
            ),
            Program(
                KERAS,
                "programs.keras_api.handler",
                (self.served,),
                Path(sys.executable),
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
                self.python,
                environment=environment,
            ),
            Program(
                INKLING, "predictor.handler.handler", (self.predictor,), self.python, environment
            ),
        ]

    @property
    def staged(self) -> Program:
        """Inkling's API, and its stages beside it."""
        environment = {"OPENBLAS_NUM_THREADS": "1"}
        folders = (self.floor, self.package)
        return Program(INKLING, "programs.stages.handler", folders, self.python, environment)


def build_all(folder: Path, *, tutorial: bool) -> Built:
    """Build what isn't there yet, and Inkling's own package in any case.

    Args:
        folder: for all of it.
        tutorial: whether to build plain and Keras, whose network takes a minute to train.

    Raises:
        BuildFailed: something could not be; the reason is on standard error.
    """
    built = Built(folder, find_lambda_python())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "lambda", ignore_errors=True)
    run("make", "--no-print-directory", "build", f"BUILD_FOLDER={folder / 'lambda'}")
    if not STACK_PYTHON.exists():
        raise BuildFailed(f"{STACK_PYTHON} is missing: `make bench` makes it.")
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
