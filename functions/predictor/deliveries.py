"""`Deliveries`: many images at once, from a queue, a backlog or an event; each fails alone."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from predictor.backlog_batches import FAILED
from predictor.dead_letters import LAST_TRY, DeadLetters
from predictor.errors import BatchIncomplete, OutOfTime, UnknownEvent, name_reason
from predictor.events import Arrival, Item, read_backlog, read_event, read_message
from predictor.logs import Log
from predictor.reading import IGNORED, Reader, Reading
from storage.errors import StorageError
from storage.records import RecognitionRecord

THREADS: Final = 10
"""As many as a batch from the queue has messages: they wait for S3 most of the time."""
LAST_SECONDS: Final = 20.0
"""No image is begun when less is left: it may take three attempts at a call, and two seconds."""

SecondsLeft = Callable[[], float]
"""Until the invocation is broken off."""


@dataclass(frozen=True, slots=True)
class Invocation:
    log: Log
    seconds_left: SecondsLeft


class Deliveries:
    """Answers each kind of event with what Lambda, or who invoked it, wants to know."""

    def __init__(self, reader: Reader, dead_letters: DeadLetters, *, bucket: str) -> None:
        """The bucket is that of the uploads."""
        self._reader = reader
        self._dead_letters = dead_letters
        self._bucket = bucket
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")

    def answer_queue(self, messages: Sequence[Any], invocation: Invocation) -> dict[str, Any]:
        """Read what a queue's messages tell of.

        Returns:
            Lambda's partial batch response: the ids of the messages that failed, which come again.
        """
        answer = partial(self._answer_message, invocation)
        failed = [
            message["messageId"]
            for message, is_done in zip(messages, self._threads.map(answer, messages), strict=True)
            if not is_done
        ]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    def answer_backlog(self, event: dict[str, Any], invocation: Invocation) -> dict[str, Any]:
        """Read a batch of a backlog's objects.

        Returns:
            A result for each, in order, and how many there are of each outcome. At the last try,
            those that could not be read are among them, as failed: of one that nobody can read,
            because it's archived, say, its neighbours must not suffer.

        Raises:
            BatchIncomplete: some could not be read now; all the others are done. At the last try,
                not one could be read: that's no fault of theirs, and the whole may go on later.
            UnknownEvent: there is no batch.
        """
        items = read_backlog(event)
        return self._read_all(items, invocation, give_up=event["backlog"].get("last") is True)

    def answer_event(self, event: Any, invocation: Invocation) -> dict[str, Any]:
        """Read what a single event tells of. Returns and raises what `answer_backlog` does."""
        arrivals = read_event(event, self._bucket)
        return self._read_all([Item(each.key, each) for each in arrivals], invocation)

    def _answer_message(self, invocation: Invocation, message: dict[str, Any]) -> bool:
        """Whether a message is done with: read, or sent on to the dead letters."""
        failure: Exception | None = None
        try:
            arrivals = self._understand(message, invocation)
        except Exception as error:
            arrivals, failure = [], error
        for arrival in arrivals:  # each, whatever becomes of its neighbours
            try:
                self._read(arrival, invocation)
            except Exception as error:
                failure = failure or error
        if failure is None:
            return True
        tries = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
        return tries >= LAST_TRY and self._send_on(message["body"], failure, invocation.log)

    def _understand(self, message: dict[str, Any], invocation: Invocation) -> list[Arrival]:
        try:
            return read_message(message["body"], self._bucket)
        except UnknownEvent as error:
            invocation.log.line("A message can't be understood", level="error", error=error)
            raise

    def _send_on(self, body: str, error: Exception, log: Log) -> bool:
        reason = name_reason(error)
        detail = str(error) if isinstance(error, UnknownEvent | OutOfTime | StorageError) else ""
        try:
            self._dead_letters.send(body, reason=reason, detail=detail or type(error).__name__)
        except StorageError as failure:  # SQS does it then, without the reason
            log.line("A message could not be sent on", level="error", error=failure)
            return False
        log.line("A message was given up", level="error", reason=reason)
        return True

    def _read_all(
        self, items: Sequence[Item], invocation: Invocation, *, give_up: bool = False
    ) -> dict[str, Any]:
        """
        Args:
            give_up: what can't be read now, unless that's all of it.
        """
        results = list(self._threads.map(partial(self._read_item, invocation), items))
        failures = Counter(name_reason(each) for each in results if isinstance(each, Exception))
        if failures and not (give_up and failures.total() < len(items)):
            reasons = ", ".join(f"{number} {reason}" for reason, number in failures.items())
            raise BatchIncomplete(f"Of {len(items)} images, some could not be read: {reasons}.")
        done = [
            _describe(item.key, Reading(FAILED, name_reason(each)))
            if isinstance(each, Exception)
            else each
            for item, each in zip(items, results, strict=True)
        ]
        return {"results": done, "counts": dict(Counter(each["outcome"] for each in done))}

    def _read_item(self, invocation: Invocation, item: Item) -> dict[str, Any] | Exception:
        if item.arrival is None:
            return _describe(item.key, Reading(IGNORED, "unknown-item"))
        try:
            return _describe(item.key, self._read(item.arrival, invocation))
        except Exception as error:  # once the others are done, it's raised
            return error

    def _read(self, arrival: Arrival, invocation: Invocation) -> Reading:
        """Read an image and log what became of it. Raises whatever it raises, and OutOfTime."""
        start = time.perf_counter()
        try:
            if invocation.seconds_left() < LAST_SECONDS:
                raise OutOfTime("There was no time left to begin with the image.")
            reading = self._reader.read(arrival)
        except Exception as error:
            seconds = time.perf_counter() - start
            reason = name_reason(error)
            invocation.log.upload(
                arrival.key, FAILED, seconds=seconds, level="error", reason=reason, error=error
            )
            raise
        invocation.log.upload(
            arrival.key,
            reading.outcome,
            seconds=time.perf_counter() - start,
            modified_at=reading.modified_at,
            reason=reading.reason,
            published=reading.published,
        )
        return reading


def _describe(key: str | None, reading: Reading) -> dict[str, Any]:
    record = reading.record
    recognition = record if isinstance(record, RecognitionRecord) else None
    return {
        "key": key,
        "outcome": reading.outcome,
        "digit": recognition and recognition.digit,
        "confidence": recognition and recognition.confidence,
        "reason": reading.reason,
        "id": record and record.id,
    }
