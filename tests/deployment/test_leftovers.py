from dataclasses import replace
from typing import Any

from deployment.leftovers import explain_removal, find_fate
from deployment.stack import Resource
from deployment.template_file import parse_template


def resource(logical_id: str, kind: str) -> Resource:
    return Resource(logical_id, logical_id.lower(), kind, "CREATE_COMPLETE")


def skip(resource: Resource) -> Resource:
    return replace(resource, status="DELETE_SKIPPED")


TABLE = resource("Records", "AWS::DynamoDB::Table")
IMAGES = resource("Images", "AWS::S3::Bucket")
SITE = resource("Site", "AWS::S3::Bucket")
FUNCTION = resource("Function", "AWS::Lambda::Function")
VERSION = resource("FunctionVersion1", "AWS::Lambda::Version")


def template(**policies: str | None) -> dict[str, Any]:
    written = {
        name: {"Type": "x", **({"DeletionPolicy": policy} if policy else {})}
        for name, policy in policies.items()
    }
    return {"Resources": written}


def test_what_stays_is_what_the_deployed_template_says() -> None:
    policies = template(Records="Retain", Images="RetainExceptOnCreate", Site=None)
    fate = find_fate([TABLE, IMAGES, SITE], policies)
    assert fate.kept == (TABLE, IMAGES)
    assert fate.removed == (SITE,)
    assert fate.emptied == (SITE,)


def test_bucket_that_stays_is_never_one_that_is_emptied() -> None:
    policies = template(Images="Retain", Site="Retain")
    assert find_fate([IMAGES, SITE], policies).emptied == ()


def test_versions_go_with_their_function_whatever_their_policy() -> None:
    policies = template(Function=None, FunctionVersion1="Retain")
    assert find_fate([FUNCTION, VERSION], policies).kept == ()


def test_what_cloudformation_passed_over_before_is_kept_too() -> None:
    """As after a creation that was rolled back, or a deletion that was broken off."""
    policies = template(Site=None, Records="Retain", Images="Retain", FunctionVersion1="Retain")
    left = [skip(TABLE), skip(IMAGES), skip(VERSION), replace(skip(SITE), physical_id="")]
    fate = find_fate([SITE, *left], policies)
    assert fate.kept == (skip(TABLE), skip(IMAGES))
    assert fate.removed == (SITE,)
    # Whatever the template says by now: it is not there to go.
    assert find_fate([skip(IMAGES)], template(Images=None)).emptied == ()


def test_commands_take_the_tables_protection_off_first() -> None:
    first, second = explain_removal(TABLE, "eu-west-1")
    assert first.startswith("aws dynamodb update-table --region eu-west-1 --table-name records ")
    assert first.endswith("--no-deletion-protection-enabled")
    assert second == "aws dynamodb delete-table --region eu-west-1 --table-name records"


def test_template_is_read_whatever_its_functions_are() -> None:
    text = "Resources: {A: {DeletionPolicy: Retain, Properties: {X: !Sub '${B}', Y: !If [a, b]}}}"
    assert parse_template(text)["Resources"]["A"]["DeletionPolicy"] == "Retain"
    assert parse_template('{"Resources": {}}') == {"Resources": {}}
