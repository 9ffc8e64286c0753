"""The firewall: not there unless asked for, and fair to who shares an address with the edge."""

import json
from typing import Any, Final

import pytest

from tests.edge.distribution import Behaviour, Distribution, read_distribution
from tests.edge.values import DEPLOYED, fill_in
from tests.stack.conditions import choose

pytestmark = pytest.mark.slow

Documents = dict[str, dict[str, Any]]

OURS: Final = {"AddressAlone", "ApiFirewall", "ApiFirewallAssociation", "ViewerAddress"}
STACK: Final = DEPLOYED["AWS::StackId"].rpartition("/")[2]
EDGE: Final = "198.51.100.23"
VIEWER: Final = "203.0.113.7"
LIE: Final = "192.0.2.99"


@pytest.fixture(scope="module")
def resources(documents: Documents) -> dict[str, Any]:
    """Of a stack with a firewall."""
    chosen: dict[str, Any] = choose(documents["expanded"], Firewall="enabled")["Resources"]
    return chosen


@pytest.fixture(scope="module")
def rules(resources: dict[str, Any]) -> list[dict[str, Any]]:
    """In the order in which they are asked."""
    written = fill_in(resources["ApiFirewall"]["Properties"]["Rules"])
    return sorted(written, key=lambda rule: int(rule["Priority"]))


@pytest.fixture(scope="module")
def guarded(documents: Documents) -> Distribution:
    """The distribution before such a stack."""
    return read_distribution(documents["expanded"], Firewall="enabled")


def matches(statement: dict[str, Any], headers: dict[str, str]) -> bool:
    match statement:
        case {"NotStatement": {"Statement": inner}}:
            return not matches(inner, headers)
        case {"ByteMatchStatement": test}:
            assert test["PositionalConstraint"] == "EXACTLY"
            assert [each["Type"] for each in test["TextTransformations"]] == ["NONE"]
            found = headers.get(test["FieldToMatch"]["SingleHeader"]["Name"])
            return bool(found == test["SearchString"])
    raise NotImplementedError(statement)


def find_counts(
    rules: list[dict[str, Any]], source: str, headers: dict[str, str]
) -> list[tuple[str, str]]:
    """Which rules count a request, and under which address, as WAF's guide has it."""
    counts = []
    for rule in rules:
        statement = rule["Statement"]["RateBasedStatement"]
        if not matches(statement["ScopeDownStatement"], headers):
            continue
        if statement["AggregateKeyType"] == "IP":
            counts.append((rule["Name"], source))
        else:
            assert statement["AggregateKeyType"] == "FORWARDED_IP"
            named = headers.get(statement["ForwardedIPConfig"]["HeaderName"].lower())
            if named is None:  # and its fallback is for what is no address
                continue
            counts.append((rule["Name"], named.split(",")[0].strip()))
    return counts


def pass_on(behaviour: Behaviour, viewer: str) -> dict[str, str]:
    """The headers that a viewer's request arrives with, from the distribution."""
    headers = {"true-client-ip": LIE, "x-distribution": LIE}
    if behaviour.function == "ViewerAddress.FunctionARN":
        headers["true-client-ip"] = viewer
    passed = {name: value for name, value in headers.items() if behaviour.forwards(name)}
    return passed | {name.lower(): value for name, value in behaviour.origin.headers.items()}


def test_there_is_no_firewall_unless_it_is_asked_for(documents: Documents) -> None:
    chosen = choose(documents["expanded"])["Resources"]
    assert not OURS & chosen.keys()
    text = json.dumps(chosen["Distribution"])
    assert "X-Distribution" not in text
    assert "FunctionAssociations" not in text


def test_viewers_behind_one_edge_are_counted_apart(rules: list[dict[str, Any]]) -> None:
    for viewer in (VIEWER, "203.0.113.8"):
        headers = {"x-distribution": STACK, "true-client-ip": viewer}
        assert find_counts(rules, EDGE, headers) == [("each-viewer", viewer)]


def test_what_a_viewer_says_of_its_address_does_not_count(rules: list[dict[str, Any]]) -> None:
    headers = {
        "x-distribution": STACK,
        "true-client-ip": VIEWER,  # the edge's function has put it there
        "x-forwarded-for": f"{LIE}, {VIEWER}, {EDGE}",
    }
    assert find_counts(rules, EDGE, headers) == [("each-viewer", VIEWER)]


@pytest.mark.parametrize("claim", [{}, {"x-distribution": "x"}, {"x-distribution": STACK[:-1]}])
def test_who_goes_past_the_distribution_is_counted_by_his_own(
    rules: list[dict[str, Any]], claim: dict[str, str]
) -> None:
    headers = {**claim, "true-client-ip": LIE, "x-forwarded-for": LIE}
    assert find_counts(rules, VIEWER, headers) == [("each-caller", VIEWER)]


def test_whatever_reaches_the_api_is_counted(
    guarded: Distribution, rules: list[dict[str, Any]]
) -> None:
    """By whichever path and method: WAF leaves alone what has no header to count it by."""
    asked = [
        (behaviour.pattern, method, find_counts(rules, EDGE, pass_on(behaviour, VIEWER)))
        for behaviour in guarded.behaviours
        if not behaviour.origin.is_bucket
        for method in sorted(behaviour.methods)
    ]
    assert len(asked) > len(guarded.behaviours)
    assert [each for each in asked if each[2] != [("each-viewer", VIEWER)]] == []


def test_who_has_no_header_to_be_counted_by_is_not_counted(rules: list[dict[str, Any]]) -> None:
    assert find_counts(rules, EDGE, {"x-distribution": STACK}) == []


def test_what_the_edge_keeps_is_kept_for_every_viewer(guarded: Distribution) -> None:
    """Of a viewer it's told the address alone, and that only where there is a firewall."""
    kept = [each for each in guarded.behaviours if each.caching.caches and each.function]
    assert [each.pattern for each in kept] == ["/docs*", "/openapi.json"]
    assert {each.forwarded for each in kept} == {frozenset({"true-client-ip"})}


def test_refusals_are_the_gateway_s_problem(rules: list[dict[str, Any]]) -> None:
    """WAF's own answers can't be of a problem's type."""
    assert [rule["Action"] for rule in rules] == [{"Block": {}}] * 2


def test_firewall_stands_before_the_stage(resources: dict[str, Any]) -> None:
    association = resources["ApiFirewallAssociation"]["Properties"]
    text, names = association["ResourceArn"]["Fn::Sub"]
    assert (
        text == "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}"
    )
    assert names == {"Stage": {"Ref": "ApiStage"}}


def test_firewall_keeps_nothing_of_a_request(resources: dict[str, Any]) -> None:
    firewall = resources["ApiFirewall"]["Properties"]
    for part in (firewall, *firewall["Rules"]):
        assert part["VisibilityConfig"]["SampledRequestsEnabled"] is False
