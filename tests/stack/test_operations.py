"""What an operator relies on: versions and their alias, alarms, the dashboard, spend, tags."""

import json
import re
from typing import Any, Final

import pytest

from predictor.logs import Log
from predictor.settings import NAMESPACE_VARIABLE
from tests.stack.conditions import choose
from tests.stack.conftest import PROJECT, Resources
from tests.stack.resources import of_type, walk

pytestmark = pytest.mark.slow

Documents = dict[str, dict[str, Any]]

ALIAS: Final = "ApiFunctionAliaslive"
FREE_ALARMS: Final = 10
"""That CloudWatch gives every account (its price list, free tier)."""
DESCRIPTION_LENGTH: Final = 256
"""The most of a version's."""
STACK_NAME_LENGTH: Final = 128
ALARM_NAME_LENGTH: Final = 255
"""The most that CloudFormation and CloudWatch take."""


def find_version(expanded: Resources) -> str:
    (name,) = (name for name, each in expanded.items() if each["Type"] == "AWS::Lambda::Version")
    return name


def find_judges(expanded: Resources) -> list[str]:
    """The alarms that CodeDeploy looks at."""
    policy = expanded[ALIAS]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    group = expanded[policy["DeploymentGroupName"]["Ref"]]["Properties"]
    return [alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]]


def names_in(node: Any) -> set[str]:
    """Whatever a part of a template refers to, by name."""
    found = set()
    for each in walk(node):
        if isinstance(each, dict):
            if "Ref" in each:
                found.add(each["Ref"])
            if "Fn::GetAtt" in each:
                found.add(each["Fn::GetAtt"][0])
            if "Fn::If" in each:
                found.add(each["Fn::If"][0])
            if "Fn::Sub" in each:
                value = each["Fn::Sub"]
                text = value if isinstance(value, str) else value[0]
                found |= {name.partition(".")[0] for name in re.findall(r"\$\{([^}]+)\}", text)}
    return found


def test_requests_come_to_the_alias_and_to_nothing_else(expanded: Resources) -> None:
    body = expanded["Api"]["Properties"]["Body"]
    integrations = [
        method["x-amazon-apigateway-integration"]["uri"]
        for path in body["paths"].values()
        for method in path.values()
    ]
    assert integrations
    for uri in integrations:
        assert f"functions/${{{ALIAS}}}/invocations" in uri["Fn::Sub"]
    permissions = of_type(expanded, "AWS::Lambda::Permission")
    for permission in permissions:
        if permission["Principal"] == "apigateway.amazonaws.com":
            assert permission["FunctionName"] == {"Ref": ALIAS}


def test_alarms_are_of_the_new_version_before_anyone_is_sent_to_it(expanded: Resources) -> None:
    """CloudFormation makes first what something refers to: version, alarms, group, alias."""
    version = find_version(expanded)
    policy = expanded[ALIAS]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    assert policy["BeforeAllowTrafficHook"] == {"Ref": "Rehearsal"}
    assert version in names_in(expanded["Rehearsal"])
    group = expanded[policy["DeploymentGroupName"]["Ref"]]["Properties"]
    assert group["AutoRollbackConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    judges = find_judges(expanded)
    assert len(judges) == 3
    for name in judges:
        dimensions = expanded[name]["Properties"]["Dimensions"]
        assert {"Fn::GetAtt": [version, "Version"]} in [each["Value"] for each in dimensions]


def test_a_cure_is_not_refused_by_the_alarm_of_what_it_cures(expanded: Resources) -> None:
    """An alarm that is changed keeps its state until it's evaluated next (CloudWatch's API,
    PutMetricAlarm). One of another name is another, and has none yet."""
    version = find_version(expanded)
    names = [expanded[name]["Properties"]["AlarmName"] for name in find_judges(expanded)]
    texts = {name["Fn::Sub"] for name in names}
    assert len(texts) == 3
    for text in texts:
        assert re.fullmatch(rf"\$\{{AWS::StackName\}}-[a-z-]+-\$\{{{version}\.Version\}}", text)
        longest = text.replace("${AWS::StackName}", "x" * STACK_NAME_LENGTH)
        assert len(longest.partition("$")[0]) + len("1000000") <= ALARM_NAME_LENGTH


def test_a_version_stays_as_a_way_back_from_other_code(expanded: Resources) -> None:
    assert expanded[find_version(expanded)]["DeletionPolicy"] == "Retain"


def test_a_parameter_with_another_value_makes_another_version(documents: Documents) -> None:
    """SAM publishes none for it: a key that is taken back would go on working."""
    template, expanded = documents["template"], documents["expanded"]["Resources"]
    function = expanded["ApiFunction"]["Properties"]
    # Neither is of a version: how many run at once is the function's, and a package's processor is
    # settled when it's built.
    versioned = {
        name: part
        for name, part in function.items()
        if name not in {"ReservedConcurrentExecutions", "Architectures"}
    }
    used = names_in(versioned)
    for condition in used & template["Conditions"].keys():
        used |= names_in(template["Conditions"][condition])
    named = names_in(expanded[find_version(expanded)]["Properties"]["Description"])
    assert used & template["Parameters"].keys() == named


def test_a_versions_description_has_room_for_all_of_that(documents: Documents) -> None:
    parameters = documents["template"]["Parameters"]
    expanded = documents["expanded"]["Resources"]
    text = expanded[find_version(expanded)]["Properties"]["Description"]["Fn::Sub"]

    def longest(found: re.Match[str]) -> str:
        parameter = parameters[found[1]]
        if "AllowedValues" in parameter:
            return str(max(parameter["AllowedValues"], key=len))
        return (
            str(parameter["MaxValue"]) if "MaxValue" in parameter else "x" * parameter["MaxLength"]
        )

    assert len(re.sub(r"\$\{(\w+)\}", longest, text)) <= DESCRIPTION_LENGTH


def test_snapshots_are_for_who_asks(documents: Documents) -> None:
    for choice, applies in (("disabled", "None"), ("enabled", "PublishedVersions")):
        function = choose(documents["expanded"], SnapStart=choice)["Resources"]["ApiFunction"]
        assert function["Properties"]["SnapStart"] == {"ApplyOn": applies}
        # What Lambda takes no snapshots of.
        assert not {"EphemeralStorage", "FileSystemConfigs", "ImageConfig"} & set(
            function["Properties"]
        )
    alias = documents["expanded"]["Resources"][ALIAS]["Properties"]
    assert "ProvisionedConcurrencyConfig" not in alias


def test_concurrency_is_reserved_for_who_asks(documents: Documents) -> None:
    for choice in ("", "0", "50"):
        chosen = choose(documents["expanded"], ReservedConcurrency=choice)["Resources"]
        function = chosen["ApiFunction"]["Properties"]
        reserved = {"Ref": "ReservedConcurrency"} if choice else None
        assert function.get("ReservedConcurrentExecutions") == reserved


def test_requests_are_traced_for_who_asks_and_only_then_may_be(documents: Documents) -> None:
    for choice, mode in (("disabled", "PassThrough"), ("enabled", "Active")):
        chosen = choose(documents["expanded"], Tracing=choice)["Resources"]
        assert chosen["ApiFunction"]["Properties"]["TracingConfig"] == {"Mode": mode}
        (stage,) = of_type(chosen, "AWS::ApiGateway::Stage")
        assert stage["TracingEnabled"] is (choice == "enabled")
        policies = chosen["ApiFunctionRole"]["Properties"]["Policies"]
        assert ("SendTraces" in [each["PolicyName"] for each in policies]) == (choice == "enabled")


def test_alarms_are_no_more_than_are_free_and_tell_whoever_is_named(documents: Documents) -> None:
    for values in (
        {},
        {"AlarmEmail": "a@b.example"},
        {"AlarmTopicArn": "arn:aws:sns:eu-west-1:1:t"},
    ):
        resources = choose(documents["expanded"], **values)["Resources"]
        alarms = of_type(resources, "AWS::CloudWatch::Alarm")
        assert len(alarms) <= FREE_ALARMS
        topics = {"AlarmEmail": {"Ref": "AlarmTopic"}, "AlarmTopicArn": {"Ref": "AlarmTopicArn"}}
        told = [topics[name] for name in values]
        for alarm in alarms:
            assert "Metrics" not in alarm  # each of a formula's would count as an alarm
            assert alarm["AlarmActions"] == told
            # A new alarm is well once it's evaluated, and would say so at every deployment.
            assert alarm.get("OKActions") == (None if "AlarmName" in alarm else told)
        assert ("AlarmTopic" in resources) == ("AlarmEmail" in values)


def test_alarms_of_the_api_are_of_its_name(expanded: Resources) -> None:
    assert expanded["Api"]["Properties"]["Body"]["info"]["title"] == {"Ref": "AWS::StackName"}
    assert "Name" not in expanded["Api"]["Properties"]
    for name in ("ApiErrorsAlarm", "ApiLatencyAlarm"):
        dimensions = expanded[name]["Properties"]["Dimensions"]
        assert {"Name": "ApiName", "Value": {"Ref": "AWS::StackName"}} in dimensions


def test_spend_is_told_for_who_asks(documents: Documents) -> None:
    assert "Spending" not in choose(documents["expanded"])["Resources"]
    values = {"MonthlyBudget": "20", "AlarmEmail": "a@b.example"}
    spending = choose(documents["expanded"], **values)["Resources"]["Spending"]["Properties"]
    told = spending["NotificationsWithSubscribers"]
    kinds = [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in told
    ]
    assert kinds == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    address = {"SubscriptionType": "EMAIL", "Address": {"Ref": "AlarmEmail"}}
    assert all(each["Subscribers"] == [address] for each in told)
    assert "BudgetName" not in spending["Budget"]


def test_the_table_is_safe_from_a_slip_of_the_hand(expanded: Resources) -> None:
    assert expanded["Records"]["Properties"]["DeletionProtectionEnabled"] is True


def test_everything_is_tagged_by_the_stacks_own_tags(written: Resources) -> None:
    """They reach whatever can have tags, what SAM makes included; a resource's own would not."""
    settings = (PROJECT / "samconfig.toml").read_text(encoding="utf-8")
    assert re.search(r'^tags = "project=inkling"$', settings, re.MULTILINE)
    assert not [name for name, each in written.items() if "Tags" in each.get("Properties", {})]


def read_dashboard(expanded: Resources) -> dict[str, Any]:
    body = expanded["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    dashboard: dict[str, Any] = json.loads(re.sub(r"\$\{([\w:.]+)\}", r"\1", body))
    return dashboard


def test_dashboard_fits_and_is_free(expanded: Resources) -> None:
    (_,) = of_type(expanded, "AWS::CloudWatch::Dashboard")
    widgets = read_dashboard(expanded)["widgets"]
    taken: set[tuple[int, int]] = set()
    for widget in widgets:
        columns = range(widget["x"], widget["x"] + widget["width"])
        rows = range(widget["y"], widget["y"] + widget["height"])
        cells = {(x, y) for x in columns for y in rows}
        assert columns.stop <= 24
        assert not cells & taken
        taken |= cells
    metrics = [metric for each in widgets for metric in each["properties"].get("metrics", [])]
    assert len(metrics) <= 50


def test_dashboard_shows_every_alarm(expanded: Resources) -> None:
    (shown,) = (each for each in read_dashboard(expanded)["widgets"] if each["type"] == "alarm")
    alarms = {name for name, each in expanded.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
    assert {arn.removesuffix(".Arn") for arn in shown["properties"]["alarms"]} == alarms


def test_dashboards_own_metrics_are_those_that_the_predictor_writes(expanded: Resources) -> None:
    """In the stack's own namespace: another's would be in the same graphs."""
    variables = expanded["Predictor"]["Properties"]["Environment"]["Variables"]
    assert variables[NAMESPACE_VARIABLE] == {"Fn::Sub": "Inkling/${AWS::StackName}"}
    namespace = "Inkling/AWS::StackName"  # as read_dashboard has it
    lines: list[str] = []
    Log(None, lines.append, namespace).upload("key", "digit", seconds=1.0)
    text = json.dumps(read_dashboard(expanded))
    for metric in json.loads(lines[0])["_aws"]["CloudWatchMetrics"]:
        assert metric["Namespace"] == namespace
        for each in metric["Metrics"]:
            assert each["Name"] in text
    own = re.findall(rf'\["{re.escape(namespace)}", "(\w+)"', text)
    assert set(own) == {"milliseconds", "age"}
    assert json.dumps(f'{{"{namespace}",outcome}}')[1:-1] in text
