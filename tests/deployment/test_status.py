"""`make status` as a process, against moto."""

from datetime import UTC, datetime, timedelta

import pytest

from deployment.account import open_account
from deployment.metrics import Metric, read_metrics
from deployment.rollouts import describe_alias, list_deployments
from deployment.stack import Resource, require_stack
from deployment.status import View, describe_age, describe_alarms
from tests.deployment.desk import Desk, create_stack
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow


def test_one_screen_tells_how_the_stack_is(desk: Desk, stack: str) -> None:
    outputs = create_stack(desk.cloud, stack, PageAddress="http://127.0.0.1:9/")
    sqs = desk.cloud.connect("sqs")
    for i in range(3):
        sqs.send_message(QueueUrl=outputs["DeadLettersUrl"], MessageBody=str(i))
    status, out, err = desk.run("status", "--stack", stack)
    assert (status, err) == (0, "")
    assert f"{stack}, eu-west-1, account 123456789012" in out
    assert "CREATE_COMPLETE, " in out
    assert "http://127.0.0.1:9/" in out
    assert "NO ANSWER: " in out
    assert "0 uploads wait" in out
    assert "3 dead letters" in out
    assert len(out.splitlines()) < 40


def test_alarm_that_is_not_well_is_told_with_what_it_means(
    cloud: Cloud, stack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """moto's CloudFormation makes no alarms: these are made beside it."""
    for name, value in cloud.account.items():
        monkeypatch.setenv(name, value)
    create_stack(cloud, stack)
    cloudwatch = cloud.connect("cloudwatch")
    for name, state in (("calm", "OK"), ("loud", "ALARM")):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            AlarmDescription=f"It is {name}",
            Namespace="AWS/SQS",
            MetricName="ApproximateNumberOfMessagesVisible",
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        )
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="so")
    found = require_stack(cloud.connect("cloudformation"), stack)
    alarms = [Resource(n, n, "AWS::CloudWatch::Alarm", "") for n in ("calm", "loud")]
    first, second = describe_alarms(View(open_account(), found, alarms))
    assert first == "1 of 2 are OK"
    assert second.startswith("ALARM for ")
    assert second.endswith(": It is loud")


def test_stack_that_is_not_there_is_told(desk: Desk) -> None:
    status, out, err = desk.run("status", "--stack", "nobody")
    assert (status, out) == (1, "")
    assert err.startswith("There is no stack called nobody in eu-west-1.")


def test_figures_are_summed_up_and_of_others_the_highest_is_taken(cloud: Cloud) -> None:
    cloudwatch = cloud.connect("cloudwatch")
    now = datetime.now(UTC)
    for hours, value in ((1, 5.0), (2, 7.0), (30, 100.0)):
        cloudwatch.put_metric_data(
            Namespace="Test",
            MetricData=[
                {"MetricName": "n", "Value": value, "Timestamp": now - timedelta(hours=hours)}
            ],
        )
    metrics = {
        "sum": Metric("Test", "n", {}, "Sum"),
        "most": Metric("Test", "n", {}, "Maximum"),
        "none": Metric("Test", "other", {}, "Sum"),
    }
    day = read_metrics(cloudwatch, metrics, now - timedelta(hours=24), timedelta(hours=1))
    assert day == {"sum": 12.0, "most": 7.0, "none": None}


def test_share_of_a_canary_is_told() -> None:
    assert describe_alias("live", {"FunctionVersion": "7"}) == "live is version 7"
    canary = {"FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"8": 0.1}}}
    assert describe_alias("live", canary) == "live is version 7, and for 10% version 8"


def test_newest_deployment_is_told_in_whatever_order_they_are_listed(
    cloud: Cloud, stack: str
) -> None:
    codedeploy = cloud.connect("codedeploy")
    codedeploy.create_application(applicationName=stack, computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName=stack, deploymentGroupName="g", serviceRoleArn="arn:aws:iam::1:role/x"
    )
    made = [
        codedeploy.create_deployment(applicationName=stack, deploymentGroupName="g")["deploymentId"]
        for _ in range(30)  # of which AWS tells 25 in one answer
    ]
    listed = codedeploy.list_deployments(applicationName=stack, deploymentGroupName="g")
    assert listed["deployments"][0] == made[0]  # moto's order, the oldest first
    assert list_deployments(codedeploy, stack, "g") == [f"{made[-1]} is Created"]


def test_group_without_a_deployment_has_nothing_to_tell(cloud: Cloud, stack: str) -> None:
    codedeploy = cloud.connect("codedeploy")
    codedeploy.create_application(applicationName=stack, computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName=stack, deploymentGroupName="g", serviceRoleArn="arn:aws:iam::1:role/x"
    )
    assert list_deployments(codedeploy, stack, "g") == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (90, "1 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_age_is_in_its_largest_unit(seconds: int, words: str) -> None:
    assert describe_age(datetime.now(UTC) - timedelta(seconds=seconds)) == words
