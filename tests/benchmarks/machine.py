"""On what, when and of what the figures are."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.comparators import PROJECT

PACKAGES: Final = (
    *("ai-edge-litert", "boto3", "fastapi", "keras", "mangum", "numpy", "pillow", "pydantic"),
    *("starlette", "tensorflow", "uvicorn"),
)


def describe_machine() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": ask_git("rev-parse", "--short", "HEAD"),
        "changed": bool(ask_git("status", "--porcelain", "--untracked-files=no")),
        "processor": find_processor(),
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average": list(os.getloadavg()),
        "versions": {name: found for name in PACKAGES if (found := find_version(name))},
    }


def find_processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.processor()


def find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def ask_git(*arguments: str) -> str:
    """Empty where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
