"""`install_wheels`: a list into a folder, for the Lambda's processor and system and this Python."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from lambda_package.errors import PackageError

MACHINES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
"""Lambda's name for a processor to the name in a wheel's platform tag."""

# Amazon Linux 2023, which Lambda's Python 3.12 and later run on, has glibc 2.34. A wheel names the
# oldest glibc that it works with, and pip takes --platform to the letter.
_NEWEST_GLIBC: Final = 34
_OLDEST_GLIBC: Final = 17


def install_wheels(requirements: Path, architecture: str, folder: Path) -> None:
    """Install a list of pinned wheels.

    Args:
        requirements: a complete list with hashes: nothing is resolved.
        architecture: one of `MACHINES`; not necessarily this machine's.
        folder: becomes the root of the import path.

    Raises:
        PackageError: pip is missing, or failed; it says why on standard error.
    """
    version = ".".join(map(str, sys.version_info[:2]))
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile"]
    command += [f"--python-version={version}", "--implementation=cp"]
    command += [f"--platform={tag}" for tag in platform_tags(architecture)]
    command += ["--target", str(folder), "--requirement", str(requirements)]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - our own words
        raise PackageError(f"The wheels of {requirements.name} could not be installed.")


def platform_tags(architecture: str) -> list[str]:
    """The platform tags of the wheels that run on Lambda, the newest first."""
    machine = MACHINES[architecture]
    glibcs = range(_NEWEST_GLIBC, _OLDEST_GLIBC - 1, -1)
    return [*(f"manylinux_2_{glibc}_{machine}" for glibc in glibcs), f"manylinux2014_{machine}"]
