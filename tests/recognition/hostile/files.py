"""`HostileFile`: a name, how it must end, and how it is made; and `hostile`, which lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recognition.errors import ImageError

Build = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class HostileFile:
    name: str
    expected: type[ImageError] | None
    """The error that it ends in; None for an image that is read."""
    build: Build


FILES: Final[list[HostileFile]] = []
"""Every file of this package, once its modules are imported."""


def hostile(expected: type[ImageError] | None = None) -> Callable[[Build], Build]:
    """List what a function builds under the function's name."""

    def add(build: Build) -> Build:
        FILES.append(HostileFile(build.__name__.replace("_", " "), expected, build))
        return build

    return add
