"""The definition that is deployed: what it promises, in its own words."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from predictor.events import ENCODED
from tests.backlog.engine.items import measure
from tests.backlog.setting import DEFINITION
from tests.stack.cloud import read_template
from tests.stack.conftest import CFN_LINT, PROJECT, run_tool

TEXT: Final = DEFINITION.read_text(encoding="utf-8")
STATES: Final[dict[str, Any]] = json.loads(TEXT)["States"]
MAPS: Final = {name: state for name, state in STATES.items() if state["Type"] == "Map"}
PLACE: Final = re.compile(r"\$\{(\w+)\}")


def walk(states: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        yield name, state
        yield from walk(state.get("ItemProcessor", {}).get("States", {}))


WAYS: Final = ("Prefix", "Inventory")
TASKS: Final = {name: state for name, state in walk(STATES) if state["Type"] == "Task"}


def test_names_are_unique_in_the_whole_machine() -> None:
    names = [name for name, _ in walk(STATES)]
    assert len(names) == len(set(names))


def test_every_place_is_filled_by_the_template_and_no_other() -> None:
    template = read_template()
    backlog = template["Resources"]["Backlog"]["Properties"]
    assert PROJECT / backlog["DefinitionUri"] == DEFINITION
    assert backlog["DefinitionSubstitutions"].keys() == set(PLACE.findall(TEXT))


def test_both_ways_differ_by_what_they_list_and_its_rule_for_keys() -> None:
    prefix, inventory = (json.loads(json.dumps(MAPS[f"Read{way}"])) for way in WAYS)
    keys = [way["ItemBatcher"]["BatchInput"].pop("keys") for way in (prefix, inventory)]
    assert keys == ["raw", ENCODED]
    for way in (prefix, inventory):
        way["ItemProcessor"]["Tasks"] = list(way["ItemProcessor"].pop("States").values())
        del way["ItemProcessor"]["Tasks"][0]["Catch"][0]["Next"]
        for name in ("Comment", "Label", "ItemReader"):
            del way[name]
        del way["ItemProcessor"]["StartAt"]
    assert prefix == inventory


@pytest.mark.parametrize("state", MAPS.values(), ids=MAPS)
def test_each_map_is_bounded_and_leaves_its_results(state: dict[str, Any]) -> None:
    assert state["MaxConcurrencyPath"] == "$.limits.concurrency"
    assert state["ToleratedFailurePercentagePath"] == "$.limits.tolerated"
    assert state["ItemBatcher"]["MaxItemsPerBatchPath"] == "$.limits.batch"
    # A child that AWS may run twice would be no child of this: Express has no exactly-once.
    assert state["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] == "STANDARD"
    assert state["ResultWriter"]["Parameters"]["Bucket"] == "${ResultsBucket}"
    prefix = state["ResultWriter"]["Parameters"]["Prefix.$"]
    assert prefix == "States.Format('backlogs/{}', $$.Execution.Name)"
    # With a Catch it would count as handled, and a redrive would not come back to it.
    assert "Catch" not in state


@pytest.mark.parametrize("state", TASKS.values(), ids=TASKS)
def test_each_task_is_tried_again_and_not_for_ever(state: dict[str, Any]) -> None:
    for retrier in state["Retry"]:
        assert 1 <= retrier["MaxAttempts"] <= 12
        assert retrier["JitterStrategy"] == "FULL"
        assert retrier["MaxDelaySeconds"] <= 60


@pytest.mark.parametrize("way", WAYS)
def test_only_the_last_of_five_tries_is_told_so_however_often_one_was_refused(way: str) -> None:
    processor = json.loads(json.dumps(MAPS[f"Read{way}"]["ItemProcessor"]))
    first = processor["States"][processor["StartAt"]]
    (catcher,) = first["Catch"]
    last = processor["States"][catcher["Next"]]
    assert catcher["ErrorEquals"] == ["States.ALL"]
    assert catcher["ResultPath"] is None  # the last try has the batch for its input
    told = [state["Parameters"]["Payload"]["backlog"].pop("last") for state in (first, last)]
    assert told == [False, True]
    assert first["Parameters"] == last["Parameters"]
    refused, *others = first["Retry"]
    assert refused["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert [retrier["ErrorEquals"] for retrier in last["Retry"]] == [refused["ErrorEquals"]]
    (other,) = others
    assert 1 + other["MaxAttempts"] + 1 == 5
    assert "Catch" not in last


def test_what_the_summary_counts_decides_how_it_ends() -> None:
    assert STATES["Summary"]["Next"] == "Tolerated"
    (choice,) = STATES["Tolerated"]["Choices"]
    assert choice == {"Variable": "$.tolerated", "BooleanEquals": True, "Next": "Done"}
    assert STATES[STATES["Tolerated"]["Default"]]["Type"] == "Fail"


def test_largest_batch_and_its_answer_are_within_step_functions_limit() -> None:
    # The longest keys, each of their bytes written as six in the answer: Lambda's JSON is ASCII.
    key = "\x01" * 1024
    answer = {
        "key": key,
        "outcome": "not_a_digit",
        "confidence": 0.1234567890123456,
        "id": "x" * 36,
    }
    (bound,) = {state["ItemBatcher"]["MaxInputBytesPerBatch"] for state in MAPS.values()}
    most = read_template()["Parameters"]["BacklogBatchSize"]["MaxValue"]
    assert bound <= 256 * 1024
    assert measure({"results": [{**answer, "digit": None, "id": "x" * 36}] * most}) < 256 * 1024
    assert measure({"Items": [{"Key": key, "Etag": "x" * 40, "Size": 1, "Class": "x"}]}) < bound


@pytest.mark.slow
def test_cfn_lint_knows_every_state(stack_environment: dict[str, str], tmp_path: Path) -> None:
    definition = json.loads(PLACE.sub("aws", TEXT))
    lint(definition, stack_environment, tmp_path / "template.json")
    del definition["States"]["Source"]["Choices"]
    with pytest.raises(AssertionError, match="E3601"):
        lint(definition, stack_environment, tmp_path / "broken.json")


def lint(definition: dict[str, Any], environment: dict[str, str], path: Path) -> None:
    """Have cfn-lint look: at one in a template, it knows no other."""
    role = "arn:aws:iam::123456789012:role/backlog"
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": role, "Definition": definition},
    }
    path.write_text(json.dumps({"Resources": {"Machine": machine}}))
    run_tool(*CFN_LINT, str(path), environment=environment)
