"""Least privilege: each wildcard of the stack's policies is argued for, and there is no other.

It is what SAM expands that is looked at, with all conditions' sides: what CloudFormation is given.
"""

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.stack.conftest import Resources
from tests.stack.policies import Kind, Wildcard, find_wildcards

pytestmark = pytest.mark.slow

OWN_LOG: Final = "A log group's ARN ends so: its own streams, whose names Lambda makes up."
RECORDS: Final = "Objects have their records' ids for names, which nobody knows before."
UPLOADS: Final = "Whoever drops an image chooses its name; the folder is what is given away."
RESULTS: Final = "A result has its image's name; the folder is what is given away."
BACKLOGS: Final = "Step Functions makes up the names of what a backlog leaves in its folder."
EXECUTIONS: Final = "A backlog's execution is named when it starts; the state machine is the one."
NO_RESOURCE: Final = "These actions know no resource: AWS takes nothing else for them."
PATHS: Final = "Any stage, method and path of the one API: its stage and its tests come here."

ARGUED: Final[dict[str, dict[tuple[Kind, str], str]]] = {
    "SiteBucketPolicy": {
        ("resource", "${SiteBucket.Arn}/*"): "The page is all of the bucket, to one distribution."
    },
    "ApiFunctionRootPermissionStage": {
        (
            "resource",
            "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/",
        ): PATHS,
    },
    "ApiFunctionEverythingElsePermissionStage": {
        (
            "resource",
            "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*",
        ): PATHS,
    },
    "ApiGatewayLogRole": {
        (
            "managed",
            "arn:${AWS::Partition}:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs",
        ): "API Gateway refuses a role with less; it is made only for who asks."
    },
    "ApiFunctionRole": {
        ("resource", "${ApiFunctionLogs.Arn}:*"): OWN_LOG,
        ("resource", "${Images.Arn}/*"): RECORDS,
        ("resource", "${Uploads.Arn}/${ScansPrefix}*"): UPLOADS,
        ("resource", "${Uploads.Arn}/uploads/*"): RECORDS,
        ("resource", "${Results.Arn}/results/*"): RESULTS,
        ("resource", "${Results.Arn}/results-of-long-keys/*"): RESULTS,
        ("resource", "* to xray:PutTelemetryRecords, xray:PutTraceSegments"): NO_RESOURCE,
    },
    "RehearsalRole": {
        ("resource", "${RehearsalLogs.Arn}:*"): OWN_LOG,
        (
            "resource",
            "${ApiFunction.Arn}:*",
        ): "Each deployment makes a version, and tries it.",
        (
            "resource",
            "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:"
            "${ServerlessDeploymentApplication}/*",
        ): "The application is this stack's own, and has the one group, whose name SAM makes up.",
    },
    "RolloutRole": {("resource", "* to cloudwatch:DescribeAlarms"): NO_RESOURCE},
    "PredictorRole": {
        ("resource", "${PredictorLogs.Arn}:*"): OWN_LOG,
        ("resource", "${Uploads.Arn}/${ScansPrefix}*"): UPLOADS,
        ("resource", "${Uploads.Arn}/uploads/*"): RECORDS,
        ("resource", "${Results.Arn}/results/*"): RESULTS,
        ("resource", "${Results.Arn}/results-of-long-keys/*"): RESULTS,
    },
    "ResultsPolicy": {
        (
            "resource",
            "${Results.Arn}/inventories/*",
        ): "S3 makes up an inventory's names; the folder is what is given away.",
    },
    "BacklogRole": {
        ("resource", "${Results.Arn}/inventories/*"): "S3 makes up an inventory's names.",
        ("resource", "${Results.Arn}/backlogs/*"): BACKLOGS,
        ("condition", "s3:prefix ${ScansPrefix}*"): UPLOADS,
        ("condition", "s3:prefix uploads/*"): UPLOADS,
        (
            "resource",
            "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:"
            "${AWS::StackName}-backlog:*",
        ): EXECUTIONS,
        (
            "resource",
            "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:"
            "${AWS::StackName}-backlog/*",
        ): EXECUTIONS,
        (
            "resource",
            "* to logs:CreateLogDelivery, logs:DeleteLogDelivery, logs:DescribeLogGroups, "
            "logs:DescribeResourcePolicies, logs:GetLogDelivery, logs:ListLogDeliveries, "
            "logs:PutResourcePolicy, logs:UpdateLogDelivery",
        ): NO_RESOURCE,
    },
    "SummaryRole": {
        ("resource", "${SummaryLogs.Arn}:*"): OWN_LOG,
        ("resource", "${Results.Arn}/backlogs/*"): BACKLOGS,
        ("condition", "s3:prefix backlogs/*"): BACKLOGS,
    },
}
"""Each resource's wildcards, and why they are there."""


def list_argued() -> set[Wildcard]:
    return {Wildcard(owner, *wildcard) for owner, table in ARGUED.items() for wildcard in table}


def test_every_wildcard_is_argued_for(expanded: Resources) -> None:
    assert find_wildcards(expanded) - list_argued() == set()


def test_every_argument_is_for_a_wildcard_that_is_there(expanded: Resources) -> None:
    assert list_argued() - find_wildcards(expanded) == set()


def allow(resources: Resources, **changes: Any) -> None:
    """Put a statement into the API function's role."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/b"}
    resources["ApiFunctionRole"]["Properties"]["Policies"].append(
        {"PolicyName": "Mutant", "PolicyDocument": {"Statement": {**statement, **changes}}}
    )


def open_bucket(resources: Resources, principal: Any) -> None:
    document = resources["ImagesPolicy"]["Properties"]["PolicyDocument"]
    document["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetObject",
            "Resource": {"Fn::Sub": "${Images.Arn}/one"},
        }
    )


def unbind(resources: Resources, owner: str) -> None:
    """Take away for whom a service may act."""
    properties = resources[owner]["Properties"]
    properties.pop("SourceArn", None)
    for statement in properties.get("PolicyDocument", {}).get("Statement", []):
        statement.pop("Condition", None)


def trust(resources: Resources, principal: Any) -> None:
    role = resources["SummaryRole"]["Properties"]["AssumeRolePolicyDocument"]
    role["Statement"][0]["Principal"] = principal


def manage(resources: Resources, policy: str) -> None:
    resources["PredictorRole"]["Properties"]["ManagedPolicyArns"] = [policy]


MUTANTS: Final[dict[str, tuple[Callable[[Resources], None], Wildcard]]] = {
    "all of a service's actions": (
        lambda r: allow(r, Action="s3:*"),
        Wildcard("ApiFunctionRole", "action", "s3:*"),
    ),
    "a family of actions": (
        lambda r: allow(r, Action=["s3:PutObject", "s3:Get*"]),
        Wildcard("ApiFunctionRole", "action", "s3:Get*"),
    ),
    "one letter of an action": (
        lambda r: allow(r, Action="s3:?etObject"),
        Wildcard("ApiFunctionRole", "action", "s3:?etObject"),
    ),
    "every resource": (
        lambda r: allow(r, Resource="*"),
        Wildcard("ApiFunctionRole", "resource", "* to s3:GetObject"),
    ),
    "one more action on every resource": (
        lambda r: allow(r, Action=["xray:PutTraceSegments", "s3:GetObject"], Resource="*"),
        Wildcard("ApiFunctionRole", "resource", "* to s3:GetObject, xray:PutTraceSegments"),
    ),
    "every bucket's objects": (
        lambda r: allow(r, Resource={"Fn::Sub": "arn:${AWS::Partition}:s3:::*/*"}),
        Wildcard("ApiFunctionRole", "resource", "arn:${AWS::Partition}:s3:::*/*"),
    ),
    "a bucket by its first letters, in pieces": (
        lambda r: allow(r, Resource={"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "A"}, "*"]]}),
        Wildcard("ApiFunctionRole", "resource", "arn:aws:s3:::${A}*"),
    ),
    "a star that a substitution brings": (
        lambda r: allow(r, Resource={"Fn::Sub": ["${All}", {"All": "arn:aws:s3:::*"}]}),
        Wildcard("ApiFunctionRole", "resource", "arn:aws:s3:::*"),
    ),
    "another function's log": (
        lambda r: allow(r, Resource={"Fn::GetAtt": ["SummaryLogs", "Arn"]}),
        Wildcard("ApiFunctionRole", "resource", "${SummaryLogs.Arn}:*"),
    ),
    "all actions but one": (
        lambda r: allow(r, NotAction="iam:CreateUser"),
        Wildcard("ApiFunctionRole", "exception", "NotAction"),
    ),
    "all resources but one": (
        lambda r: allow(r, NotResource="arn:aws:s3:::a"),
        Wildcard("ApiFunctionRole", "exception", "NotResource"),
    ),
    "a condition that holds for all": (
        lambda r: allow(r, Condition={"StringLike": {"aws:PrincipalOrgID": "*"}}),
        Wildcard("ApiFunctionRole", "condition", "aws:PrincipalOrgID *"),
    ),
    "anybody": (lambda r: open_bucket(r, "*"), Wildcard("ImagesPolicy", "principal", "*")),
    "any account": (
        lambda r: open_bucket(r, {"AWS": ["*"]}),
        Wildcard("ImagesPolicy", "principal", "*"),
    ),
    "a service, for whomever": (
        lambda r: open_bucket(r, {"Service": "cloudfront.amazonaws.com"}),
        Wildcard("ImagesPolicy", "unbound", "cloudfront.amazonaws.com"),
    ),
    "events of any rule": (
        lambda r: unbind(r, "QueuePolicy"),
        Wildcard("QueuePolicy", "unbound", "events.amazonaws.com"),
    ),
    "any API": (
        lambda r: unbind(r, "ApiFunctionRootPermissionStage"),
        Wildcard("ApiFunctionRootPermissionStage", "unbound", "apigateway.amazonaws.com"),
    ),
    "a role for anybody": (
        lambda r: trust(r, {"AWS": "*"}),
        Wildcard("SummaryRole", "principal", "*"),
    ),
    "a policy of AWS's": (
        lambda r: manage(r, "arn:aws:iam::aws:policy/AdministratorAccess"),
        Wildcard("PredictorRole", "managed", "arn:aws:iam::aws:policy/AdministratorAccess"),
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wildcard_that_nobody_argued_for_is_found(expanded: Resources, name: str) -> None:
    mutate, wildcard = MUTANTS[name]
    mutant = copy.deepcopy(expanded)
    mutate(mutant)
    assert find_wildcards(mutant) - find_wildcards(expanded) == {wildcard}
    assert wildcard not in list_argued()


def test_an_argument_without_its_wildcard_is_found(expanded: Resources) -> None:
    mutant = copy.deepcopy(expanded)
    del mutant["SiteBucketPolicy"]
    assert list_argued() - find_wildcards(mutant) == {
        Wildcard("SiteBucketPolicy", "resource", "${SiteBucket.Arn}/*")
    }


def test_what_is_denied_may_be_wide(expanded: Resources) -> None:
    mutant = copy.deepcopy(expanded)
    allow(mutant, Effect="Deny", Action="*", Resource="*")
    assert find_wildcards(mutant) == find_wildcards(expanded)
