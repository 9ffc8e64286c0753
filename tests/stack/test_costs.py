"""Every kind of resource that the stack has is in the bill, or argued to be free."""

from typing import Any

import pytest

from costs.bill import Setup
from costs.resources import FREE, PRICED
from tests.stack.choices import set_parameters
from tests.stack.conftest import Resources
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow


def test_every_kind_of_resource_has_a_price_or_a_reason_to_have_none(expanded: Resources) -> None:
    kinds = {resource["Type"] for resource in expanded.values()}
    assert kinds - PRICED.keys() - FREE.keys() == set()


def test_the_bill_is_of_what_the_template_makes_by_default(
    documents: dict[str, dict[str, Any]],
) -> None:
    chosen = set_parameters(documents["expanded"], {})
    resources, setup = chosen["Resources"], Setup()
    parameters = chosen["Parameters"]
    assert len(of_type(resources, "AWS::CloudWatch::Alarm")) == setup.alarms
    assert len(of_type(resources, "AWS::CloudWatch::Dashboard")) == setup.dashboards
    assert parameters["Architecture"]["Default"] == setup.architecture
    assert parameters["MemorySize"]["Default"] == setup.memory
    assert parameters["PredictorMemorySize"]["Default"] == setup.memory
    assert parameters["RetentionInDays"]["Default"] == setup.retention_days
    assert parameters["LogRetentionInDays"]["Default"] == setup.log_retention_days
    for name, on in (("SnapStart", setup.snapstart), ("Tracing", setup.tracing)):
        assert parameters[name]["Default"] == ("enabled" if on else "disabled")


def test_the_firewall_has_as_many_rules_as_are_paid_for(expanded: Resources) -> None:
    for firewall in of_type(expanded, "AWS::WAFv2::WebACL"):
        assert len(firewall["Rules"]) == 2
