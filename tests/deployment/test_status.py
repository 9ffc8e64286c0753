"""`make status` as a process, against moto."""

from datetime import UTC, datetime, timedelta

import pytest

from deployment.metrics import Metric, read_metrics
from deployment.rollouts import describe_alias
from deployment.status import describe_age
from tests.deployment.desk import Desk, create_stack, find_physical_ids
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow


def test_one_screen_tells_how_the_stack_is(desk: Desk, stack: str) -> None:
    outputs = create_stack(desk.cloud, stack, PageAddress="http://127.0.0.1:9/")
    made = find_physical_ids(desk.cloud, stack)
    sqs = desk.cloud.connect("sqs")
    for i in range(3):
        sqs.send_message(QueueUrl=outputs["DeadLettersUrl"], MessageBody=str(i))
    desk.cloud.connect("cloudwatch").set_alarm_state(
        AlarmName=made["DeadLettersAlarm"], StateValue="ALARM", StateReason="three"
    )
    status, out, err = desk.run("status", "--stack", stack)
    assert (status, err) == (0, "")
    assert f"{stack}, eu-west-1, account 123456789012" in out
    assert "CREATE_COMPLETE, " in out
    assert "http://127.0.0.1:9/" in out
    assert "NO ANSWER: " in out
    assert "0 of 1 are OK" in out
    assert "An uploaded image waits for a person" in out
    assert "0 uploads wait" in out
    assert "3 dead letters" in out
    assert len(out.splitlines()) < 40


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


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (90, "1 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_age_is_in_its_largest_unit(seconds: int, words: str) -> None:
    assert describe_age(datetime.now(UTC) - timedelta(seconds=seconds)) == words
