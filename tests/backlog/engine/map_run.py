"""`MapRun`: a distributed Map's executions, each of a batch, over as many attempts as it takes."""

import json
import threading
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.backlog.engine.errors import StateFailed, Stopped

STATUSES: Final = ("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "ABORTED")
FILES: Final = {"SUCCEEDED": {"SUCCEEDED"}, "FAILED": {"FAILED", "ABORTED"}, "PENDING": {"PENDING"}}

Process = Callable[["Child"], Any]


@dataclass
class Child:
    """One execution. Its name and its input are the same in every attempt."""

    arn: str
    input: dict[str, Any]
    status: str = "PENDING"
    output: Any = None
    error: StateFailed | None = None
    attempts: int = 0

    def write(self) -> str:
        """As a line of the result files."""
        text = {
            "ExecutionArn": self.arn,
            "Input": json.dumps(self.input, ensure_ascii=False, separators=(",", ":")),
            "InputDetails": {"Included": True},
            "Name": self.arn.rpartition(":")[2],
            "RedriveCount": max(0, self.attempts - 1),
            "Status": self.status,
        }
        if self.status == "SUCCEEDED":
            text["Output"] = json.dumps(self.output, ensure_ascii=False, separators=(",", ":"))
            text["OutputDetails"] = {"Included": True}
        elif self.error:
            text |= {"Error": self.error.error, "Cause": self.error.cause}
        return json.dumps(text, ensure_ascii=False)


@dataclass
class MapRun:
    arn: str
    children: list[Child]
    concurrency: int
    tolerated_percentage: float
    started: float = field(default_factory=time.time)
    status: str = "RUNNING"
    most_at_once: int = 0
    """The executions that ran at one time, at most."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, process: Process, stop: threading.Event) -> None:
        """Run whatever has not succeeded. Raises StateFailed or Stopped."""
        with self._lock:
            self.status = "RUNNING"
            todo = deque(child for child in self.children if child.status != "SUCCEEDED")
            for child in todo:
                child.status, child.error = "PENDING", None
        enough = threading.Event()  # of failures, for this attempt
        workers = [
            threading.Thread(target=self._work, args=(todo, process, stop, enough), daemon=True)
            for _ in range(min(self.concurrency, len(todo)))
        ]
        for worker in workers:
            worker.start()
        # A function that is at work when its execution is stopped works on, and nobody listens.
        while any(worker.is_alive() for worker in workers):
            if stop.is_set() or enough.is_set():
                break
            time.sleep(0.01)
        with self._lock:
            for child in self.children:
                if child.status == "RUNNING":
                    child.status = "ABORTED"
            self.status = "FAILED" if enough.is_set() else "SUCCEEDED"
            if stop.is_set():
                self.status = "ABORTED"
        if stop.is_set():
            raise Stopped
        if enough.is_set():
            raise StateFailed(
                "States.ExceedToleratedFailureThreshold", "too many of the Map's items failed"
            )

    def _work(
        self,
        todo: "deque[Child]",
        process: Process,
        stop: threading.Event,
        enough: threading.Event,
    ) -> None:
        while not stop.is_set() and not enough.is_set():
            with self._lock:
                if not todo:
                    return
                child = todo.popleft()
                child.status, child.attempts = "RUNNING", child.attempts + 1
                attempt = child.attempts
                running = sum(each.status == "RUNNING" for each in self.children)
                self.most_at_once = max(self.most_at_once, running)
            output, error = None, None
            try:
                output = process(child)
            except Stopped:
                continue
            except StateFailed as failure:
                error = failure
            with self._lock:
                if child.status != "RUNNING" or child.attempts != attempt or stop.is_set():
                    continue  # it was stopped meanwhile, and may run again
                child.status, child.output, child.error = "SUCCEEDED", output, error
                if error:
                    child.status = "FAILED"
                    if self._count_items()["FAILED"] > self._tolerated_items():
                        enough.set()

    def _count_items(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for child in self.children:
            counts[child.status] += len(child.input["Items"])
        return counts

    def _tolerated_items(self) -> float:
        return self._count_items().total() * self.tolerated_percentage / 100

    def describe_items(self) -> dict[str, int]:
        """DescribeMapRun's itemCounts."""
        with self._lock:
            counts = self._count_items()
        described = {status.lower(): counts[status] for status in STATUSES}
        written = counts["SUCCEEDED"] if self.status == "SUCCEEDED" else 0
        return {**described, "timedOut": 0, "total": counts.total(), "resultsWritten": written}

    def write_results(self, writer: dict[str, Any], s3: Any) -> dict[str, Any]:
        """Write the files of results, and return what the Map's own result is.

        Args:
            writer: ResultWriter's parameters, filled in.
        """
        prefix = writer["Prefix"].strip("/") + f"/{self.arn.rpartition(':')[2]}"
        files: dict[str, list[dict[str, Any]]] = {}
        for name, statuses in FILES.items():
            files[name] = []
            lines = [child.write() for child in self.children if child.status in statuses]
            if lines:
                key, body = f"{prefix}/{name}_0.json", "\n".join(lines).encode()
                s3.put_object(Bucket=writer["Bucket"], Key=key, Body=body)
                files[name].append({"Key": key, "Size": len(body)})
        manifest = {
            "DestinationBucket": writer["Bucket"],
            "MapRunArn": self.arn,
            "ResultFiles": files,
        }
        key = f"{prefix}/manifest.json"
        s3.put_object(Bucket=writer["Bucket"], Key=key, Body=json.dumps(manifest).encode())
        details = {"Bucket": writer["Bucket"], "Key": key}
        return {"MapRunArn": self.arn, "ResultWriterDetails": details}


def name_children(arn: str, batches: list[dict[str, Any]]) -> list[Child]:
    """An execution for each batch, of a Map run that is called so."""
    root = arn.replace(":mapRun:", ":execution:").rpartition(":")[0]
    return [Child(f"{root}:{uuid.uuid4()}", batch) for batch in batches]
