"""`DeadLetters`: where a message goes that failed for the last time, with the reason beside it.

SQS would send it there by itself, and nobody would know why.
"""

from typing import Any, Final

from storage.service import PATIENT_OPTIONS, Service

LAST_TRY: Final = 5
"""The queue's `maxReceiveCount`: SQS itself sends a message on that is received once more."""


class DeadLetters:
    """A queue, which exists. Its client is made at the first call.

    The role needs SendMessage on it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._service = Service("The dead-letter queue", _make_client)

    def send(self, body: str, *, reason: str, detail: str) -> None:
        """Keep a message, with two attributes more. Raises StorageUnavailable.

        Args:
            body: the message's, as it came.
            reason: a slug.
            detail: a sentence.
        """
        attributes = {"reason": reason, "detail": detail}
        self._service.call(
            "send_message",
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        )


def _make_client() -> Any:
    import boto3  # noqa: PLC0415 - see Service
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("sqs", config=Config(**PATIENT_OPTIONS))
