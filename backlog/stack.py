"""`find_stack`: the stack's own names for what a backlog needs."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import NothingToRead, UnknownStack, read_code

OUTPUTS: Final = {"machine": "BacklogArn", "uploads": "UploadsBucket", "results": "ResultsBucket"}
"""What is needed, to its name among the stack's outputs."""


@dataclass(frozen=True, slots=True)
class Stack:
    name: str
    machine: str
    """The ARN of the state machine."""
    uploads: str
    results: str
    """Buckets."""
    prefixes: tuple[str, ...]
    """What the keys begin with that the predictor may read."""


def find_stack(cloudformation: Any, name: str) -> Stack:
    """Raises UnknownStack."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if read_code(error) != "ValidationError":
            raise
        region = cloudformation.meta.region_name
        raise UnknownStack(
            f"There is no stack called {name} in {region}. Name yours with STACK=, and its region "
            "with AWS_REGION."
        ) from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}
    if missing := sorted(set(OUTPUTS.values()) - outputs.keys()):
        raise UnknownStack(
            f"The stack {name} has no {' and no '.join(missing)}: deploy this version first."
        )
    given = {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}
    prefixes = tuple(filter(None, (given.get("ScansPrefix"), "uploads/")))
    return Stack(name, prefixes=prefixes, **{field: outputs[key] for field, key in OUTPUTS.items()})


def require_images(s3: Any, stack: Stack, prefix: str) -> None:
    """Raises NothingToRead where there is none under a prefix, or none that may be read."""
    if not prefix.startswith(stack.prefixes):
        raise NothingToRead(
            f"{prefix} is not where images lie: they are under {' and '.join(stack.prefixes)}."
        )
    if not s3.list_objects_v2(Bucket=stack.uploads, Prefix=prefix, MaxKeys=1).get("Contents"):
        raise NothingToRead(f"No key in the bucket {stack.uploads} begins with {prefix}.")


def require_inventory(s3: Any, stack: Stack, key: str) -> None:
    """Raises NothingToRead where there is no manifest in the bucket of results."""
    if not (key.startswith("inventories/") and key.endswith("/manifest.json")):
        raise NothingToRead(
            f"{key} is no inventory's: INVENTORY= is the key of a manifest.json under inventories/ "
            f"in the bucket {stack.results}."
        )
    try:
        s3.head_object(Bucket=stack.results, Key=key)
    except ClientError as error:
        if read_code(error) not in {"404", "NoSuchKey", "NotFound"}:
            raise
        raise NothingToRead(f"The bucket {stack.results} has no {key}.") from None
