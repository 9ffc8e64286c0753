"""The whole stack in moto's CloudFormation: what it makes, and an exact list of what it can't."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from moto.cloudformation.parsing import resource_class_from_type

from tests.stack.choices import EVERYTHING
from tests.stack.cloud import connect, start_moto
from tests.stack.deploying import NO_TYPE, NOT_MADE, Deployment, deploy
from tests.stack.resources import walk

pytestmark = pytest.mark.slow

CHOICES: Final[dict[str, dict[str, str]]] = {
    "by-default": {},
    "everything": EVERYTHING,
    "x86-and-snapshots": {"Architecture": "x86_64", "SnapStart": "enabled", "StageName": "v2"},
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with start_moto(tmp_path_factory.mktemp("moto")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module", params=CHOICES)
def deployment(
    request: pytest.FixtureRequest, endpoint: str, documents: dict[str, dict[str, Any]]
) -> Deployment:
    return deploy(endpoint, documents["expanded"], request.param, **CHOICES[request.param])


def test_everything_is_made_but_for_what_moto_can_not_make(deployment: Deployment) -> None:
    wanted = {name: each["Type"] for name, each in deployment.template["Resources"].items()}
    made = {name: kind for name, kind in wanted.items() if kind not in NOT_MADE}
    assert deployment.ids.keys() == made.keys()
    without = {name for name, identity in deployment.ids.items() if not identity}
    assert {wanted[name] for name in without} <= {"AWS::Lambda::Version"}  # moto tells none
    for line in (f"{name} {wanted[name]} {each}" for name, each in deployment.ids.items()):
        print(line)


@pytest.mark.parametrize("kind", NOT_MADE)
def test_what_is_not_made_is_in_the_template_and_not_in_moto(
    documents: dict[str, dict[str, Any]], kind: str
) -> None:
    """Once moto learns it, or the template does without, the list is to be shorter."""
    kinds = {each["Type"] for each in documents["expanded"]["Resources"].values()}
    assert kind in kinds
    assert (resource_class_from_type(kind) is None) == (NOT_MADE[kind] == NO_TYPE)


def test_outputs_name_what_was_made(deployment: Deployment) -> None:
    ids = set(deployment.ids.values())
    buckets = {"SiteBucket", "ImagesBucket", "UploadsBucket", "ResultsBucket"}
    for name in {*buckets, "RecordsTable", "QueueUrl", "DeadLettersUrl", "BacklogArn"}:
        assert deployment.outputs[name].rpartition("/")[2] in {
            identity.rpartition("/")[2] for identity in ids
        }, name
    assert deployment.outputs["Address"].startswith(f"https://{deployment.ids['Api']}.")


def test_functions_are_told_of_stores_that_are_there(deployment: Deployment) -> None:
    aws = connect(deployment.endpoint, "lambda")
    for name in ("ApiFunction", "Predictor"):
        function = aws.get_function_configuration(FunctionName=deployment.ids[name])
        variables = function["Environment"]["Variables"]
        assert variables["INKLING_RECORDS_TABLE"] == deployment.ids["Records"]
        assert variables["INKLING_UPLOADS_BUCKET"] == deployment.ids["Uploads"]
        assert variables["INKLING_RESULTS_BUCKET"] == deployment.ids["Results"]
        role = connect(deployment.endpoint, "iam").get_role(RoleName=deployment.ids[f"{name}Role"])
        assert function["Role"] == role["Role"]["Arn"]


def test_an_uploads_event_comes_to_the_predictor(deployment: Deployment) -> None:
    targets = connect(deployment.endpoint, "events").list_targets_by_rule(
        Rule=deployment.ids["UploadedImages"]
    )["Targets"]
    assert [target["Arn"] for target in targets] == [deployment.outputs["QueueArn"]]
    aws = connect(deployment.endpoint, "lambda")
    mapping = aws.get_event_source_mapping(UUID=deployment.ids["PredictorUploaded"])
    assert mapping["EventSourceArn"] == deployment.outputs["QueueArn"]
    assert mapping["FunctionArn"].rpartition(":")[2] == deployment.ids["Predictor"]
    sqs = connect(deployment.endpoint, "sqs")
    attributes = sqs.get_queue_attributes(
        QueueUrl=deployment.outputs["QueueUrl"], AttributeNames=["All"]
    )["Attributes"]
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == deployment.outputs["DeadLettersArn"]


def test_backlog_calls_functions_that_are_there(deployment: Deployment) -> None:
    machine = connect(deployment.endpoint, "stepfunctions").describe_state_machine(
        stateMachineArn=deployment.ids["Backlog"]
    )
    assert "${" not in machine["definition"]
    words = {node for node in walk(json.loads(machine["definition"])) if isinstance(node, str)}
    for name in ("Predictor", "Summary"):
        function = connect(deployment.endpoint, "lambda").get_function(
            FunctionName=deployment.ids[name]
        )["Configuration"]
        assert function["FunctionArn"] in words


def test_every_log_ends(deployment: Deployment) -> None:
    groups = connect(deployment.endpoint, "logs").describe_log_groups()["logGroups"]
    retention = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    resources = deployment.template["Resources"]
    logs = [name for name in deployment.ids if resources[name]["Type"] == "AWS::Logs::LogGroup"]
    assert logs
    assert {retention[deployment.ids[name]] for name in logs} == {30}
