"""The way back that an operator is offered, against moto's Lambda."""

import io
import zipfile
from dataclasses import replace

import pytest

from deployment.account import Account, open_account
from deployment.rollback import describe_rollback, find_rollback
from deployment.stack import require_stack
from tests.deployment.desk import create_stack
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow


@pytest.fixture
def account(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name, value in cloud.account.items():
        monkeypatch.setenv(name, value)
    return open_account()


def publish_twice(cloud: Cloud, name: str) -> list[str]:
    """A function with two versions, whose alias is at the first. Returns their numbers."""
    role = cloud.connect("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument="{}", Path="/test/"
    )["Role"]["Arn"]
    client = cloud.connect("lambda")
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="handler.handle",
        Code={"ZipFile": pack("1")},
    )
    versions = [client.publish_version(FunctionName=name)["Version"]]
    client.update_function_code(FunctionName=name, ZipFile=pack("2"))
    versions.append(client.publish_version(FunctionName=name)["Version"])
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=versions[0])
    return versions


def pack(code: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", code)
    return packed.getvalue()


def test_version_that_answered_before_is_offered_while_it_is_there(
    cloud: Cloud, account: Account, stack: str
) -> None:
    first, _ = publish_twice(cloud, stack)
    create_stack(cloud, stack, ApiFunctionName=stack, ApiFunctionAlias="live")
    deployed = require_stack(cloud.connect("cloudformation"), stack)
    rollback = find_rollback(account, stack, deployed)
    assert f"--name live --function-version {first} " in describe_rollback(
        account, rollback, deployed
    )
    client = cloud.connect("lambda")
    client.delete_alias(FunctionName=stack, Name="live")
    client.delete_function(FunctionName=stack, Qualifier=first)
    now = replace(deployed, parameters={"Greeting": 'it\'s a "new" one'})
    told = describe_rollback(account, rollback, now)
    assert "update-alias" not in told
    assert f"version {first}, which answered before, is gone" in told
    assert f"make deploy STACK={stack} PARAMETERS='Greeting=\"hello\"'" in told
    assert "make destroy" not in told


def test_first_deployment_has_no_way_back_but_to_nothing(
    cloud: Cloud, account: Account, stack: str
) -> None:
    create_stack(cloud, stack)
    deployed = require_stack(cloud.connect("cloudformation"), stack)
    told = describe_rollback(account, find_rollback(account, "mine", None), deployed)
    assert "update-alias" not in told
    assert "make destroy STACK=mine" in told
