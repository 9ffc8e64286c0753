"""`Service`: a service of AWS, asked so that an answer, or none, comes within 0.85 s.

A store must not cost the answer: who waits for it waits a second at most.
"""

import gc
import time
from collections.abc import Callable, Collection
from threading import Lock
from typing import Any, Final

from storage.errors import StorageUnavailable

CLIENT_OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": 0.2,
    "read_timeout": 0.4,
    # botocore would wait up to a second before its second attempt. `Service` has its own.
    "retries": {"total_max_attempts": 1},
    # As many as the API has threads to keep with; one more connection would not be used again.
    "max_pool_connections": 16,
}
"""What `botocore.config.Config` takes. Seconds; within a region, both take milliseconds."""

PATIENT_OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    # The waits between them are botocore's: up to one second, then up to two.
    "retries": {"mode": "standard", "total_max_attempts": 3},
    "max_pool_connections": 16,
}
"""The same for work that nobody waits for."""

_AGAIN_SECONDS: Final = 0.25
"""How soon a call must have failed to be tried again: with the second one's time-outs, 0.85 s.

A connection that timed out is within it: its first packet was lost, or the service is not there.
"""

_making: Final = Lock()
"""Clients are made from boto3's session, which threads can't share (boto3's guide to sessions)."""


class Service:
    """Makes its client at the first call: importing boto3 costs a third of a second."""

    def __init__(self, name: str, make_client: Callable[[], Any]) -> None:
        """The name is for messages, such as "The table records"."""
        self._name = name
        self._make_client = make_client
        self._client: Any = None

    def call(
        self, operation: str, *, answers: Collection[str] = (), **parameters: Any
    ) -> dict[str, Any]:
        """Call an operation, and return its response; a `Body` in it is bytes.

        What fails at once, because a connection was lost or the service is in trouble, is tried
        once more: a function that slept finds its connections closed.

        Args:
            operation: the client's method, such as "get_item".
            answers: codes of errors that are no failure, and come back as responses with `Error`.
            parameters: the operation's.

        Raises:
            StorageUnavailable: whatever else went wrong. Its message has the error's code alone:
                the service's own texts name accounts, and may quote a session's token.
        """
        method = getattr(self.open(), operation)
        try:
            began = time.monotonic()
            try:
                return _attempt(method, answers, parameters)
            except _Failure as failure:
                if failure.lasts or time.monotonic() - began > _AGAIN_SECONDS:
                    raise
            return _attempt(method, answers, parameters)
        except _Failure as failure:
            raise self._unavailable(failure) from None

    def open(self) -> Any:
        """The client, which is made if there is none yet. Raises StorageUnavailable."""
        try:
            if self._client is None:
                with _making:
                    if self._client is None:
                        gc.disable()  # what importing boto3 makes, stays
                        try:
                            self._client = self._make_client()
                        finally:
                            gc.enable()
        except Exception as error:  # no region, for one
            raise self._unavailable(_Failure(error, {})) from None
        return self._client

    def _unavailable(self, failure: "_Failure") -> StorageUnavailable:
        return StorageUnavailable(f"{self._name} can't be used: {failure}.")


def _attempt(
    method: Callable[..., dict[str, Any]], answers: Collection[str], parameters: dict[str, Any]
) -> dict[str, Any]:
    try:
        response = method(**parameters)
        if "Body" in response:  # still to come, and the connection may fail in the middle
            response["Body"] = response["Body"].read()
    except Exception as error:  # botocore's errors have no one base, and it isn't imported here
        response = getattr(error, "response", None) or {}
        if response.get("Error", {}).get("Code") in answers:
            return response
        raise _Failure(error, response) from None
    return response


class _Failure(Exception):
    """An attempt that failed; its text is the error's code, or its class."""

    def __init__(self, error: Exception, response: dict[str, Any]) -> None:
        super().__init__(response.get("Error", {}).get("Code") or type(error).__name__)
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        self.lasts = status < 500
        """Whether the service refused: it would again."""
