"""`follow`: tells how far a backlog is until it is over, and then what came of it."""

import time
from collections.abc import Callable
from typing import Any, Final

from backlog.runs import START_ANOTHER, SUCCEEDED, UNDER_WAY, Progress, Run, State

POLL_SECONDS: Final = 5.0

_NO_ANSWER: Final = ("unreadable", "failed")


def follow(run: Run, tell: Callable[[str], Any], poll_seconds: float = POLL_SECONDS) -> bool:
    """Tell of a run whenever it has got further. Returns whether it came to its end.

    Raises what boto3 raises, and KeyboardInterrupt.
    """
    told = Progress()
    while True:
        state = run.read_state()
        progress = run.read_progress()
        if progress != told:
            tell(describe_progress(progress))
            told = progress
        if state.status not in UNDER_WAY:
            tell(describe_end(run.name, state, progress))
            return state.status == SUCCEEDED
        time.sleep(poll_seconds)


def describe_progress(progress: Progress) -> str:
    failed = f", {progress.failed:,} failed for now" if progress.failed else ""
    return f"{progress.read:,} of {progress.total:,} images{failed}"


def describe_end(name: str, state: State, progress: Progress) -> str:
    """The counts and where the tables are; or why it ended, and how to go on."""
    if state.status != SUCCEEDED:
        word = {"ABORTED": "was stopped", "TIMED_OUT": "ran out of time"}.get(
            state.status, "failed"
        )
        why = f": {state.error}" if state.error else ""
        further = START_ANOTHER if state.is_read else f"Go on with it: make backfill RESUME={name}"
        return f"{name} {word}{why.removesuffix('.')}. {further}"
    summary = state.summary or {}
    counts = summary["counts"]
    lines = [f"{name} is read: {summary['images']:,} images."]
    lines += [f"  {number:>9,}  {outcome}" for outcome, number in counts.items()]
    if summary["images"] != progress.total:
        lines.append(
            f"The tables have {summary['images']:,} rows, and there were {progress.total:,} images."
        )
    lines.append(f"Results:  s3://{summary['bucket']}/{summary['results']}")
    if any(counts.get(outcome) for outcome in _NO_ANSWER):
        lines.append(f"Failures: s3://{summary['bucket']}/{summary['failures']}")
    return "\n".join(lines)
