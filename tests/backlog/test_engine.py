"""The engine itself: that it does as AWS says, and refuses what it does not know."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.backlog.engine.errors import StateFailed, Stopped, Unsupported, matches
from tests.backlog.engine.items import make_batches, measure
from tests.backlog.engine.map_run import Child, MapRun, name_children
from tests.backlog.engine.paths import fill_template, put_result, read_path
from tests.backlog.engine.workflow import MAX_BYTES, Workflow

CONTEXT = {"Execution": {"Name": "one"}}
RESOURCE = "arn:aws:states:::lambda:invoke"
ARN = "arn:aws:states:eu-west-1:123456789012:mapRun:machine/Label:5"


class Script:
    """A function that answers, or fails, as it's told, in turn."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.events: list[Any] = []

    def invoke(self, event: Any) -> Any:
        self.events.append(event)
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise StateFailed(answer)
        return answer


def run_task(function: Script, data: Any = None, **fields: Any) -> Any:
    state = {
        "Type": "Task",
        "Resource": RESOURCE,
        "Parameters": {"FunctionName": "f", "Payload": {"of.$": "$"}},
        "OutputPath": "$.Payload",
        "End": True,
        **fields,
    }
    definition = {"StartAt": "Only", "States": {"Only": state}}
    return Workflow(definition, {"f": function}, patience=0).run_from("Only", data, CONTEXT)


def retry(*errors: str, **fields: Any) -> dict[str, Any]:
    return {"ErrorEquals": list(errors), **fields}


def test_paths_lead_into_the_data_and_the_context() -> None:
    data = {"a": {"b": [1]}}
    assert read_path("$", data, CONTEXT) == data
    assert read_path("$.a.b", data, CONTEXT) == [1]
    assert read_path("$$.Execution.Name", data, CONTEXT) == "one"
    with pytest.raises(StateFailed, match="ParameterPathFailure"):
        read_path("$.a.c", data, CONTEXT)


@pytest.mark.parametrize("path", ["a", "$.a[0]", "$..a", "$.a.*", "$[?(@.a)]"])
def test_unknown_path_is_refused(path: str) -> None:
    with pytest.raises(Unsupported):
        read_path(path, {"a": [1]}, CONTEXT)


def test_templates_are_filled_at_any_depth() -> None:
    template = {
        "plain": "$.a",
        "deep": [{"a.$": "$.a"}],
        "number.$": "States.StringToJson('10')",
        "text.$": "States.Format('x/{}/{}', $$.Execution.Name, $.a)",
    }
    filled = fill_template(template, {"a": "A"}, CONTEXT)
    expected = {"plain": "$.a", "deep": [{"a": "A"}], "number": 10, "text": "x/one/A"}
    assert filled == expected


@pytest.mark.parametrize("call", ["States.UUID()", "States.Format('{}', 1)", "States.Array($.a)"])
def test_unknown_intrinsic_is_refused(call: str) -> None:
    with pytest.raises(Unsupported):
        fill_template({"a.$": call}, {"a": 1}, CONTEXT)


@pytest.mark.parametrize(
    ("path", "expected"), [("$", 1), (None, {"a": 0}), ("$.b", {"a": 0, "b": 1})]
)
def test_result_goes_where_its_path_says(path: str | None, expected: Any) -> None:
    assert put_result(path, {"a": 0}, 1) == expected


@pytest.mark.parametrize(
    ("names", "error", "expected"),
    [
        (["A", "B"], "B", True),
        (["A"], "B", False),
        (["States.ALL"], "B", True),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.DataLimitExceeded", False),
        (["States.TaskFailed"], "B", True),
        (["States.TaskFailed"], "States.Timeout", False),
    ],
)
def test_retriers_are_for_the_errors_that_they_name(
    names: list[str], error: str, expected: bool
) -> None:
    assert matches(names, error) is expected


def test_task_gives_its_payload_and_takes_the_answers() -> None:
    function = Script({"a": 1})
    assert run_task(function, "x") == {"a": 1}
    assert function.events == [{"of": "x"}]


def test_task_is_tried_again_as_often_as_its_retrier_says() -> None:
    function = Script("E", "E", 7)
    assert run_task(function, Retry=[retry("E", MaxAttempts=2)]) == 7
    with pytest.raises(StateFailed, match="E"):
        run_task(Script("E", "E", "E", 7), Retry=[retry("E", MaxAttempts=2)])
    with pytest.raises(StateFailed, match="F"):
        run_task(Script("F", 7), Retry=[retry("E")])


def test_each_retrier_counts_its_own() -> None:
    retriers = [retry("E", MaxAttempts=1), retry("States.ALL", MaxAttempts=2)]
    assert run_task(Script("E", "F", "F", 7), Retry=retriers) == 7
    with pytest.raises(StateFailed, match="E"):
        run_task(Script("E", "F", "E", 7), Retry=retriers)


def test_caught_error_leads_on_once_the_retriers_are_done() -> None:
    states = {
        "First": {
            "Type": "Task",
            "Resource": RESOURCE,
            "Parameters": {"FunctionName": "f", "Payload": {"of.$": "$"}},
            "Retry": [retry("E", MaxAttempts=1)],
            "Catch": [retry("E", ResultPath=None, Next="Then")],
            "End": True,
        },
        "Then": {
            "Type": "Task",
            "Resource": RESOURCE,
            "Parameters": {"FunctionName": "f", "Payload": {"then.$": "$"}},
            "OutputPath": "$.Payload",
            "End": True,
        },
    }
    definition = {"StartAt": "First", "States": states}

    def run(*answers: Any) -> tuple[Any, list[Any]]:
        function = Script(*answers)
        workflow = Workflow(definition, {"f": function}, patience=0)
        return workflow.run_from("First", 5, CONTEXT), function.events

    assert run("E", "E", 7) == (7, [{"of": 5}, {"of": 5}, {"then": 5}])
    with pytest.raises(StateFailed, match="F"):
        run("F", 7)
    with pytest.raises(StateFailed, match="G"):
        run("E", "E", "G")


@pytest.mark.parametrize(("value", "expected"), [(True, "yes"), (False, "no")])
def test_choice_goes_by_a_boolean(value: bool, expected: str) -> None:
    choice = {"Variable": "$.ok", "BooleanEquals": True, "Next": "Yes"}
    fail = {"Type": "Fail", "Error": "No", "CausePath": "States.Format('of {}', $.name)"}
    states = {
        "Which": {"Type": "Choice", "Choices": [choice], "Default": "No"},
        "Yes": {"Type": "Succeed"},
        "No": fail,
    }
    workflow = Workflow({"StartAt": "Which", "States": states}, {})
    data = {"ok": value, "name": "one"}
    if expected == "yes":
        assert workflow.run_from("Which", data, CONTEXT) == data
    else:
        with pytest.raises(StateFailed, match="No: of one"):
            workflow.run_from("Which", data, CONTEXT)


def test_output_past_the_limit_fails() -> None:
    with pytest.raises(StateFailed, match="DataLimitExceeded"):
        run_task(Script(["ü" * (MAX_BYTES // 2)]))
    assert run_task(Script(["u" * (MAX_BYTES // 2)]))


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Wait", "Seconds": 1, "End": True},
        {"Type": "Pass", "Parameters": {}, "ResultPath": "$", "Assign": {}, "Next": "Only"},
        {"Type": "Task", "Resource": RESOURCE, "Parameters": {}, "TimeoutSeconds": 1, "End": True},
        {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True},
        {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "a"}]},
    ],
    ids=lambda state: state["Type"],
)
def test_what_is_not_known_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(Unsupported):
        Workflow({"States": {"Only": state}}, {}).run_from("Only", {"a": 1}, CONTEXT)


def make(items: list[dict[str, Any]], most: int, most_bytes: int = 1000) -> list[dict[str, Any]]:
    batcher = {
        "MaxItemsPerBatchPath": "$.most",
        "MaxInputBytesPerBatch": most_bytes,
        "BatchInput": {"name.$": "$$.Execution.Name"},
    }
    return list(make_batches(batcher, iter(items), {"most": most}, CONTEXT))


def test_batches_have_so_many_items_and_what_all_share() -> None:
    batches = make([{"Key": str(i)} for i in range(5)], 2)
    assert [len(batch["Items"]) for batch in batches] == [2, 2, 1]
    assert {batch["BatchInput"]["name"] for batch in batches} == {"one"}
    assert make([], 2) == []


def test_batches_are_no_longer_than_they_may_be() -> None:
    batches = make([{"Key": "ü" * 100} for _ in range(10)], 10, 1000)
    assert sum(len(batch["Items"]) for batch in batches) == 10
    assert max(measure(batch) for batch in batches) <= 1000
    assert min(len(batch["Items"]) for batch in batches[:-1]) > 1
    with pytest.raises(StateFailed):
        make([{"Key": "x" * 1001}], 10, 1000)


def make_run(count: int, tolerated: float = 0, concurrency: int = 1) -> MapRun:
    batches = [{"Items": [{"Key": str(i)}]} for i in range(count)]
    return MapRun(ARN, name_children(ARN, batches), concurrency, tolerated)


def run_map(run: MapRun, process: Callable[[Child], Any]) -> None:
    run.run(process, threading.Event())


def fail_for(*keys: int) -> Callable[[Child], Any]:
    def process(child: Child) -> Any:
        if int(child.input["Items"][0]["Key"]) in keys:
            raise StateFailed("E")
        return "done"

    return process


def list_statuses(run: MapRun) -> list[str]:
    return [child.status for child in run.children]


def test_tolerated_failures_leave_the_rest_to_be_done() -> None:
    run = make_run(10, tolerated=20)
    run_map(run, fail_for(2, 3))
    assert Counter(list_statuses(run)) == {"SUCCEEDED": 8, "FAILED": 2}
    assert run.status == "SUCCEEDED"


def test_failures_past_that_end_the_run() -> None:
    run = make_run(10, tolerated=10)
    with pytest.raises(StateFailed, match="ExceedToleratedFailureThreshold"):
        run_map(run, fail_for(2, 3))
    assert list_statuses(run) == [
        *("SUCCEEDED", "SUCCEEDED", "FAILED", "FAILED"),
        *["PENDING"] * 6,
    ]


def test_next_attempt_does_what_has_not_succeeded_and_nothing_else() -> None:
    run = make_run(6, tolerated=0)
    names = [child.arn for child in run.children]
    with pytest.raises(StateFailed):
        run_map(run, fail_for(2))
    run_map(run, fail_for())
    assert list_statuses(run) == ["SUCCEEDED"] * 6
    assert [child.attempts for child in run.children] == [1, 1, 2, 1, 1, 1]
    assert [child.arn for child in run.children] == names


def test_what_runs_when_it_is_stopped_is_aborted_whatever_it_says_later() -> None:
    run, stop, goes_on = make_run(3, concurrency=2), threading.Event(), threading.Event()
    both = threading.Barrier(2)

    def process(child: Child) -> Any:
        both.wait()
        stop.set()
        goes_on.wait()
        return "late"

    with pytest.raises(Stopped):
        run.run(process, stop)
    assert list_statuses(run) == ["ABORTED", "ABORTED", "PENDING"]
    run_map(run, fail_for())
    goes_on.set()
    assert list_statuses(run) == ["SUCCEEDED"] * 3
    assert {child.output for child in run.children} == {"done"}


def test_child_is_written_as_aws_writes_it() -> None:
    child = Child(f"{ARN}:x", {"Items": ["ü"]}, "SUCCEEDED", output={"results": []})
    written = json.loads(child.write())
    assert written["Status"] == "SUCCEEDED"
    assert json.loads(written["Input"]) == {"Items": ["ü"]}
    assert json.loads(written["Output"]) == {"results": []}
    failed = Child("x", {}, "FAILED", error=StateFailed("E", "why"))
    assert json.loads(failed.write()).items() >= {"Error": "E", "Cause": "why"}.items()
