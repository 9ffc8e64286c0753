"""`handler`: reads the images that come through a bucket, as a Lambda function behind a queue.

The recogniser is built at import, which Lambda does once for many invocations.
"""

import gc

gc.disable()  # what is imported stays: to look it through for garbage is a tenth of a start

import os
import sys
from typing import Any, Final

from predictor.dead_letters import DeadLetters
from predictor.deliveries import Deliveries, Invocation, SecondsLeft
from predictor.logs import Log
from predictor.reading import Reader
from predictor.settings import Settings, read_settings
from recognition.freed_memory import return_freed_memory
from recognition.recognizer import Recognizer
from storage.dynamodb import DynamoRecords
from storage.results import S3Results
from storage.service import PATIENT_OPTIONS
from storage.uploaded_objects import S3UploadedObjects

_ENDLESS_SECONDS: Final = 900.0
"""Left to an invocation that nobody breaks off."""


def build_deliveries(settings: Settings) -> Deliveries:
    """All that the predictor is made of, and the one place where it is put together."""
    reader = Reader(
        Recognizer.load(),
        bucket=settings.uploads,
        uploads=S3UploadedObjects(settings.uploads),
        results=S3Results(settings.results),
        records=DynamoRecords(settings.table, settings.retention, PATIENT_OPTIONS),
        retention=settings.retention,
    )
    return Deliveries(reader, DeadLetters(settings.dead_letters), bucket=settings.uploads)


return_freed_memory()
settings: Final = read_settings(os.environ)
deliveries: Final = build_deliveries(settings)
gc.freeze()
gc.enable()


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Read what an event tells of.

    Args:
        event: a batch of SQS's messages, each with an event of EventBridge's or of S3's as its
            body; or such an event itself; or a batch of a backlog,
            `{"backlog": {…}, "Items": [{"Key": "scans/7.png", "Size": 2345}, …]}`.

    Returns:
        To SQS, the messages that failed and are to come again. Else a result for each image.

    Raises:
        UnknownEvent, BatchIncomplete: see `predictor.errors`; never to SQS.
    """
    log = Log(_find_request_id(context), sys.stdout.write, settings.namespace)
    invocation = Invocation(log, _time(context))
    if isinstance(event, dict):
        messages = event.get("Records")
        if isinstance(messages, list) and messages and _is_message(messages[0]):
            return deliveries.answer_queue(messages, invocation)
        if "backlog" in event:
            return deliveries.answer_backlog(event, invocation)
    return deliveries.answer_event(event, invocation)


def _is_message(record: Any) -> bool:
    return isinstance(record, dict) and record.get("eventSource") == "aws:sqs"


def _find_request_id(context: Any) -> str | None:
    return getattr(context, "aws_request_id", None)


def _time(context: Any) -> SecondsLeft:
    if context is None:
        return lambda: _ENDLESS_SECONDS
    return lambda: float(context.get_remaining_time_in_millis() / 1000)
