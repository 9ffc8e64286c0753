"""What others' tools say of the template, and of what SAM makes of it."""

import copy
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stack.checking import Finding, find_faults, read_skips
from tests.stack.choices import EVERYTHING, set_parameters
from tests.stack.conditions import choose
from tests.stack.conftest import CFN_LINT, SAM, TEMPLATE, run_tool

pytestmark = pytest.mark.slow


def test_cfn_lint_finds_nothing(stack_environment: dict[str, str]) -> None:
    run_tool(*CFN_LINT, str(TEMPLATE), environment=stack_environment)


def test_sam_finds_it_valid(stack_environment: dict[str, str]) -> None:
    run_tool(*SAM, "validate", "--lint", environment=stack_environment)


def test_cfn_lint_finds_nothing_in_the_expansion(
    documents: dict[str, dict[str, Any]], stack_environment: dict[str, str], tmp_path: Path
) -> None:
    # cfn-lint no longer expands SAM, and cycles between resources show only then.
    path = tmp_path / "expanded.json"
    path.write_text(json.dumps(documents["expanded"]))
    run_tool(*CFN_LINT, str(path), environment=stack_environment)


@pytest.mark.parametrize("choice", ["disabled", "enabled", "enabled-with-role"])
def test_cfn_lint_finds_nothing_in_what_is_deployed(
    documents: dict[str, dict[str, Any]],
    stack_environment: dict[str, str],
    tmp_path: Path,
    choice: str,
) -> None:
    path = tmp_path / "chosen.json"
    path.write_text(json.dumps(choose(documents["expanded"], AccessLogging=choice)))
    # The parameter of the choice has no further use, once the choice is made.
    run_tool(*CFN_LINT, "--ignore-checks", "W2001", "--", str(path), environment=stack_environment)


MADE_OF: Final = {"ApiStage": "Api"}
"""Resources that SAM makes of others, without handing down what is to be skipped."""


@pytest.fixture(scope="module")
def faults(
    documents: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> set[Finding]:
    """What checkov finds: as the template is written, as it is expanded, and with everything on."""
    found = find_faults(
        tmp_path_factory.mktemp("checkov"),
        documents["template"],
        documents["expanded"],
        set_parameters(documents["expanded"], EVERYTHING),
    )
    return {(MADE_OF.get(name, name), check) for name, check in found}


def test_whatever_checkov_finds_is_explained(
    documents: dict[str, dict[str, Any]], faults: set[Finding]
) -> None:
    assert faults - read_skips(documents["template"]).keys() == set()


def test_nothing_is_explained_that_checkov_does_not_find(
    documents: dict[str, dict[str, Any]], faults: set[Finding]
) -> None:
    assert read_skips(documents["template"]).keys() - faults == set()


def test_each_explanation_is_a_sentence(documents: dict[str, dict[str, Any]]) -> None:
    for skip, comment in read_skips(documents["template"]).items():
        assert re.fullmatch(r"[A-Z].{15,}\.", comment), skip


def test_checkov_finds_what_is_broken_on_purpose(
    documents: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    bucket = copy.deepcopy(documents["expanded"]["Resources"]["Images"])
    del bucket["Properties"]["PublicAccessBlockConfiguration"]
    found = find_faults(tmp_path, {"Resources": {"Images": bucket}})
    public = {f"CKV_AWS_{number}" for number in (53, 54, 55, 56)}
    assert {("Images", check) for check in public} <= found


def test_every_condition_holds_once_everything_is_on(
    documents: dict[str, dict[str, Any]],
) -> None:
    expanded = documents["expanded"]
    chosen = set_parameters(expanded, EVERYTHING)
    assert chosen["Resources"].keys() == expanded["Resources"].keys()
    probe = {**expanded, "Resources": {n: {"Condition": n} for n in expanded["Conditions"]}}
    assert set_parameters(probe, EVERYTHING)["Resources"].keys() == expanded["Conditions"].keys()
