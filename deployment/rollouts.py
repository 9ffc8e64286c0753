"""`describe_rollouts`: which version of the function answers, and what is on its way."""

from collections.abc import Sequence
from typing import Any, Final

from deployment.account import Account
from deployment.stack import Resource, Stack

_GROUP: Final = "AWS::CodeDeploy::DeploymentGroup"
_APPLICATION: Final = "AWS::CodeDeploy::Application"
_UNDER_WAY: Final = ["Created", "Queued", "InProgress", "Baking", "Ready"]


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
    """Those under way, and the last one if it failed, or went back."""
    listed = codedeploy.list_deployments(applicationName=application, deploymentGroupName=group)
    newest = listed.get("deployments", ())[:1]  # CodeDeploy lists the latest first
    lines = []
    for identifier in newest:
        found = codedeploy.get_deployment(deploymentId=identifier)["deploymentInfo"]
        status = found["status"]
        if status in _UNDER_WAY:
            lines.append(f"{identifier} is {status}")
        elif status in {"Failed", "Stopped"}:
            why = found.get("errorInformation", {}).get("message", "")
            lines.append(f"{identifier} {status.upper()}: {why}")
    return lines
