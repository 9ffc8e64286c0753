"""What others' tools say of the template, and of what SAM makes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

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
