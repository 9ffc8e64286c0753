"""What Lambda does around the predictor: takes from the queue, invokes, removes what is done."""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.stack.cloud import Cloud

_PROCESS: Final = Path(__file__).with_name("predictor_process.py")
MAX_ROUNDS: Final = 30


class Predictor:
    """The function's process. It's started again where it died."""

    def __init__(self, environment: Mapping[str, str], log: Path, seconds: float) -> None:
        self._environment = dict(environment)
        self.log = log
        self._seconds = seconds
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self.stop()
            with self.log.with_suffix(".err").open("a") as errors:
                self._process = subprocess.Popen(
                    [sys.executable, str(_PROCESS), str(self.log), str(self._seconds)],
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )
            assert self._process.stdout is not None
            ready = self._process.stdout.readline()
            assert ready == "ready\n", self.log.with_suffix(".err").read_text()
        return self._process

    def invoke_all(self, events: list[Any]) -> list[dict[str, Any]] | None:
        """The answers to events that come at once; None where the process died of them."""
        process = self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(events) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        return json.loads(line) if line else None

    def invoke(self, event: Any) -> Any:
        """The answer to an event, which must be one."""
        answers = self.invoke_all([event])
        assert answers is not None, "the predictor's process died"
        assert "answer" in answers[0], answers
        return answers[0]["answer"]

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def lines(self) -> list[dict[str, Any]]:
        """The log so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def start_predictor(
    environment: Mapping[str, str], log: Path, seconds: float = 60.0
) -> Iterator[Predictor]:
    """Run the predictor, which is told that so many seconds are left to it, each time."""
    predictor = Predictor(environment, log, seconds)
    try:
        predictor.start()
        yield predictor
    finally:
        predictor.stop()


def make_message(body: str, tries: int = 1) -> dict[str, Any]:
    """A message as Lambda hands it over."""
    return {
        "messageId": secrets.token_hex(8),
        "receiptHandle": secrets.token_hex(8),
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(tries)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:queue",
        "awsRegion": "eu-west-1",
    }


def make_batch(*bodies: Any) -> dict[str, Any]:
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {"Records": [make_message(text) for text in texts]}


class Queue:
    """The queue as Lambda sees it, without the wait between two tries."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._sqs = cloud.connect("sqs")
        self.deliveries = 0
        """Messages that were handed over, again each time."""

    def drain(self) -> None:
        """Forget what an earlier test has left. A purge may be asked for once a minute."""
        for url in (self._cloud.queue, self._cloud.dead_letters):
            while left := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
                "Messages"
            ):
                for each in left:
                    self._sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])

    def send(self, body: str) -> None:
        self._sqs.send_message(QueueUrl=self._cloud.queue, MessageBody=body)

    def receive(self) -> list[dict[str, Any]]:
        """At most ten messages, as Lambda hands them over."""
        received = self._sqs.receive_message(
            QueueUrl=self._cloud.queue, MaxNumberOfMessages=10, AttributeNames=["All"]
        ).get("Messages", [])
        self.deliveries += len(received)
        return [
            {
                **make_message(each["Body"]),
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "attributes": each["Attributes"],
            }
            for each in received
        ]

    def finish(self, messages: list[dict[str, Any]], answer: dict[str, Any] | None) -> None:
        """Remove what is done, and have the rest come again at once."""
        failed = {message["messageId"] for message in messages}
        if answer is not None:
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for message in messages:
            receipt = message["receiptHandle"]
            if message["messageId"] in failed:
                self._sqs.change_message_visibility(
                    QueueUrl=self._cloud.queue, ReceiptHandle=receipt, VisibilityTimeout=0
                )
            else:
                self._sqs.delete_message(QueueUrl=self._cloud.queue, ReceiptHandle=receipt)

    def work_off(self, predictor: Predictor) -> int:
        """Hand over what waits until nothing does, and return how many invocations it took."""
        for invocations in range(MAX_ROUNDS):
            messages = self.receive()
            if not messages:
                return invocations
            answers = predictor.invoke_all([{"Records": messages}])
            self.finish(messages, answers[0]["answer"] if answers else None)
        raise AssertionError(f"the queue was not empty after {MAX_ROUNDS} invocations")

    def read_dead_letters(self) -> list[dict[str, Any]]:
        """What has been given up; it stays there, and comes again next time."""
        letters = self._sqs.receive_message(
            QueueUrl=self._cloud.dead_letters,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            VisibilityTimeout=0,
        )
        found: list[dict[str, Any]] = letters.get("Messages", [])
        return found

    def redrive(self) -> int:
        """What StartMessageMoveTask does, which moto doesn't know: back to the queue with all."""
        letters = self.read_dead_letters()
        for letter in letters:
            self._sqs.send_message(
                QueueUrl=self._cloud.queue,
                MessageBody=letter["Body"],
                MessageAttributes={
                    name: {key: value[key] for key in ("DataType", "StringValue")}
                    for name, value in letter.get("MessageAttributes", {}).items()
                },
            )
            self._sqs.delete_message(
                QueueUrl=self._cloud.dead_letters, ReceiptHandle=letter["ReceiptHandle"]
            )
        return len(letters)
