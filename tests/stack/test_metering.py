"""Keys of API Gateway's own: asked for only where the parameter says so."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.edge.distribution import read_distribution
from tests.edge.values import DEPLOYED, fill_in
from tests.stack.conditions import choose
from tests.stack.conftest import TEMPLATE, expand
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow

Documents = dict[str, dict[str, Any]]

KEY: Final = DEPLOYED["AWS::StackId"].rpartition("/")[2]
PARAMETER: Final = '    AllowedValues: ["", enabled]'


@pytest.fixture(scope="module")
def metered(
    stack_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The template as SAM expands it when it is told to meter."""
    text = TEMPLATE.read_text(encoding="utf-8")
    before, after = text.split("  Metering:\n")
    assert PARAMETER in after
    file: Path = tmp_path_factory.mktemp("metered") / "template.yaml"
    after = after.replace('Default: ""', "Default: enabled", 1)
    file.write_text(f"{before}  Metering:\n{after}")
    return expand(file, stack_environment)["expanded"]


def list_methods(expanded: dict[str, Any]) -> list[dict[str, Any]]:
    (api,) = of_type(expanded["Resources"], "AWS::ApiGateway::RestApi")
    paths = api["Body"]["paths"]
    return [method for methods in paths.values() for method in methods.values()]


def test_no_key_is_asked_for_by_default(documents: Documents) -> None:
    assert not any("security" in method for method in list_methods(documents["expanded"]))
    chosen = choose(documents["expanded"])["Resources"]
    assert not {"ApiPlan", "PageKey", "PageKeyInPlan"} & chosen.keys()
    assert "X-API-Key" not in json.dumps(chosen["Distribution"])


def test_every_method_asks_for_one_where_it_is_metered(metered: dict[str, Any]) -> None:
    methods = list_methods(metered)
    assert len(methods) == 2
    assert all(method["security"] == [{"api_key": []}] for method in methods)


def test_metering_is_deployed_at_once(documents: Documents, metered: dict[str, Any]) -> None:
    """API Gateway answers by its last deployment, which CloudFormation makes under a new name."""

    def name_deployment(expanded: dict[str, Any]) -> set[str]:
        return {
            name
            for name, resource in expanded["Resources"].items()
            if resource["Type"] == "AWS::ApiGateway::Deployment"
        }

    assert not name_deployment(documents["expanded"]) & name_deployment(metered)


def test_page_has_a_key_that_is_on_the_plan(metered: dict[str, Any]) -> None:
    resources = fill_in(choose(metered)["Resources"])
    assert resources["PageKey"]["Properties"]["Value"] == KEY
    distribution = read_distribution(metered)
    assert distribution.find("/api/health").origin.headers["X-API-Key"] == KEY
    assert resources["PageKeyInPlan"]["Properties"] == {
        "KeyId": "PageKey",
        "KeyType": "API_KEY",
        "UsagePlanId": "ApiPlan",
    }
    plan = resources["ApiPlan"]["Properties"]
    assert plan["Quota"] == {"Limit": "RequestsPerMonth", "Period": "MONTH"}
