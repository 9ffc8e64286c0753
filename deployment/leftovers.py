"""`find_fate`: what of a stack goes with it and what stays, by the template that is deployed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from deployment.stack import LAMBDA_FUNCTION, Resource
from deployment.template_file import parse_template

BUCKET: Final = "AWS::S3::Bucket"
TABLE: Final = "AWS::DynamoDB::Table"

_KEEPING: Final = {"Retain", "RetainExceptOnCreate", "Snapshot"}

_GO_WITH: Final = {"AWS::Lambda::Version": LAMBDA_FUNCTION, "AWS::Lambda::Alias": LAMBDA_FUNCTION}
"""Types that stay by their policy, and yet don't outlive what they are of."""


@dataclass(frozen=True, slots=True)
class Fate:
    removed: tuple[Resource, ...]
    kept: tuple[Resource, ...]

    @property
    def emptied(self) -> tuple[Resource, ...]:
        """The buckets that go: CloudFormation deletes none that has something in it."""
        return tuple(each for each in self.removed if each.type == BUCKET)


def find_fate(resources: Sequence[Resource], template: Mapping[str, Any]) -> Fate:
    """Divide a stack's resources.

    Args:
        resources: with those that it has left behind. After a creation that failed, these are all
            that have a policy.
        template: as CloudFormation has it, with what SAM made of it.
    """
    written = template.get("Resources", {})
    policies = {name: each.get("DeletionPolicy") for name, each in written.items()}
    stays = {each: each.is_left or policies.get(each.logical_id) in _KEEPING for each in resources}
    functions_go = all(not stays[each] for each in resources if each.type in _PARENTS)
    kept = tuple(
        each
        for each in resources
        # What was never made has no name.
        if stays[each] and each.physical_id and not (each.type in _GO_WITH and functions_go)
    )
    removed = tuple(each for each in resources if each not in kept and not each.is_left)
    return Fate(removed, kept)


_PARENTS: Final = set(_GO_WITH.values())


def read_deployed_template(cloudformation: Any, name: str) -> dict[str, Any]:
    """The template that a stack is of, after SAM's transformation where it had one."""
    body = cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    if isinstance(body, str):
        return parse_template(body)
    template: dict[str, Any] = json.loads(json.dumps(body))
    return template


def explain_removal(resource: Resource, region: str) -> list[str]:
    """How to remove a resource that was kept, once nobody wants it any more."""
    name = resource.physical_id
    if resource.type == TABLE:
        unprotect = f"aws dynamodb update-table --region {region} --table-name {name}"
        return [
            f"{unprotect} --no-deletion-protection-enabled",
            f"aws dynamodb delete-table --region {region} --table-name {name}",
        ]
    if resource.type == BUCKET:
        return [f"AWS_REGION={region} make destroy KEPT={name}"]
    return []
