"""The way of an uploaded image, as the template has it: bucket, rule, queue, predictor, results."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from predictor.dead_letters import LAST_TRY
from predictor.settings import read_settings
from storage.records import LONGEST_WAIT
from storage.results import name_result
from tests.stack.conftest import CFN_LINT, PROJECT, TEMPLATE, Resources, expand, run_tool
from tests.stack.resources import walk

pytestmark = pytest.mark.slow

CYCLE: Final = Path(__file__).with_name("cycle.yaml")


def get_attribute(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def below(bucket: str, folder: str) -> dict[str, str]:
    return {"Fn::Sub": f"${{{bucket}.Arn}}/{folder}"}


MAY: Final[dict[str, tuple[Any, set[str]]]] = {
    "WriteOwnLog": (
        get_attribute("PredictorLogs"),
        {"logs:CreateLogStream", "logs:PutLogEvents"},
    ),
    "TakeFromQueue": (
        get_attribute("Queue"),
        {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    ),
    "SendOnWhatFails": (get_attribute("DeadLetters"), {"sqs:SendMessage"}),
    "ReadUploads": (
        [below("Uploads", "${ScansPrefix}*"), below("Uploads", "uploads/*")],
        {"s3:GetObject", "s3:GetObjectVersion"},
    ),
    "TellWhatIsGone": (get_attribute("Uploads"), {"s3:ListBucket", "s3:ListBucketVersions"}),
    "TellMissingResults": (get_attribute("Results"), {"s3:ListBucket"}),
    "RemoveWhatWasDeletedMeanwhile": (below("Uploads", "uploads/*"), {"s3:DeleteObjectVersion"}),
    "WriteResults": (
        [below("Results", "results/*"), below("Results", "results-of-long-keys/*")],
        {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"},
    ),
    "KeepRecords": (
        get_attribute("Records"),
        {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"},
    ),
}
"""All that the predictor may do: each policy's resource, and its actions."""


def test_predictor_may_do_what_is_argued_for_and_nothing_else(expanded: Resources) -> None:
    function = expanded["Predictor"]["Properties"]
    assert function["Role"] == get_attribute("PredictorRole")
    found = {}
    for policy in expanded["PredictorRole"]["Properties"]["Policies"]:
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement.keys() == {"Effect", "Action", "Resource"}
        found[policy["PolicyName"]] = (statement["Resource"], set(statement["Action"]))
    assert found == MAY


@pytest.mark.parametrize("key", ["scans/7.png", "uploads/0.png", "x" * 1024])
def test_predictor_may_write_every_result(expanded: Resources, key: str) -> None:
    del expanded
    folders = [resource["Fn::Sub"].partition("/")[2][:-1] for resource in MAY["WriteResults"][0]]
    assert name_result(key).startswith(tuple(folders))


def test_the_rule_lets_through_what_is_an_image_and_no_more(expanded: Resources) -> None:
    rule = expanded["UploadedImages"]["Properties"]
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": "Uploads"}]},
            "object": {
                "key": [{"prefix": {"Ref": "ScansPrefix"}}, {"prefix": "uploads/"}],
                "size": [{"numeric": [">", 0]}],
            },
        },
    }
    (target,) = rule["Targets"]
    assert target["Arn"] == get_attribute("Queue")
    assert target["DeadLetterConfig"] == {"Arn": get_attribute("DeadLetters")}


def test_a_message_has_five_tries_and_each_the_time_it_needs(expanded: Resources) -> None:
    queue = expanded["Queue"]["Properties"]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": get_attribute("DeadLetters"),
        "maxReceiveCount": LAST_TRY,
    }
    timeout = expanded["Predictor"]["Properties"]["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * timeout
    dead_letters = expanded["DeadLetters"]["Properties"]
    assert dead_letters["MessageRetentionPeriod"] == 14 * 24 * 60 * 60
    waits = sum(each["MessageRetentionPeriod"] for each in (queue, dead_letters))
    assert timedelta(seconds=waits) < LONGEST_WAIT


def test_messages_fail_alone_and_batches_are_bounded(expanded: Resources) -> None:
    (source,) = (
        each["Properties"]
        for each in expanded.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
    )
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BatchSize"] == 10
    assert source["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "PredictorConcurrency"}}
    assert source["EventSourceArn"] == get_attribute("Queue")
    assert source["FunctionName"] == {"Ref": "Predictor"}


@pytest.mark.parametrize(
    ("queue", "policy"), [("Queue", "QueuePolicy"), ("DeadLetters", "DeadLettersPolicy")]
)
def test_only_the_rule_may_send_to_a_queue_and_nobody_in_the_clear(
    expanded: Resources, queue: str, policy: str
) -> None:
    assert expanded[queue]["Properties"]["SqsManagedSseEnabled"] is True
    properties = expanded[policy]["Properties"]
    assert properties["Queues"] == [{"Ref": queue}]
    allow, deny = properties["PolicyDocument"]["Statement"]
    assert allow == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": get_attribute(queue),
        "Condition": {"ArnEquals": {"aws:SourceArn": get_attribute("UploadedImages")}},
    }
    assert deny == {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": get_attribute(queue),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_uploads_have_versions_and_tell_eventbridge_alone(expanded: Resources) -> None:
    bucket = expanded["Uploads"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }


def test_results_tell_nobody_so_that_none_is_read_again(expanded: Resources) -> None:
    assert "NotificationConfiguration" not in expanded["Results"]["Properties"]


def test_uploads_and_results_end(expanded: Resources) -> None:
    uploads = expanded["Uploads"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" and "Prefix" not in rule for rule in uploads)
    assert uploads[0]["ExpirationInDays"] == {"Ref": "UploadRetentionInDays"}
    replaced = {"NoncurrentDays": {"Ref": "ReplacedUploadRetentionInDays"}}
    assert uploads[0]["NoncurrentVersionExpiration"] == replaced
    assert uploads[1]["ExpiredObjectDeleteMarker"] is True
    results = expanded["Results"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert results[0]["ExpirationInDays"] == {"Ref": "ResultRetentionInDays"}


def test_a_page_elsewhere_may_send_to_the_uploads_and_read_nothing(expanded: Resources) -> None:
    (rule,) = expanded["Uploads"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["POST"]
    assert rule["AllowedOrigins"] == [{"Ref": "PageOrigin"}]


@pytest.mark.parametrize(
    ("name", "accepted", "refused"),
    [
        ("PageOrigin", ["*", "https://digits.example"], ["", "https://*", "https://a.b/c"]),
        ("ScansPrefix", ["scans/", "a/b/"], ["", "/", "scans", "/scans/", "sc*/"]),
        ("AlarmTopicArn", ["", "arn:aws:sns:eu-west-1:1:t"], ["topic"]),
    ],
)
def test_parameters_take_what_makes_sense(
    documents: dict[str, Any], name: str, accepted: list[str], refused: list[str]
) -> None:
    pattern = documents["template"]["Parameters"][name]["AllowedPattern"]
    assert all(re.fullmatch(pattern, text) for text in accepted)
    assert not any(re.fullmatch(pattern, text) for text in refused)


def test_the_predictor_reads_every_variable_that_the_template_gives_it(
    expanded: Resources,
) -> None:
    given = expanded["Predictor"]["Properties"]["Environment"]["Variables"]
    source = (PROJECT / "functions/predictor/settings.py").read_text()
    read = set(re.findall(r'"(INKLING_[A-Z0-9_]+)"', source))
    assert {name for name in given if name.startswith("INKLING_")} == read
    assert given["INKLING_DEAD_LETTERS_URL"] == {"Ref": "DeadLetters"}
    texts = dict.fromkeys(read, "7")
    read_settings(texts)


ALARMS: Final = {
    "UploadsWaitAlarm": ("ApproximateAgeOfOldestMessage", get_attribute("Queue", "QueueName")),
    "DeadLettersAlarm": (
        "ApproximateNumberOfMessagesVisible",
        get_attribute("DeadLetters", "QueueName"),
    ),
    "PredictorErrorsAlarm": ("Errors", {"Ref": "Predictor"}),
}


@pytest.mark.parametrize("name", ALARMS)
def test_somebody_is_told_of_trouble(expanded: Resources, name: str) -> None:
    alarm = expanded[name]["Properties"]
    (dimension,) = alarm["Dimensions"]
    assert (alarm["MetricName"], dimension["Value"]) == ALARMS[name]
    assert {"Ref": "AlarmTopicArn"} in walk(alarm["AlarmActions"])
    assert alarm["TreatMissingData"] == "notBreaching"


def test_bucket_and_function_that_wait_for_each_other_are_refused(
    stack_environment: dict[str, str], tmp_path: Path
) -> None:
    """The check that the template passes would not pass the way that most take."""
    path = tmp_path / "expanded.json"
    path.write_text(json.dumps(expand(CYCLE, stack_environment)["expanded"]))
    with pytest.raises(AssertionError, match="E3004 Circular Dependencies"):
        run_tool(*CFN_LINT, str(path), environment=stack_environment)
    path.write_text(json.dumps(expand(TEMPLATE, stack_environment)["expanded"]))
    run_tool(*CFN_LINT, str(path), environment=stack_environment)
