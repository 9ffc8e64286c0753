"""`serve_machine`: an engine behind Step Functions' own API, over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.backlog.engine.execution import REDRIVABLE, Execution, Machine

Answer = dict[str, Any]


class Refused(Exception):
    """A call that AWS would refuse: its error's name, and a message."""


@dataclass
class Service:
    """The calls, by their names in the API."""

    machine: Machine
    executions: dict[str, Execution] = field(default_factory=dict)
    """By their ARNs."""

    def start_execution(self, call: Answer) -> Answer:
        if call["stateMachineArn"] != self.machine.arn:
            raise Refused("StateMachineDoesNotExist", "State Machine Does Not Exist")
        execution = Execution(self.machine, call["name"], json.loads(call["input"]))
        self.executions[execution.arn] = execution
        return {"executionArn": execution.arn, "startDate": execution.started}

    def describe_execution(self, call: Answer) -> Answer:
        execution = self._find(call)
        error = execution.error
        return {
            "executionArn": execution.arn,
            "stateMachineArn": self.machine.arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": execution.started,
            "input": json.dumps(execution.input),
            **({"stopDate": execution.stopped} if execution.stopped else {}),
            **({"output": json.dumps(execution.output)} if execution.output else {}),
            **({"error": error.error, "cause": error.cause} if error else {}),
            "redriveCount": execution.redrives,
        }

    def stop_execution(self, call: Answer) -> Answer:
        execution = self._find(call)
        execution.stop()
        return {"stopDate": execution.stopped}

    def redrive_execution(self, call: Answer) -> Answer:
        execution = self._find(call)
        if execution.status not in REDRIVABLE:
            raise Refused("ExecutionNotRedrivable", f"Execution is {execution.status}")
        execution.redrive()
        return {"redriveDate": execution.started}

    def list_map_runs(self, call: Answer) -> Answer:
        execution = self._find(call)
        shared = {"executionArn": execution.arn, "stateMachineArn": self.machine.arn}
        runs = execution.map_runs.values()
        return {
            "mapRuns": [
                {**shared, "mapRunArn": run.arn, "startDate": run.started} for run in list(runs)
            ]
        }

    def describe_map_run(self, call: Answer) -> Answer:
        for execution in list(self.executions.values()):
            for run in list(execution.map_runs.values()):
                if run.arn == call["mapRunArn"]:
                    return {
                        "mapRunArn": run.arn,
                        "executionArn": execution.arn,
                        "status": run.status,
                        "startDate": run.started,
                        "maxConcurrency": run.concurrency,
                        "itemCounts": run.describe_items(),
                    }
        raise Refused("ResourceNotFound", "Map Run Does Not Exist")

    def _find(self, call: Answer) -> Execution:
        try:
            return self.executions[call["executionArn"]]
        except KeyError:
            raise Refused("ExecutionDoesNotExist", "Execution Does Not Exist") from None


@contextmanager
def serve_machine(machine: Machine) -> Iterator[tuple[str, Service]]:
    """The address that the API is at, and what stands behind it."""
    service = Service(machine)
    calls: dict[str, Callable[[Answer], Answer]] = {
        "StartExecution": service.start_execution,
        "DescribeExecution": service.describe_execution,
        "StopExecution": service.stop_execution,
        "RedriveExecution": service.redrive_execution,
        "ListMapRuns": service.list_map_runs,
        "DescribeMapRun": service.describe_map_run,
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = self.headers["X-Amz-Target"].removeprefix("AWSStepFunctions.")
            try:
                status, answer = 200, calls[name](call)
            except Refused as refusal:
                kind, message = refusal.args
                status, answer = 400, {"__type": kind, "message": message}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", service
    finally:
        for execution in service.executions.values():
            if execution.status == "RUNNING":
                execution.stop()
        server.shutdown()
        server.server_close()
        thread.join()
