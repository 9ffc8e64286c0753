"""The programs that are measured beside each other, and where each lies.

*Inkling* is what `make build` makes. *Plain* is the tutorial's API beside stock wheels, as `pip
install --target` leaves them. The *floor* has Inkling's own package and no framework, *Keras* the
environment of `make bench`. *Bare Python* does nothing.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
PROGRAMS: Final = Path(__file__).with_name("programs")

INKLING: Final = "Inkling"
PLAIN: Final = "plain"
FLOOR: Final = "floor"
KERAS: Final = "Keras"
BARE: Final = "bare Python"


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
        """Those that are wanted, by their names."""
        programs = [
            Program(BARE, "programs.bare.handler", (self.floor,), self.python),
            Program(FLOOR, "programs.floor.handler", (self.floor, self.package), self.python),
            Program(INKLING, "api.handler.handler", (self.package,), self.python),
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
        """The predictor and its floor.

        Args:
            account: variables by which they find their stores.
        """
        return [
            Program(
                FLOOR,
                "programs.floor_predictor.handler",
                (self.floor, self.predictor),
                self.python,
                environment=account,
            ),
            Program(INKLING, "predictor.handler.handler", (self.predictor,), self.python, account),
        ]

    @property
    def staged(self) -> Program:
        """Inkling's API, and its stages beside it."""
        folders = (self.floor, self.package)
        return Program(INKLING, "programs.stages.handler", folders, self.python)
