"""Which of the project's own files go into which function."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Contents:
    requirements: Path | None
    """Without a list, it has what Lambda's own Python has, which is boto3."""
    folders: tuple[Path, ...]
    """Each becomes a folder of the same name at the package's root."""
    web: bool
    """Whether the web framework is in it."""


_PREDICTOR: Final = Contents(
    requirements=PROJECT / "requirements/predictor.txt",
    folders=(
        PROJECT / "functions/recognition",
        PROJECT / "functions/storage",
        PROJECT / "functions/predictor",
    ),
    web=False,
)

CONTENTS: Final = {
    "ApiFunction": Contents(
        requirements=PROJECT / "requirements/api.txt",
        folders=(
            PROJECT / "functions/recognition",
            PROJECT / "functions/storage",
            PROJECT / "functions/api",
            PROJECT / "frontend",
        ),
        web=True,
    ),
    "Predictor": _PREDICTOR,
    "Summary": _PREDICTOR,
    "Rehearsal": Contents(
        requirements=None,
        folders=(PROJECT / "functions/rehearsal", PROJECT / "frontend/examples"),
        web=False,
    ),
}
"""By the function's name in template.yaml."""


def copy_sources(function: str, folder: Path) -> None:
    """Copy a function's own folders to the root of its package, without what was compiled for the
    machine that does it."""
    for source in CONTENTS[function].folders:
        ignored = shutil.ignore_patterns("__pycache__", ".*", "*.so")
        shutil.copytree(source, folder / source.name, ignore=ignored)
