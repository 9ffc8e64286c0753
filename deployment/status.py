"""`show_status`: how a stack is, on one screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.account import Account, open_account
from deployment.errors import SmokeTestFailed, UnknownStack
from deployment.live import Live
from deployment.place import find_place
from deployment.rollouts import describe_rollouts
from deployment.saved_settings import read_settings
from deployment.smoke import read_json
from deployment.stack import Resource, Stack, list_resources, require_stack
from deployment.traffic import describe_day, describe_month

STEPS: Final = (
    "ask AWS who you are, and what state the stack is in",
    "ask the live address which model answers",
    "print its addresses, versions and deployments under way, alarms, queues, and the requests, "
    "errors and latency of the last 24 hours, for which CloudWatch takes a fiftieth of a cent",
)

_ALARM: Final = "AWS::CloudWatch::Alarm"
_MOST_ALARMS: Final = 100
"""Asked for in one request, as AWS has it."""
_WIDTH: Final = 11


@dataclass(frozen=True, slots=True)
class View:
    """What the sections of the screen are made from."""

    account: Account
    stack: Stack
    resources: Sequence[Resource]


Section = Callable[[View], list[str]]


def show_status(name: str, tell: Callable[[str], Any]) -> None:
    """Raises UnknownStack, and what boto3 raises where the stack itself can't be asked for."""
    account = open_account(read_settings(name).region)
    cloudformation = account.connect("cloudformation")
    stack = require_stack(cloudformation, name)
    view = View(account, stack, list_resources(cloudformation, name))
    tell(f"{name}, {account.region}, account {account.number}")
    for title, section in SECTIONS.items():
        for i, line in enumerate(read_section(section, view)):
            tell(f"{title if i == 0 else '':{_WIDTH}}{line}")


def read_section(section: Section, view: View) -> list[str]:
    """A section's lines, or why there are none: who may not see one may see the others."""
    try:
        return section(view)
    except ClientError as error:
        return [f"can't be told: {read_code(error)} in {error.operation_name}"]


def describe_stack(view: View) -> list[str]:
    stack = view.stack
    lines = [f"{stack.status}, {describe_age(stack.changed_at)} ago"]
    return lines + ([stack.reason] if stack.reason else [])


def describe_addresses(view: View) -> list[str]:
    names = ("PageAddress", "Address", "DashboardAddress")
    return [view.stack.outputs[name] for name in names if name in view.stack.outputs]


def describe_model(view: View) -> list[str]:
    """What answers at the page's address, now."""
    try:
        place = find_place(view.stack)
    except UnknownStack:
        return ["the stack has no address"]
    advice = [place.advice] if place.advice else []
    started = datetime.now(UTC)
    try:
        reply = Live(place.address).ask("GET", "api/health")
        health = read_json(reply)
    except SmokeTestFailed as error:
        return [f"NO ANSWER: {error}", *advice]
    took = (datetime.now(UTC) - started) / timedelta(milliseconds=1)
    if reply.status != 200:
        return [f"DOES NOT ANSWER AS IT SHOULD: {reply.status}", *advice]
    return [f"{str(health.get('model'))[:12]} answers, in {took:.0f} ms", *advice]


def describe_alarms(view: View) -> list[str]:
    """How many are well, and what each other one says."""
    names = [each.physical_id for each in view.resources if each.type == _ALARM]
    cloudwatch = view.account.connect("cloudwatch")
    alarms = []
    for i in range(0, len(names), _MOST_ALARMS):
        found = cloudwatch.describe_alarms(AlarmNames=names[i : i + _MOST_ALARMS])
        alarms += found["MetricAlarms"]
    if not alarms:
        return ["none"]
    fine = [each for each in alarms if each["StateValue"] == "OK"]
    lines = [f"{len(fine)} of {len(alarms)} are OK"]
    for each in alarms:
        if each["StateValue"] != "OK":
            what = each.get("AlarmDescription") or each["AlarmName"]
            age = describe_age(each["StateUpdatedTimestamp"])
            lines.append(f"{each['StateValue']} for {age}: {what}")
    return lines


def describe_queues(view: View) -> list[str]:
    outputs = view.stack.outputs
    sqs = view.account.connect("sqs")
    lines = []
    for output, words in (("QueueUrl", "uploads wait"), ("DeadLettersUrl", "dead letters")):
        if url := outputs.get(output):
            found = sqs.get_queue_attributes(
                QueueUrl=url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                ],
            )["Attributes"]
            waiting = int(found["ApproximateNumberOfMessages"])
            taken = int(found["ApproximateNumberOfMessagesNotVisible"])
            lines.append(f"{waiting:,} {words}" + (f", {taken:,} are being read" if taken else ""))
    return lines


def describe_age(moment: datetime) -> str:
    """How long ago it was, in the largest unit that there is one of."""
    seconds = max(0, (datetime.now(UTC) - moment).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds:.0f} s"


SECTIONS: Final[dict[str, Section]] = {
    "Stack": describe_stack,
    "Addresses": describe_addresses,
    "Model": describe_model,
    "Rollout": lambda view: describe_rollouts(view.account, view.stack, view.resources),
    "Alarms": describe_alarms,
    "Queues": describe_queues,
    "24 hours": lambda view: describe_day(view.account, view.stack, view.resources),
    "This month": lambda view: describe_month(view.account, view.stack, view.resources),
}
