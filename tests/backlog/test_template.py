"""The backlog's part of the template: what its machine and its summary may do, and no more."""

from typing import Any, Final

import pytest

from backlog.stack import OUTPUTS
from predictor.settings import RESULTS_VARIABLE
from tests.stack.cloud import read_template
from tests.stack.conftest import PROJECT, expand

pytestmark = pytest.mark.slow

Resources = dict[str, dict[str, Any]]

UPLOADS: Final = {"Fn::GetAtt": ["Uploads", "Arn"]}
RESULTS: Final = {"Fn::GetAtt": ["Results", "Arn"]}
BACKLOGS: Final = {"Fn::Sub": "${Results.Arn}/backlogs/*"}
OWN: Final = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}"
NAME: Final = "${AWS::StackName}-backlog"

MAY: Final[dict[str, dict[str, tuple[Any, set[str]]]]] = {
    "BacklogRole": {
        "ListUploads": (UPLOADS, {"s3:ListBucket"}),
        "ReadInventories": ({"Fn::Sub": "${Results.Arn}/inventories/*"}, {"s3:GetObject"}),
        "CallFunctions": (
            [{"Fn::GetAtt": [name, "Arn"]} for name in ("Predictor", "Summary")],
            {"lambda:InvokeFunction"},
        ),
        "LeaveResults": (
            BACKLOGS,
            {
                "s3:PutObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:AbortMultipartUpload",
            },
        ),
        "RunBatches": (
            {"Fn::Sub": f"{OWN}:stateMachine:{NAME}"},
            {"states:StartExecution"},
        ),
        "StopAndRedriveBatches": (
            [{"Fn::Sub": f"{OWN}:execution:{NAME}{end}"} for end in (":*", "/*")],
            {"states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"},
        ),
        # CloudWatch takes no narrower resource for these (Step Functions' guide, "Logging").
        "DeliverLogs": (
            "*",
            {
                "logs:CreateLogDelivery",
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            },
        ),
    },
    "SummaryRole": {
        "WriteOwnLog": (
            {"Fn::GetAtt": ["SummaryLogs", "Arn"]},
            {"logs:CreateLogStream", "logs:PutLogEvents"},
        ),
        "FindResults": (RESULTS, {"s3:ListBucket"}),
        "ReadAndWriteResults": (BACKLOGS, {"s3:GetObject", "s3:PutObject"}),
    },
}
"""All that each role may do: each policy's resource, and its actions."""

PREFIXES: Final = {
    "ListUploads": [{"Fn::Sub": "${ScansPrefix}*"}, "uploads/*"],
    "FindResults": "backlogs/*",
}


@pytest.fixture(scope="module")
def expanded(stack_environment: dict[str, str]) -> Resources:
    resources: Resources = expand(PROJECT / "template.yaml", stack_environment)["expanded"][
        "Resources"
    ]
    return resources


@pytest.mark.parametrize("role", MAY)
def test_role_may_do_what_is_argued_for_and_nothing_else(expanded: Resources, role: str) -> None:
    found = {}
    for policy in expanded[role]["Properties"]["Policies"]:
        (statement,) = policy["PolicyDocument"]["Statement"]
        name, actions = policy["PolicyName"], statement["Action"]
        assert statement["Effect"] == "Allow"
        conditions = {"StringLike": {"s3:prefix": PREFIXES[name]}} if name in PREFIXES else None
        assert statement.get("Condition") == conditions
        assert statement.keys() <= {"Effect", "Action", "Resource", "Condition"}
        found[name] = (
            statement["Resource"],
            set(actions if isinstance(actions, list) else [actions]),
        )
    assert found == MAY[role]


def test_step_functions_alone_is_the_machine_and_for_this_account(expanded: Resources) -> None:
    (statement,) = expanded["BacklogRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "states.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_machine_is_called_what_its_role_calls_it(expanded: Resources) -> None:
    machine = expanded["Backlog"]["Properties"]
    assert machine["StateMachineName"] == {"Fn::Sub": NAME}
    assert machine["RoleArn"] == {"Fn::GetAtt": ["BacklogRole", "Arn"]}
    assert "StateMachineType" not in machine  # Standard: Express knows no redrive


def test_machine_logs_no_keys(expanded: Resources) -> None:
    logging = expanded["Backlog"]["Properties"]["LoggingConfiguration"]
    assert logging["IncludeExecutionData"] is False
    assert logging["Level"] == "ERROR"
    group = expanded["BacklogLogs"]["Properties"]
    assert group["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/states/")
    assert group["RetentionInDays"] == {"Ref": "LogRetentionInDays"}


def test_failed_backlog_raises_an_alarm(expanded: Resources) -> None:
    alarm = expanded["BacklogFailedAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/States", "ExecutionsFailed")
    assert alarm["Dimensions"] == [{"Name": "StateMachineArn", "Value": {"Ref": "Backlog"}}]


def test_summary_has_the_predictors_package_and_its_one_setting(expanded: Resources) -> None:
    summary, predictor = (expanded[name]["Properties"] for name in ("Summary", "Predictor"))
    assert summary["Handler"] == "predictor.summary.handler"
    assert summary["Environment"]["Variables"][RESULTS_VARIABLE] == {"Ref": "Results"}
    for name in ("Runtime", "Architectures"):
        assert summary[name] == predictor[name]
    rules = (PROJECT / "lambda_package/package.mk").read_text(encoding="utf-8")
    assert "build-Predictor build-Summary:" in rules


def test_s3_may_leave_lists_of_the_uploads_and_of_nothing_else(expanded: Resources) -> None:
    statements = expanded["ResultsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (allowed,) = [each for each in statements if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Resource"] == {"Fn::Sub": "${Results.Arn}/inventories/*"}
    assert allowed["Condition"] == {
        "ArnEquals": {"aws:SourceArn": UPLOADS},
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }


def test_limits_of_a_backlog_are_parameters_with_bounds() -> None:
    parameters = read_template()["Parameters"]
    for name in ("BacklogConcurrency", "BacklogBatchSize", "BacklogToleratedPercentage"):
        limit = parameters[name]
        assert limit["Type"] == "Number"
        assert limit["MinValue"] <= limit["Default"] <= limit["MaxValue"]
    # The predictor begins with no image in its last twenty seconds, and one may take two.
    timeout = read_template()["Resources"]["Predictor"]["Properties"]["Timeout"]
    assert parameters["BacklogBatchSize"]["MaxValue"] * 2 <= timeout - 20
    assert parameters["BacklogToleratedPercentage"]["MaxValue"] == 100


def test_command_finds_what_it_needs_in_the_outputs() -> None:
    assert set(OUTPUTS.values()) < read_template()["Outputs"].keys()
