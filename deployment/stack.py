"""`Stack`: what CloudFormation says of a stack at one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.errors import UnknownStack

LAMBDA_FUNCTION: Final = "AWS::Lambda::Function"


@dataclass(frozen=True, slots=True)
class Resource:
    logical_id: str
    physical_id: str
    type: str
    status: str

    @property
    def is_left(self) -> bool:
        """Whether CloudFormation passed it over where it deleted, and takes care of it no more."""
        return self.status == "DELETE_SKIPPED"


@dataclass(frozen=True, slots=True)
class Stack:
    name: str
    id: str
    """Its ARN, by which it is known even when it is gone."""
    status: str
    reason: str | None
    changed_at: datetime
    protected: bool
    """Whether it refuses to be deleted."""
    parameters: dict[str, str]
    outputs: dict[str, str]

    @property
    def is_busy(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def require(self, output: str) -> str:
        """An output's value. Raises UnknownStack where the deployed version has none yet."""
        try:
            return self.outputs[output]
        except KeyError:
            raise UnknownStack(
                f"The stack {self.name} has no {output}: deploy this version first."
            ) from None


def find_stack(cloudformation: Any, name: str) -> Stack | None:
    """The stack, or None where there is none. Raises what boto3 raises."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if read_code(error) != "ValidationError":
            raise
        return None
    return Stack(
        name=found["StackName"],
        id=found["StackId"],
        status=found["StackStatus"],
        reason=found.get("StackStatusReason"),
        changed_at=found.get("LastUpdatedTime") or found["CreationTime"],
        protected=found.get("EnableTerminationProtection", False),
        parameters={p["ParameterKey"]: p["ParameterValue"] for p in found.get("Parameters", ())},
        outputs={o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", ())},
    )


def require_stack(cloudformation: Any, name: str) -> Stack:
    """Raises UnknownStack where there is none, or one that was never deployed."""
    stack = find_stack(cloudformation, name)
    if stack is None or stack.status == "REVIEW_IN_PROGRESS":
        region = cloudformation.meta.region_name
        raise UnknownStack(
            f"There is no stack called {name} in {region}. Name yours with STACK=, and its region "
            "with AWS_REGION."
        )
    return stack


def list_resources(cloudformation: Any, name: str) -> list[Resource]:
    """What the stack has made and still has, in the order that CloudFormation lists it."""
    return [each for each in list_whereabouts(cloudformation, name) if not each.is_left]


def list_whereabouts(cloudformation: Any, name: str) -> list[Resource]:
    """What the stack has, and what it has left behind."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return [
        Resource(
            each["LogicalResourceId"],
            each.get("PhysicalResourceId", ""),
            each["ResourceType"],
            each["ResourceStatus"],
        )
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["ResourceStatus"] != "DELETE_COMPLETE"
    ]


def find_resource(resources: list[Resource], logical_id: str) -> Resource | None:
    return next((each for each in resources if each.logical_id == logical_id), None)
