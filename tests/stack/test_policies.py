"""Who may do what."""

from typing import Any, Final

import pytest

from tests.stack.conditions import choose
from tests.stack.conftest import Resources
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow


OBJECTS: Final = {"Fn::Sub": "${Images.Arn}/*"}
"""All objects of the one bucket: the widest that a statement may allow."""


MAY: Final[dict[str, tuple[Any, set[str]]]] = {
    "WriteOwnLog": (
        {"Fn::GetAtt": ["ApiFunctionLogs", "Arn"]},
        {"logs:CreateLogStream", "logs:PutLogEvents"},
    ),
    "KeepRecords": (
        {"Fn::GetAtt": ["Records", "Arn"]},
        {
            "dynamodb:PutItem",
            "dynamodb:GetItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        },
    ),
    "KeepImages": (OBJECTS, {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"}),
    "TellMissingImages": (
        [{"Fn::GetAtt": ["Images", "Arn"]}, {"Fn::GetAtt": ["Results", "Arn"]}],
        {"s3:ListBucket"},
    ),
    "LetUploadsIn": ({"Fn::Sub": "${Uploads.Arn}/uploads/*"}, {"s3:PutObject"}),
    "FindUploads": (
        {"Fn::GetAtt": ["Uploads", "Arn"]},
        {"s3:ListBucket", "s3:ListBucketVersions"},
    ),
    "ReadAndRemoveUploads": (
        [{"Fn::Sub": "${Uploads.Arn}/${ScansPrefix}*"}, {"Fn::Sub": "${Uploads.Arn}/uploads/*"}],
        {"s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion"},
    ),
    "RemoveResults": (
        [
            {"Fn::Sub": "${Results.Arn}/results/*"},
            {"Fn::Sub": "${Results.Arn}/results-of-long-keys/*"},
        ],
        {"s3:GetObject", "s3:DeleteObject"},
    ),
}
"""All that the API function may do: each policy's resource, and its actions."""


def test_no_function_has_a_managed_policy(expanded: Resources) -> None:
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert functions
    for function in functions:
        role, attribute = function["Role"]["Fn::GetAtt"]
        assert attribute == "Arn"
        assert "ManagedPolicyArns" not in expanded[role]["Properties"]


def test_api_function_may_do_what_is_argued_for_and_nothing_else(
    documents: dict[str, dict[str, Any]],
) -> None:
    expanded = choose(documents["expanded"])["Resources"]
    function = expanded["ApiFunction"]["Properties"]
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "ApiFunctionLogs"}
    role = expanded[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    found = {}
    for policy in role["Policies"]:
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement.keys() == {"Effect", "Action", "Resource"}
        assert len(statement["Action"]) == len(set(statement["Action"]))
        found[policy["PolicyName"]] = (statement["Resource"], set(statement["Action"]))
    assert found == MAY


def test_no_policy_is_attached_from_outside_a_role(expanded: Resources) -> None:
    kinds = {resource["Type"] for resource in expanded.values()}
    assert not {kind for kind in kinds if kind.startswith("AWS::IAM::")} - {"AWS::IAM::Role"}
