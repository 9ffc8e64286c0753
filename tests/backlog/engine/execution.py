"""`Machine`, and an `Execution` of it that can be stopped and redriven."""

import contextlib
import json
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.backlog.engine.errors import StateFailed, Stopped, Unsupported, require_known
from tests.backlog.engine.items import make_batches, read_items
from tests.backlog.engine.map_run import Child, MapRun, name_children
from tests.backlog.engine.paths import fill_template, read_path
from tests.backlog.engine.workflow import Invokable, Workflow

REDRIVABLE: Final = {"FAILED", "ABORTED"}

_PLACE: Final = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Machine:
    arn: str
    definition: dict[str, Any]
    functions: Mapping[str, Invokable]
    s3: Any
    patience: float = 1


def read_definition(path: Path, substitutions: dict[str, str]) -> dict[str, Any]:
    """A definition as CloudFormation hands it on: with its DefinitionSubstitutions made."""
    text = path.read_text(encoding="utf-8")
    used = set(_PLACE.findall(text))
    if used != substitutions.keys():
        raise Unsupported(f"substitutions: {sorted(used ^ substitutions.keys())}")
    definition: dict[str, Any] = json.loads(_PLACE.sub(lambda m: substitutions[m[1]], text))
    require_known(definition, {"StartAt", "States"}, "the definition")
    return definition


@dataclass
class Execution:
    """Runs in a thread of its own, once it is started, and again when it is redriven."""

    machine: Machine
    name: str
    input: dict[str, Any]
    status: str = "RUNNING"
    output: Any = None
    error: StateFailed | None = None
    redrives: int = 0
    started: float = field(default_factory=time.time)
    stopped: float | None = None
    map_runs: dict[str, MapRun] = field(default_factory=dict)
    """By the names of their states."""
    transitions: Counter[str] = field(default_factory=Counter)
    """By state, over all attempts."""
    broken: BaseException | None = None
    """What the engine itself failed of."""

    def __post_init__(self) -> None:
        self.arn = f"{self.machine.arn.replace(':stateMachine:', ':execution:')}:{self.name}"
        self._position = (self.machine.definition["StartAt"], self.input)
        self._begin()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def redrive(self) -> None:
        """Go on from the state that did not succeed."""
        assert self.status in REDRIVABLE
        self.redrives += 1
        self.status, self.error, self.stopped = "RUNNING", None, None
        self._begin()

    def wait(self, seconds: float = 600) -> None:
        self._thread.join(seconds)
        if self.broken:
            raise self.broken
        assert not self._thread.is_alive()

    def _begin(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        workflow = self._make_workflow(self.machine.definition)
        try:
            self.output = workflow.run_from(*self._position, self._context, self._run_map)
            self.status = "SUCCEEDED"
        except Stopped as stopped:
            self._position = stopped.position
            self.status = "ABORTED"
        except StateFailed as failure:
            self._position = failure.position
            self.status, self.error = "FAILED", failure
        except BaseException as error:
            self.status, self.broken = "FAILED", error
            raise
        finally:
            self.stopped = time.time()

    def _make_workflow(self, definition: dict[str, Any]) -> Workflow:
        machine = self.machine
        return Workflow(
            definition, machine.functions, machine.patience, self._stop, self.transitions
        )

    @property
    def _context(self) -> dict[str, Any]:
        return {"Execution": {"Id": self.arn, "Name": self.name, "Input": self.input}}

    def _run_map(self, name: str, state: dict[str, Any], data: Any) -> Any:
        known = {"Type", "Label", "ItemReader", "ItemBatcher", "ItemProcessor", "ResultWriter"}
        known |= {"MaxConcurrencyPath", "ToleratedFailurePercentagePath", "ResultPath", "Next"}
        require_known(state, known, name)
        processor = state["ItemProcessor"]
        require_known(processor, {"ProcessorConfig", "StartAt", "States"}, "ItemProcessor")
        if processor["ProcessorConfig"] != {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}:
            raise Unsupported(f"{name}: {processor['ProcessorConfig']}")
        writer = state["ResultWriter"]
        require_known(writer, {"Resource", "Parameters", "WriterConfig"}, "ResultWriter")
        if writer["WriterConfig"] != {"Transformation": "NONE", "OutputType": "JSONL"}:
            raise Unsupported(f"{name}: {writer['WriterConfig']}")
        if name not in self.map_runs:
            self.map_runs[name] = self._prepare(state, data)
        run, workflow = self.map_runs[name], self._make_workflow(processor)

        def process(child: Child) -> Any:
            return workflow.run_from(processor["StartAt"], child.input, self._context)

        parameters = fill_template(writer["Parameters"], data, self._context)
        with contextlib.ExitStack() as stack:
            stack.callback(run.write_results, parameters, self.machine.s3)
            run.run(process, self._stop)
            stack.pop_all()
        return run.write_results(parameters, self.machine.s3)

    def _prepare(self, state: dict[str, Any], data: Any) -> MapRun:
        context = self._context
        items = read_items(state["ItemReader"], self.machine.s3, data, context)
        batches = list(make_batches(state["ItemBatcher"], items, data, context))
        root = self.machine.arn.replace(":stateMachine:", ":mapRun:")
        arn = f"{root}/{state['Label']}:{uuid.uuid4()}"
        return MapRun(
            arn,
            name_children(arn, batches),
            concurrency=read_path(state["MaxConcurrencyPath"], data, context),
            tolerated_percentage=read_path(state["ToleratedFailurePercentagePath"], data, context),
        )
