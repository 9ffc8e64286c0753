"""`deploy`: from the source to an address that answers, from wherever it was before."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from deployment.account import Account, open_account
from deployment.edge import Edge
from deployment.errors import NotConfirmed, NotDeployable, SmokeTestFailed
from deployment.guide import ask_parameters, ask_region
from deployment.live import Live
from deployment.names import check_name
from deployment.page import list_page_files
from deployment.parameters import (
    ARCHITECTURE,
    Parameter,
    check_values,
    list_parameters,
    read_assignments,
)
from deployment.place import find_place
from deployment.publishing import publish_page
from deployment.rollback import Rollback, describe_rollback, find_rollback
from deployment.saved_settings import (
    SHARED_SETTINGS,
    SavedSettings,
    read_settings,
    write_settings,
)
from deployment.site import Site
from deployment.smoke import START_SECONDS, Target, run_smoke_test
from deployment.stack import LAMBDA_FUNCTION, Stack, find_stack, list_resources, require_stack
from deployment.template_file import read_template
from deployment.tools import BUILD_FOLDER, Shipment, build, check_build, ship

_POLL_SECONDS: Final = 10.0

STEPS: Final = (
    "ask AWS who you are, say account and region, and see what state the stack is in",
    "build the functions' packages for the processor of the parameter Architecture",
    "have sam deploy show what would change, and after a yes deploy it: a canary by CodeDeploy, "
    "which goes back by itself if an alarm goes off",
    "upload the files of the page that changed to the stack's bucket, with their types and "
    "caching, index.html last",
    "have CloudFront forget what changed, and wait until it has",
    "remove files from the bucket that the page has no more",
    "test the live address: page, headers, model, a digit that is read, kept and removed again, an "
    "image that is none",
    "say the address",
)


@dataclass(frozen=True, slots=True)
class Options:
    stack: str
    parameters: str
    """`A=b C="d e"`."""
    confirmed: bool
    """Whether nobody is to be asked."""
    packages: str | None
    built: Path | None
    """A folder that `make build` filled before: it is not built again."""


Tell = Callable[[str], Any]


def deploy(options: Options, tell: Tell, ask: Callable[[str], str]) -> None:
    """Raises DeploymentError, and what boto3 raises."""
    saved = read_settings(options.stack)
    asks = sys.stdin.isatty() and not options.confirmed
    account = open_account(saved.region, partial(ask_region, ask, tell) if asks else None)
    tell(f"Stack {options.stack} in {account.region}, account {account.number}.")
    cloudformation = account.connect("cloudformation")
    stack = wait_until_settled(cloudformation, options.stack, tell)
    if stack is None:
        check_name(options.stack, account.region, read_template())
    parameters = choose_parameters(options, saved, stack, tell, ask)
    architecture = parameters.get(ARCHITECTURE) or find_architecture(account, stack)
    folder = options.built or BUILD_FOLDER
    if options.built is None:
        tell(f"Building the packages for {architecture}.")
        build(architecture, folder)
    check_build(folder, architecture)
    save(saved, options, account.region, parameters, tell)
    rollback = find_rollback(account, options.stack, stack)
    ship(
        Shipment(
            folder=folder,
            stack=options.stack,
            region=account.region,
            parameters=parameters,
            packages=options.packages,
            asks=not options.confirmed,
            settings=saved.path if saved.path.exists() else SHARED_SETTINGS,
        )
    )
    stack = require_executed(cloudformation, options.stack)
    finish(account, stack, rollback, tell)


def finish(
    account: Account,
    stack: Stack,
    rollback: Rollback,
    tell: Tell,
    start_seconds: float = START_SECONDS,
) -> None:
    """The page, the test, and what to do next. Raises SmokeTestFailed, and what boto3 raises."""
    bucket, distribution = stack.outputs.get("SiteBucket"), stack.outputs.get("DistributionId")
    if bucket:
        edge = Edge(account.connect("cloudfront"), distribution) if distribution else None
        publish_page(list_page_files(), Site(account.connect("s3"), bucket), edge, tell)
    else:
        tell("The stack has no bucket for the page: its function serves the page itself.")
    place = find_place(stack)
    target = Target(Live(place.address), list_page_files(edge=place.edge), place.edge)
    tell(f"Testing {place.address}")
    try:
        run_smoke_test(target, tell, start_seconds)
    except SmokeTestFailed as error:
        raise SmokeTestFailed(f"{error}\n\n{describe_rollback(account, rollback, stack)}") from None
    tell(describe_next(stack, place.address))
    if place.advice:
        tell(place.advice)


def wait_until_settled(cloudformation: Any, name: str, tell: Tell) -> Stack | None:
    """The stack once nothing is at work on it; None where there is none yet.

    Raises NotDeployable for one that no deployment can change.
    """
    stack = find_stack(cloudformation, name)
    while stack is not None and stack.is_busy:
        tell(f"The stack is {stack.status}: waiting for it. Ctrl-C stops only this waiting.")
        time.sleep(_POLL_SECONDS)
        stack = find_stack(cloudformation, name)
    if stack is None or stack.status == "REVIEW_IN_PROGRESS":
        return None
    if stack.status in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}:
        why = f" ({stack.reason})" if stack.reason else ""
        raise NotDeployable(
            f"The stack {name} is {stack.status}{why}. CloudFormation can only delete such a "
            f"stack: make destroy STACK={name}, and then deploy again."
        )
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        raise NotDeployable(
            f"The stack {name} could not go back to what it was: {stack.reason}. Mend that, and "
            f"then: aws cloudformation continue-update-rollback --stack-name {name}"
        )
    return stack


def choose_parameters(
    options: Options,
    saved: SavedSettings,
    stack: Stack | None,
    tell: Tell,
    ask: Callable[[str], str],
) -> dict[str, str]:
    """What was saved, and what is given now; asked for where it is the first time.

    Raises BadParameter, and NotConfirmed where somebody must be asked and nobody is there.
    """
    known = list_parameters(read_template())
    values = {**saved.parameters, **read_assignments(options.parameters)}
    check_values(values, known)
    if options.confirmed:
        return values
    if not sys.stdin.isatty():
        raise NotConfirmed(
            "Nobody is here to be asked: CONFIRM=no deploys without asking, with the parameters "
            "that are saved or given."
        )
    if saved.is_new and stack is None:
        return ask_parameters(known, values, ask, tell)
    return values


def save(
    saved: SavedSettings, options: Options, region: str, parameters: dict[str, str], tell: Tell
) -> None:
    """Keep what was said, for the next time. What the template calls a secret is kept by AWS alone.

    Nothing is written where nobody is asked: an automaton says it all each time.
    """
    if options.confirmed and saved.is_new:
        return
    known: dict[str, Parameter] = list_parameters(read_template())
    open_ones = {name: value for name, value in parameters.items() if not known[name].is_secret}
    if saved.is_new or (saved.region, saved.parameters) != (region, open_ones):
        write_settings(saved, options.stack, region, open_ones)
        tell(f"This is kept in {saved.path.name}, for the next time.")


def find_architecture(account: Account, stack: Stack | None) -> str:
    """The processor that the stack's functions have, or the template's default."""
    if stack is not None:
        resources = list_resources(account.connect("cloudformation"), stack.name)
        functions = [each.physical_id for each in resources if each.type == LAMBDA_FUNCTION]
        if functions:
            found = account.connect("lambda").get_function_configuration(FunctionName=functions[0])
            return str(found.get("Architectures", ["x86_64"])[0])
    return str(list_parameters(read_template())[ARCHITECTURE].default)


def require_executed(cloudformation: Any, name: str) -> Stack:
    """The stack, if what sam showed was said yes to; sam ends well either way.

    Raises NotConfirmed.
    """
    listed = cloudformation.list_change_sets(StackName=name)["Summaries"]
    waiting = [
        each
        for each in listed
        if each.get("ExecutionStatus") == "AVAILABLE" and each["ChangeSetName"].startswith("samcli")
    ]
    if waiting:
        for each in waiting:
            cloudformation.delete_change_set(StackName=name, ChangeSetName=each["ChangeSetName"])
        raise NotConfirmed("Nothing was deployed.")
    return require_stack(cloudformation, name)


def describe_next(stack: Stack, address: str) -> str:
    lines = ["", f"Inkling is at {address}"]
    if "UploadsBucket" in stack.outputs:
        lines.append(f"Images to be read:   s3://{stack.outputs['UploadsBucket']}/scans/")
    if "DashboardAddress" in stack.outputs:
        lines.append(f"How it is doing:     {stack.outputs['DashboardAddress']}")
    which = "" if stack.name == "inkling" else f" STACK={stack.name}"
    lines.append(f"Next:                make status{which}, make logs{which}, make destroy{which}")
    return "\n".join(lines)
