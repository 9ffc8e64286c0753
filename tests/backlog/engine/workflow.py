"""`Workflow`: a machine's states, run one after the other."""

import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from tests.backlog.engine.errors import (
    Ended,
    StateFailed,
    Stopped,
    Unsupported,
    matches,
    require_known,
)
from tests.backlog.engine.items import measure
from tests.backlog.engine.paths import (
    evaluate,
    fill_template,
    leads_somewhere,
    put_result,
    read_path,
)

MAX_BYTES: Final = 256 * 1024
"""Of any state's input or output."""


class Invokable(Protocol):
    """A function: `Function`, or what stands for one."""

    def invoke(self, event: Any) -> Any: ...


class RunMap(Protocol):
    def __call__(self, name: str, state: dict[str, Any], data: Any) -> Any: ...


@dataclass(frozen=True)
class Workflow:
    """States as a definition has them, and what they work with."""

    definition: dict[str, Any]
    """What has `StartAt` and `States`: a whole one, or a Map's ItemProcessor."""
    functions: Mapping[str, Invokable]
    """By the names that Tasks have for them."""
    patience: float = 1
    """What waits are multiplied with."""
    stop: threading.Event = field(default_factory=threading.Event)
    transitions: "Counter[str]" = field(default_factory=Counter)
    """How often each state was entered, and each tried again: what AWS bills."""

    def run_from(
        self, name: str, data: Any, context: dict[str, Any], run_map: RunMap | None = None
    ) -> Any:
        """Run the states from one on, and return the last one's output.

        Raises StateFailed or Stopped, with the position.
        """
        while True:
            state = self.definition["States"][name]
            try:
                output, following = self._run(name, state, data, context, run_map)
                if self.stop.is_set():
                    raise Stopped
                if measure(output) > MAX_BYTES:
                    raise StateFailed("States.DataLimitExceeded", f"{name}: {measure(output)} B")
            except Ended as ended:
                ended.position = (name, data)
                raise
            if following is None:
                return output
            name, data = following, output

    def _run(
        self,
        name: str,
        state: dict[str, Any],
        data: Any,
        context: dict[str, Any],
        run_map: RunMap | None,
    ) -> tuple[Any, str | None]:
        if self.stop.is_set():
            raise Stopped
        self.transitions[name] += 1
        following = state.get("Next")
        match state["Type"]:
            case "Pass":
                require_known(state, {"Type", "Parameters", "ResultPath", "Next"}, name)
                result = fill_template(state["Parameters"], data, context)
                return put_result(state["ResultPath"], data, result), following
            case "Choice":
                require_known(state, {"Type", "Choices", "Default"}, name)
                return data, _choose(state, data, context)
            case "Fail":
                require_known(state, {"Type", "Error", "Cause", "CausePath"}, name)
                path = state.get("CausePath")
                cause = evaluate(path, data, context) if path else state["Cause"]
                raise StateFailed(state["Error"], cause)
            case "Succeed":
                require_known(state, {"Type"}, name)
                return data, None
            case "Task":
                known = {"Type", "Resource", "Parameters", "OutputPath", "Retry", "Catch"}
                require_known(state, known | {"Next", "End"}, name)
                try:
                    return self._run_task(name, state, data, context), following
                except StateFailed as failure:
                    return _catch(state.get("Catch", ()), data, failure)
            case "Map" if run_map:
                return put_result(state["ResultPath"], data, run_map(name, state, data)), following
        raise Unsupported(f"{name}: {state['Type']}")

    def _run_task(
        self, name: str, state: dict[str, Any], data: Any, context: dict[str, Any]
    ) -> Any:
        if not state["Resource"].endswith(":states:::lambda:invoke"):
            raise Unsupported(state["Resource"])
        tries = [0] * len(state.get("Retry", ()))
        while True:
            of_state = {"State": {"Name": name}}
            parameters = fill_template(state["Parameters"], data, context | of_state)
            require_known(parameters, {"FunctionName", "Payload"}, state["Resource"])
            function = self.functions[parameters["FunctionName"]]
            try:
                payload = function.invoke(parameters["Payload"])
                result = {"ExecutedVersion": "$LATEST", "StatusCode": 200, "Payload": payload}
                return read_path(state.get("OutputPath", "$"), result, context)
            except StateFailed as error:
                wait = _decide(state.get("Retry", ()), tries, error.error)
                if wait is None:
                    raise
                if self.stop.wait(wait * self.patience):
                    raise Stopped from None
                self.transitions[name] += 1


def _choose(state: dict[str, Any], data: Any, context: dict[str, Any]) -> str:
    for choice in state["Choices"]:
        path = choice["Variable"]
        if "IsPresent" in choice:
            require_known(choice, {"Variable", "IsPresent", "Next"}, "Choices")
            applies = leads_somewhere(path, data, context) == choice["IsPresent"]
        else:
            require_known(choice, {"Variable", "BooleanEquals", "Next"}, "Choices")
            applies = read_path(path, data, context) is choice["BooleanEquals"]
        if applies:
            return str(choice["Next"])
    return str(state["Default"])


def _catch(catchers: Sequence[dict[str, Any]], data: Any, failure: StateFailed) -> tuple[Any, str]:
    """A task's output and the state that follows, where a catcher is for its error.

    Raises the error where none is.
    """
    for catcher in catchers:
        require_known(catcher, {"ErrorEquals", "ResultPath", "Next"}, "Catch")
        if matches(catcher["ErrorEquals"], failure.error):
            error = {"Error": failure.error, "Cause": failure.cause}
            return put_result(catcher.get("ResultPath", "$"), data, error), str(catcher["Next"])
    raise failure


def _decide(retriers: list[dict[str, Any]], tries: list[int], error: str) -> float | None:
    """The seconds to wait before the next try, or None; counts the try.

    The first retrier that matches decides, and each has a count of its own.
    """
    known = {"ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxDelaySeconds", "MaxAttempts"}
    for i, retrier in enumerate(retriers):
        require_known(retrier, known | {"JitterStrategy"}, "Retry")
        if not matches(retrier["ErrorEquals"], error):
            continue
        if tries[i] >= retrier.get("MaxAttempts", 3):
            return None
        wait = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** tries[i]
        wait = min(wait, retrier.get("MaxDelaySeconds", wait))
        tries[i] += 1
        full = retrier.get("JitterStrategy", "NONE") == "FULL"
        return float(random.uniform(0, wait) if full else wait)
    return None
