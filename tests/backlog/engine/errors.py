"""What ends a state: an error that the machine may retry, or a definition that is beyond us."""

from typing import Any, Final

TASK_FAILED: Final = "States.TaskFailed"
ALL: Final = "States.ALL"

UNCATCHABLE: Final = {"States.DataLimitExceeded", "States.Runtime"}
"""`States.ALL` is not for these (the specification's appendix A, and AWS's guide)."""


class Unsupported(Exception):
    """The definition uses what this engine does not know."""


class Ended(Exception):
    """A workflow ended before its end."""

    position: tuple[str, Any] = ("", None)
    """The state that it ended in, and that state's input."""


class StateFailed(Ended):
    """A state ended in an error; States Language's name for it, and what there is to say."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error
        self.cause = cause


class Stopped(Ended):
    """Somebody stopped the execution."""


def matches(names: list[str], error: str) -> bool:
    """Whether a retrier that lists these names is for an error."""
    if error in names:
        return True
    if error in UNCATCHABLE:
        return False
    return ALL in names or (TASK_FAILED in names and error != "States.Timeout")


def require_known(node: dict[str, object], known: set[str], place: str) -> None:
    """Raises Unsupported for a field that this engine would have to pass over."""
    if unknown := node.keys() - known - {"Comment"}:
        raise Unsupported(
            f"{place} has {', '.join(sorted(unknown))}: the engine knows no such thing"
        )
