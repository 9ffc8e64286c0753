"""`destroy`: a stack and all that goes with it, but for what must be kept."""

import time
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.account import Account, open_account
from deployment.buckets import count_objects, empty_bucket, find_region
from deployment.errors import NotConfirmed, NotRemovable, UnknownStack
from deployment.leftovers import (
    BUCKET,
    TABLE,
    Fate,
    explain_removal,
    find_fate,
    read_deployed_template,
)
from deployment.saved_settings import read_settings
from deployment.stack import (
    Resource,
    Stack,
    find_stack,
    list_resources,
    list_whereabouts,
    require_stack,
)

Tell = Callable[[str], Any]

POLL_SECONDS: Final = 10.0
_COUNTED: Final = 10_000

STEPS: Final = (
    "ask AWS who you are, and what is in the stack",
    "list what goes and what stays, by the deletion policies of the template that is deployed",
    "have you type the stack's name",
    "empty the buckets that go, and no other",
    "delete the stack, and wait until it is gone",
    "say what was kept: records, images, uploads and results; and how to remove that",
)


def destroy(
    name: str,
    confirmed: str | None,
    tell: Tell,
    ask: Callable[[str], str] | None,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Args:
        confirmed: the stack's name, from who will not be asked for it.
        ask: None where nobody is there.

    Raises DeploymentError, and what boto3 raises.
    """
    saved = read_settings(name)
    account = open_account(saved.region)
    cloudformation = account.connect("cloudformation")
    stack = require_stack(cloudformation, name)
    if stack.protected:
        raise NotRemovable(
            f"The stack {name} is protected from being deleted, by somebody's own hand. To end "
            "that: aws cloudformation update-termination-protection "
            "--no-enable-termination-protection "
            f"--region {account.region} --stack-name {name}"
        )
    if stack.is_busy and stack.status != "DELETE_IN_PROGRESS":
        raise NotRemovable(f"The stack {name} is {stack.status}: wait until it is done.")
    fate = find_fate(
        list_whereabouts(cloudformation, name), read_deployed_template(cloudformation, name)
    )
    if stack.status != "DELETE_IN_PROGRESS":
        tell(describe_plan(account, stack, fate))
        require_name(name, confirmed, ask)
        s3 = account.connect("s3")
        for bucket in fate.emptied:
            if count_objects(s3, bucket.physical_id, 1):
                count = empty_bucket(s3, bucket.physical_id)
                tell(f"{count:,} objects are gone from {bucket.physical_id}.")
        cloudformation.delete_stack(StackName=name)
    wait_until_gone(cloudformation, stack.id, tell, poll_seconds)
    tell(describe_kept(account, name, fate))
    if saved.path.exists():
        tell(f"{saved.path.name} stays, too: with it make deploy makes the same stack again.")


def require_name(name: str, confirmed: str | None, ask: Callable[[str], str] | None) -> None:
    """Raises NotConfirmed."""
    if confirmed is None and ask is None:
        raise NotConfirmed(f"Nobody is here to be asked: CONFIRM={name} removes it without asking.")
    given = confirmed or (ask("Type the name to go on: ") if ask else "")
    if given.strip() != name:
        raise NotConfirmed(f"That is not {name}: nothing was removed.")


def describe_plan(account: Account, stack: Stack, fate: Fate) -> str:
    lines = [
        f"The stack {stack.name} in {account.region}, account {account.number}, is {stack.status}.",
        f"These {len(fate.removed)} go:",
    ]
    lines += [f"  {each.type:32} {each.logical_id}" for each in fate.removed]
    lines += ["", f"These {len(fate.kept)} stay, with what is in them:"]
    lines += [
        f"  {each.type:32} {each.physical_id}{describe_content(account, each)}"
        for each in fate.kept
    ]
    s3 = account.connect("s3")
    for bucket in fate.emptied:
        count = count_objects(s3, bucket.physical_id, _COUNTED)
        if count:
            more = " or more" if count == _COUNTED else ""
            lines += ["", f"First {count:,} objects{more} go from the bucket {bucket.physical_id}."]
    return "\n".join(lines)


def describe_content(account: Account, resource: Resource) -> str:
    """How much is in what stays; nothing where that can't be told."""
    try:
        if resource.type == TABLE:
            found = account.connect("dynamodb").describe_table(TableName=resource.physical_id)
            return f": some {found['Table']['ItemCount']:,} records"  # counted every six hours
        if resource.type == BUCKET:
            count = count_objects(account.connect("s3"), resource.physical_id, _COUNTED) or 0
            return f": {count:,} objects{' or more' if count == _COUNTED else ''}"
    except ClientError:
        return ""
    return ""


def wait_until_gone(cloudformation: Any, identifier: str, tell: Tell, poll_seconds: float) -> None:
    """Args:
        identifier: the stack's ARN.

    Raises NotRemovable where something would not go.
    """
    told = 0
    while True:
        stack = find_stack(cloudformation, identifier)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return
        if stack.status == "DELETE_FAILED":
            why = "\n".join(list_failures(cloudformation, stack)) or stack.reason or ""
            raise NotRemovable(
                f"Not all of the stack {stack.name} would go:\n{why}\nMend that, and run make "
                "destroy again: it goes on with what is left."
            )
        left = len(list_resources(cloudformation, identifier))
        if left != told:
            tell(f"Deleting: {left} left. CloudFront's distribution takes some minutes.")
            told = left
        time.sleep(poll_seconds)


def list_failures(cloudformation: Any, stack: Stack) -> list[str]:
    """What would not go, and why, the latest first."""
    events = cloudformation.describe_stack_events(StackName=stack.id)["StackEvents"]
    return [
        f"  {each['LogicalResourceId']}: {each.get('ResourceStatusReason', 'no reason given')}"
        for each in events
        if each["ResourceStatus"] == "DELETE_FAILED" and each["LogicalResourceId"] != stack.name
    ][:10]


def describe_kept(account: Account, name: str, fate: Fate) -> str:
    lines = [f"The stack {name} is gone."]
    if fate.kept:
        lines.append("What was kept belongs to no stack now, and is paid for as it is:")
    for each in fate.kept:
        lines.append(f"  {each.type:32} {each.physical_id}")
        lines += [f"      {command}" for command in explain_removal(each, account.region)]
    if fate.kept:
        lines.append(
            "The commands remove it for good. A new stack makes new ones; to give it the old, "
            "import them: aws cloudformation create-change-set --change-set-type IMPORT"
        )
    lines.append(
        "The packages stay in the bucket of sam's own stack, aws-sam-cli-managed-default, which "
        "other stacks may use too."
    )
    return "\n".join(lines)


def remove_kept(
    bucket: str, confirmed: str | None, tell: Tell, ask: Callable[[str], str] | None
) -> None:
    """Remove a bucket that a stack left, with every version of all that is in it.

    Raises DeploymentError, and what boto3 raises.
    """
    account = open_account()
    region = find_region(account.connect("s3"), bucket, account.number)
    if region is None:
        raise UnknownStack(f"There is no bucket called {bucket}.")
    require_orphan(account.connect("cloudformation", region), bucket)
    s3 = account.connect("s3", region)
    count = count_objects(s3, bucket, _COUNTED) or 0
    tell(
        f"The bucket {bucket} in {region}, account {account.number}, has {count:,} "
        f"objects{' or more' if count == _COUNTED else ''}."
    )
    require_name(bucket, confirmed, ask)
    empty_bucket(s3, bucket)
    s3.delete_bucket(Bucket=bucket)
    tell("It is gone, and all that was in it.")


def require_orphan(cloudformation: Any, bucket: str) -> None:
    """Raises NotRemovable for a bucket that a stack still has.

    Asked in two ways: such a slip can't be undone.

    Args:
        cloudformation: the bucket's own region's: a stack has its buckets where it is itself.
    """
    stacks = {
        stack["StackName"]
        for page in cloudformation.get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        if bucket in {each["OutputValue"] for each in stack.get("Outputs", ())}
    }
    try:
        found = cloudformation.describe_stack_resources(PhysicalResourceId=bucket)
        owners = {each["StackId"] for each in found["StackResources"]}
    except ClientError as error:
        if read_code(error) != "ValidationError":  # it belongs to none
            raise
        owners = set()
    for identifier in owners:  # CloudFormation knows of a stack's resources for 90 days after it
        stack = find_stack(cloudformation, identifier)
        if stack is not None and stack.status != "DELETE_COMPLETE":
            stacks.add(stack.name)
    if stacks:
        raise NotRemovable(f"{bucket} is in use, by the stack {', '.join(sorted(stacks))}.")
