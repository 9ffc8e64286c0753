"""What `make destroy` removes, and what it keeps: as a process, against moto."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deployment.desk import Desk, create_stack, find_physical_ids, write_template
from tests.deployment.relay import Answer, serve_relay
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow


def fill(cloud: Cloud, bucket: str, *, versions: bool = False) -> Any:
    """Put objects into a bucket: of one key several versions, and a mark that it was deleted."""
    s3 = cloud.connect("s3")
    if versions:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for i in range(3):
        s3.put_object(Bucket=bucket, Key="one", Body=str(i).encode())
        s3.put_object(Bucket=bucket, Key=f"other-{i}", Body=b"x")
    if versions:
        s3.delete_object(Bucket=bucket, Key="one")
    return s3


def bucket_exists(cloud: Cloud, bucket: str) -> bool:
    try:
        cloud.connect("s3").head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def stack_exists(cloud: Cloud, name: str) -> bool:
    try:
        cloud.connect("cloudformation").describe_stacks(StackName=name)
    except ClientError:
        return False
    return True


def test_site_is_emptied_of_all_versions_and_what_has_data_is_kept_and_named(
    desk: Desk, stack: str
) -> None:
    create_stack(desk.cloud, stack)
    made = find_physical_ids(desk.cloud, stack)
    fill(desk.cloud, made["SiteBucket"], versions=True)
    s3 = fill(desk.cloud, made["Images"], versions=True)
    status, out, err = desk.run("destroy", "--stack", stack, "--confirm", stack, "--poll", "0.1")
    assert (status, err) == (0, "")
    assert f"First 7 objects go from the bucket {made['SiteBucket']}." in out
    assert not stack_exists(desk.cloud, stack)
    assert not bucket_exists(desk.cloud, made["SiteBucket"])
    assert len(s3.list_object_versions(Bucket=made["Images"])["Versions"]) == 6
    assert desk.cloud.connect("dynamodb").describe_table(TableName=made["Records"])
    plan, _, kept = out.partition(f"The stack {stack} is gone.")
    assert f"{made['Images']}: 7 objects" in plan
    for name in (made["Images"], made["Records"]):
        assert name in kept
    assert f"AWS_REGION=eu-west-1 make destroy KEPT={made['Images']}\n" in kept
    assert made["SiteBucket"] not in kept


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Nobody is here to be asked: CONFIRM={0} removes it without asking."),
        (["--confirm", "another"], "That is not {0}: nothing was removed."),
        (["--confirm", "yes"], "That is not {0}: nothing was removed."),
    ],
)
def test_nothing_is_removed_without_the_stacks_name(
    desk: Desk, stack: str, given: list[str], sentence: str
) -> None:
    create_stack(desk.cloud, stack)
    made = find_physical_ids(desk.cloud, stack)
    s3 = fill(desk.cloud, made["SiteBucket"])
    status, out, err = desk.run("destroy", "--stack", stack, *given)
    assert (status, err) == (1, sentence.format(stack) + "\n")
    assert "AWS::S3::Bucket" in out  # it was told beforehand what would go
    assert s3.list_objects_v2(Bucket=made["SiteBucket"])["KeyCount"] == 4
    assert stack_exists(desk.cloud, stack)


def test_stack_that_is_not_there_is_told(desk: Desk) -> None:
    status, out, err = desk.run("destroy", "--stack", "nobody", "--confirm", "nobody")
    assert (status, out) == (1, "")
    assert err.startswith("There is no stack called nobody in eu-west-1.")


def test_protected_stack_stays_and_the_way_out_is_told(desk: Desk, stack: str) -> None:
    desk.cloud.connect("cloudformation").create_stack(
        StackName=stack, TemplateBody=write_template(), EnableTerminationProtection=True
    )
    status, out, err = desk.run("destroy", "--stack", stack, "--confirm", stack)
    assert (status, out) == (1, "")
    assert "aws cloudformation update-termination-protection --no-enable-term" in err
    assert stack_exists(desk.cloud, stack)


def test_bucket_that_was_kept_is_removed_by_its_own_name(desk: Desk, stack: str) -> None:
    create_stack(desk.cloud, stack)
    bucket = find_physical_ids(desk.cloud, stack)["Images"]
    fill(desk.cloud, bucket, versions=True)
    in_use = desk.run("destroy", "--kept", bucket, "--confirm", bucket)
    assert (in_use[0], in_use[2]) == (1, f"{bucket} is in use, by the stack {stack}.\n")
    assert desk.run("destroy", "--stack", stack, "--confirm", stack, "--poll", "0.1")[0] == 0
    assert desk.run("destroy", "--kept", bucket)[0] == 1
    assert bucket_exists(desk.cloud, bucket)
    status, out, err = desk.run("destroy", "--kept", bucket, "--confirm", bucket)
    assert (status, err) == (0, "")
    assert f"The bucket {bucket} in eu-west-1, account 123456789012, has 7 objects." in out
    assert not bucket_exists(desk.cloud, bucket)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_bucket_of_a_stack_in_another_region_than_the_shells_is_in_use(
    desk: Desk, stack: str, region: str
) -> None:
    """S3 finds a bucket from anywhere; CloudFormation knows its own region's stacks alone."""
    create_stack(desk.cloud, stack)
    bucket = find_physical_ids(desk.cloud, stack)["Images"]
    fill(desk.cloud, bucket)
    abroad = desk.move(region)
    status, out, err = abroad.run("destroy", "--kept", bucket, "--confirm", bucket)
    assert (status, err) == (1, f"{bucket} is in use, by the stack {stack}.\n"), out
    assert desk.run("destroy", "--stack", stack, "--confirm", stack, "--poll", "0.1")[0] == 0
    status, out, err = abroad.run("destroy", "--kept", bucket, "--confirm", bucket)
    assert (status, err) == (0, "")
    assert f"The bucket {bucket} in eu-west-1, account 123456789012, has 4 objects." in out
    assert not bucket_exists(desk.cloud, bucket)


def test_bucket_that_is_not_there_is_told(desk: Desk) -> None:
    status, out, err = desk.run("destroy", "--kept", "nobodys", "--confirm", "nobodys")
    assert (status, out, err) == (1, "", "There is no bucket called nobodys.\n")


@pytest.mark.parametrize("status", [200, 403])
def test_bucket_whose_region_is_not_told_stays(desk: Desk, stack: str, status: int) -> None:
    def hide_region(answer: Answer) -> None:
        if answer.request == "HEAD":
            answer.status, answer.headers = status, {}

    create_stack(desk.cloud, stack)
    bucket = find_physical_ids(desk.cloud, stack)["Images"]
    with serve_relay(desk.cloud.endpoint, hide_region) as endpoint:
        result = desk.at(endpoint).run("destroy", "--kept", bucket, "--confirm", bucket)
    assert (result[0], result[1]) == (1, "")
    assert "it can't be told whether a stack uses it, and it stays.\n" in result[2]
    assert bucket_exists(desk.cloud, bucket)


def roll_back(answer: Answer) -> None:
    """Have a stack look as after a creation that failed: what has a policy was skipped.

    As CloudFormation's own list has it; moto never rolls back.
    """
    text = answer.body.decode()
    if answer.request == "DescribeStacks":
        text = text.replace("CREATE_COMPLETE", "ROLLBACK_COMPLETE")
    elif answer.request == "ListStackResources":
        text = re.sub(
            r"<member>.*?</member>",
            lambda found: found[0].replace(
                "CREATE_COMPLETE",
                "DELETE_SKIPPED"
                if re.search("<LogicalResourceId>(Images|Records)<", found[0])
                else "DELETE_COMPLETE",
            ),
            text,
            flags=re.DOTALL,
        )
    answer.body = text.encode()


def test_what_a_failed_creation_left_is_named(desk: Desk, stack: str) -> None:
    create_stack(desk.cloud, stack)
    made = find_physical_ids(desk.cloud, stack)
    s3 = fill(desk.cloud, made["Images"])
    with serve_relay(desk.cloud.endpoint, roll_back) as endpoint:
        options = ["--stack", stack, "--confirm", stack, "--poll", "0.1"]
        status, out, err = desk.at(endpoint).run("destroy", *options)
    assert (status, err) == (0, "")
    assert "is ROLLBACK_COMPLETE.\nThese 0 go:\n\nThese 2 stay, with what is in them:\n" in out
    _, _, kept = out.partition(f"The stack {stack} is gone.")
    assert f"AWS_REGION=eu-west-1 make destroy KEPT={made['Images']}\n" in kept
    assert f"aws dynamodb delete-table --region eu-west-1 --table-name {made['Records']}" in kept
    assert s3.list_objects_v2(Bucket=made["Images"])["KeyCount"] == 4
