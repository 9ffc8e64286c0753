"""`show_logs`: what a stack's functions write of themselves, as one stream in the order of time."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.account import open_account
from deployment.errors import UnknownStack
from deployment.log_lines import describe_message
from deployment.saved_settings import read_settings
from deployment.stack import Resource, list_resources, require_stack

STEPS: Final = (
    "ask AWS who you are, and which logs the stack has",
    "print their lines of the last SINCE, ten minutes unless told, one line each",
    "with FOLLOW=1, go on with new ones until Ctrl-C",
)

POLL_SECONDS: Final = 2.0

_LOG: Final = "AWS::Logs::LogGroup"
_LATENESS: Final = timedelta(seconds=30)
"""How much later than its time a line may be there to be read."""


@dataclass(frozen=True, slots=True)
class Selection:
    since: timedelta
    function: str
    """What the log's logical name begins with, in any letters; all of them if empty."""
    text: str
    """What a line must have."""
    follows: bool


@dataclass(frozen=True, slots=True, order=True)
class Line:
    time: int
    """Milliseconds since 1970."""
    id: str
    log: str
    """The log's name, shortened."""
    message: str


def show_logs(
    stack: str, selection: Selection, tell: Callable[[Line], Any], poll_seconds: float
) -> None:
    """Raises UnknownStack, what boto3 raises, and KeyboardInterrupt to end following."""
    account = open_account(read_settings(stack).region)
    cloudformation = account.connect("cloudformation")
    require_stack(cloudformation, stack)
    groups = choose_logs(list_resources(cloudformation, stack), selection.function, stack)
    client = account.connect("logs")
    start = datetime.now(UTC) - selection.since
    told: set[str] = set()
    while True:
        asked_at = datetime.now(UTC)
        lines = sorted(read_lines(client, groups, start, selection.text))
        for line in lines:
            if line.id not in told:
                tell(line)
        if not selection.follows:
            break
        told = {line.id for line in lines}
        start = max(start, asked_at - _LATENESS)
        time.sleep(poll_seconds)
    if not lines:
        print("No lines in that time.", file=sys.stderr)


def choose_logs(resources: Sequence[Resource], function: str, stack: str) -> dict[str, str]:
    """The logs asked for: their short names to those in CloudWatch. Raises UnknownStack."""
    logs = {shorten(each): each.physical_id for each in resources if each.type == _LOG}
    chosen = {name: log for name, log in logs.items() if name.startswith(function.lower())}
    if not chosen:
        raise UnknownStack(
            f"The stack {stack} has no log that begins with {function!r}: FUNCTION= is one of "
            f"{', '.join(sorted(logs))}."
        )
    return chosen


def shorten(resource: Resource) -> str:
    """`ApiFunctionLogs` as `api`."""
    return resource.logical_id.removesuffix("Logs").removesuffix("Function").lower()


def read_lines(
    client: Any, groups: Mapping[str, str], start: datetime, text: str
) -> Iterator[Line]:
    """The lines since a time, one log after another. Raises what boto3 raises."""
    pattern = {"filterPattern": '"{}"'.format(text.replace('"', '\\"'))} if text else {}
    for name, group in groups.items():
        pages = client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=int(start.timestamp() * 1000), **pattern
        )
        try:
            for page in pages:
                for each in page["events"]:
                    yield Line(each["timestamp"], each["eventId"], name, each["message"])
        except ClientError as error:
            if read_code(error) != "ResourceNotFoundException":  # nothing was written yet
                raise


def describe_line(line: Line) -> str:
    at = datetime.fromtimestamp(line.time / 1000).astimezone()
    return (
        f"{at:%m-%d %H:%M:%S}.{line.time % 1000:03} {line.log:9} {describe_message(line.message)}"
    )


def write_line(line: Line) -> None:
    """As it was written, for a program to read."""
    print(line.message.rstrip("\n"), flush=True)
