"""`describe_rollouts`: which version of the function answers, and what is on its way."""

from collections.abc import Sequence
from typing import Any, Final

from deployment.account import Account
from deployment.stack import Resource, Stack

_GROUP: Final = "AWS::CodeDeploy::DeploymentGroup"
_APPLICATION: Final = "AWS::CodeDeploy::Application"
_UNDER_WAY: Final = ["Created", "Queued", "InProgress", "Baking", "Ready"]
_MOST_DEPLOYMENTS: Final = 25
"""Told of in one answer, as AWS has it."""


def describe_rollouts(account: Account, stack: Stack, resources: Sequence[Resource]) -> list[str]:
    """Raises what boto3 raises."""
    function, alias = stack.outputs.get("ApiFunctionName"), stack.outputs.get("ApiFunctionAlias")
    if not function or not alias:
        return ["the function has no alias: a deployment takes effect at once"]
    found = account.connect("lambda").get_alias(FunctionName=function, Name=alias)
    lines = [describe_alias(alias, found)]
    applications = [each.physical_id for each in resources if each.type == _APPLICATION]
    groups = [each.physical_id for each in resources if each.type == _GROUP]
    if applications and groups:
        codedeploy = account.connect("codedeploy")
        for group in groups:
            lines += list_deployments(codedeploy, applications[0], group)
    return lines


def describe_alias(alias: str, found: dict[str, Any]) -> str:
    """Which share of the requests each version gets."""
    version = found["FunctionVersion"]
    weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if not weights:
        return f"{alias} is version {version}"
    others = ", ".join(f"{share:.0%} version {other}" for other, share in weights.items())
    return f"{alias} is version {version}, and for {others}"


def list_deployments(codedeploy: Any, application: str, group: str) -> list[str]:
    """The newest, if it is under way, or failed, or went back."""
    found = find_newest(codedeploy, application, group)
    if found is None:
        return []
    identifier, status = found["deploymentId"], found["status"]
    if status in _UNDER_WAY:
        return [f"{identifier} is {status}"]
    if status in {"Failed", "Stopped"}:
        why = found.get("errorInformation", {}).get("message", "")
        return [f"{identifier} {status.upper()}: {why}"]
    return []


def find_newest(codedeploy: Any, application: str, group: str) -> dict[str, Any] | None:
    """A group's newest deployment, in whatever order they are listed: none is promised."""
    identifiers = [
        identifier
        for page in codedeploy.get_paginator("list_deployments").paginate(
            applicationName=application, deploymentGroupName=group
        )
        for identifier in page["deployments"]
    ]
    found: list[dict[str, Any]] = []
    for i in range(0, len(identifiers), _MOST_DEPLOYMENTS):
        asked = identifiers[i : i + _MOST_DEPLOYMENTS]
        found += codedeploy.batch_get_deployments(deploymentIds=asked)["deploymentsInfo"]
    return max(found, key=lambda each: each["createTime"], default=None)
