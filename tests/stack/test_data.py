"""Where data lives: its keys, its end, and that it is nobody else's."""

from typing import Final

import pytest

from tests.stack.conftest import Resources
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow


def test_records_are_kept_by_their_day_and_paid_by_the_request(expanded: Resources) -> None:
    (table,) = of_type(expanded, "AWS::DynamoDB::Table")
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    assert keys == {"HASH": "day", "RANGE": "id"}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert not {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & table.keys()
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"] == {"SSEEnabled": True}


GIVEN: Final = ["Images", "Uploads", "Results"]
"""The buckets with what people gave, and with what was read from it."""
PAGE: Final = "SiteBucket"
"""All of it is in the source."""


def test_there_are_those_buckets_and_no_others(expanded: Resources) -> None:
    found = [name for name, each in expanded.items() if each["Type"] == "AWS::S3::Bucket"]
    assert sorted(found) == sorted([*GIVEN, PAGE])


@pytest.mark.parametrize("name", [*GIVEN, PAGE])
def test_a_buckets_objects_are_nobody_elses(expanded: Resources, name: str) -> None:
    bucket = expanded[name]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    policy = expanded[f"{name}Policy"]["Properties"]
    assert policy["Bucket"] == {"Ref": name}
    statement = policy["PolicyDocument"]["Statement"][0]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == "s3:*"
    objects = {"Fn::Sub": f"${{{name}.Arn}}/*"}
    assert statement["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, objects]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_images_end_with_their_records_and_deleted_ones_at_once(expanded: Resources) -> None:
    bucket = expanded["Images"]["Properties"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == {"Ref": "RetentionInDays"}
    assert "Prefix" not in rule
    assert "VersioningConfiguration" not in bucket
    function = expanded["ApiFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    assert variables["INKLING_RETENTION_DAYS"] == {"Ref": "RetentionInDays"}


def test_what_people_gave_outlives_the_stack_and_the_page_does_not(written: Resources) -> None:
    kept = ["Records", *GIVEN, *(f"{name}Policy" for name in GIVEN)]
    gone = [PAGE, f"{PAGE}Policy"]
    for names, fate in ((kept, "Retain"), (gone, "Delete")):
        for name in names:
            assert written[name]["DeletionPolicy"] == written[name]["UpdateReplacePolicy"] == fate
    types = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"}
    assert {name for name, each in written.items() if each["Type"] in types} == {*kept, *gone}
