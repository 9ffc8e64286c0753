"""`Run`: one backlog, as Step Functions has it."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import NotResumable, read_code
from backlog.stack import Stack

RUNNING: Final = "RUNNING"
SUCCEEDED: Final = "SUCCEEDED"
TOO_MANY_FAILED: Final = "TooManyFailed"
"""The error of one that was read to its end, but for more images than are tolerated."""
UNDER_WAY: Final = {RUNNING, "PENDING_REDRIVE"}

START_ANOTHER: Final = "Start one with PREFIX=: what is read already stays as it is."

_SEEN_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backlog is, in images. All 0 until the first list of them was read."""

    total: int = 0
    read: int = 0
    failed: int = 0
    """Of batches that failed for now, or were stopped."""


@dataclass(frozen=True, slots=True)
class State:
    status: str
    """RUNNING, SUCCEEDED, FAILED, ABORTED or TIMED_OUT."""
    summary: dict[str, Any] | None
    """`summary.json`'s content, of one that succeeded."""
    error: str | None
    """Why it failed."""
    is_read: bool
    """Whether it went through to its end, so that there is nothing to go on with."""


class Run:
    """Each method raises what boto3 raises."""

    def __init__(self, states: Any, stack: Stack, name: str) -> None:
        self._states = states
        self.name = name
        self.arn = f"{stack.machine.replace(':stateMachine:', ':execution:')}:{name}"

    @classmethod
    def start(cls, states: Any, stack: Stack, source: dict[str, str]) -> "Run":
        """Start a backlog of a `prefix` or of an `inventory`."""
        # For who has several: the time, and what tells two of one second apart.
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        run = cls(states, stack, name)
        states.start_execution(stateMachineArn=stack.machine, name=name, input=json.dumps(source))
        run._wait_until(lambda: run._describe() is not None)
        return run

    @classmethod
    def find(cls, states: Any, stack: Stack, name: str) -> "Run":
        """A backlog that was started before. Raises NotResumable."""
        run = cls(states, stack, name)
        if run._describe() is None:
            raise NotResumable(
                f"The stack {stack.name} has no backlog called {name}. "
                "A backlog is forgotten 90 days after its end."
            )
        return run

    def resume(self) -> None:
        """Go on with a backlog that was stopped, or that failed. Raises NotResumable.

        One that is running goes on by itself.
        """
        before = self._states.describe_execution(executionArn=self.arn)
        if before["status"] in UNDER_WAY:
            return
        if before["status"] == SUCCEEDED or before.get("error") == TOO_MANY_FAILED:
            raise NotResumable(
                f"{self.name} was read to its end. To try again what failed: {START_ANOTHER}"
            )
        try:
            self._states.redrive_execution(executionArn=self.arn)
        except ClientError as error:
            if read_code(error) != "ExecutionNotRedrivable":
                raise
            raise NotResumable(
                f"{self.name} can't go on: AWS allows it for 14 days. {START_ANOTHER}"
            ) from None
        redrives = before["redriveCount"]
        self._wait_until(lambda: (self._describe() or before)["redriveCount"] > redrives)

    def stop(self) -> None:
        """Begin no more batches. Those at work are read to their end, and count as stopped.

        Raises NotResumable where it's over already.
        """
        status = self.read_state().status
        if status not in UNDER_WAY:
            raise NotResumable(f"{self.name} is not running: it is {status.lower()}.")
        self._states.stop_execution(executionArn=self.arn)

    def read_state(self) -> State:
        found = self._states.describe_execution(executionArn=self.arn)
        return State(
            status=found["status"],
            summary=json.loads(found["output"]) if "output" in found else None,
            error=": ".join(filter(None, (found.get("error"), found.get("cause")))) or None,
            is_read=found["status"] == SUCCEEDED or found.get("error") == TOO_MANY_FAILED,
        )

    def read_progress(self) -> Progress:
        runs = self._states.list_map_runs(executionArn=self.arn)["mapRuns"]
        if not runs:
            return Progress()
        counts = self._states.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["itemCounts"]
        failed = counts["failed"] + counts["timedOut"] + counts["aborted"]
        return Progress(counts["total"], counts["succeeded"], failed)

    def _describe(self) -> dict[str, Any] | None:
        """None where there is no such execution, or not yet."""
        try:
            found: dict[str, Any] = self._states.describe_execution(executionArn=self.arn)
        except ClientError as error:
            if read_code(error) in {"ExecutionDoesNotExist", "InvalidArn"}:
                return None
            raise
        return found

    @staticmethod
    def _wait_until(is_so: Callable[[], bool]) -> None:
        """Wait for what was done to be seen: DescribeExecution may be some time behind."""
        deadline = time.monotonic() + _SEEN_SECONDS
        while not is_so() and time.monotonic() < deadline:
            time.sleep(0.5)
