"""`Version`: one version of the API's function, asked as API Gateway would ask it."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from rehearsal.errors import NoAnswer, OutOfTime

CALL_SECONDS: Final = 40
"""The longest that a call is waited for: the function's own time-out, 29 s at most, and a start."""

_NOT_YET: Final = {
    "ResourceConflictException",  # Lambda is still getting the version ready
    "SnapStartNotReadyException",
    "TooManyRequestsException",
}
_WAIT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    """As JSON; None of an empty one."""


class Version:
    """Its client is boto3's own of Lambda, whose every call is one try of CALL_SECONDS."""

    def __init__(self, client: Any, arn: str, seconds_left: Callable[[], float]) -> None:
        """
        Args:
            client: of Lambda; its role needs InvokeFunction on the version.
            arn: the function's, with the version's number at its end.
            seconds_left: to the rehearsal.
        """
        self._client = client
        self._arn = arn
        self._seconds_left = seconds_left

    def ask(self, method: str, path: str, image: bytes = b"", **query: str) -> Answer:
        """Send one request; with an image, as a JPEG file. Raises NoAnswer, OutOfTime."""
        event = {
            "httpMethod": method,
            "path": path,
            "resource": "/{proxy+}",
            "headers": {"Content-Type": "image/jpeg", "Host": "rehearsal", "Accept": "*/*"},
            "queryStringParameters": query,
            "requestContext": {},
            "body": base64.b64encode(image).decode(),
            "isBase64Encoded": True,
        }
        payload = self._invoke(json.dumps(event).encode())
        try:
            answer = json.loads(payload)
            body = json.loads(answer["body"]) if answer["body"] else None
            return Answer(answer["statusCode"], body)
        except (ValueError, TypeError, KeyError):
            raise NoAnswer(f"{method} {path}: what came back is no answer.") from None

    def _invoke(self, event: bytes) -> bytes:
        while True:
            if self._seconds_left() < CALL_SECONDS:
                raise OutOfTime("The version is too slow to be tried to the end.")
            try:
                response = self._client.invoke(FunctionName=self._arn, Payload=event)
                payload: bytes = response["Payload"].read()
            except Exception as error:  # botocore's errors have no one base
                details = getattr(error, "response", None) or {}
                code = details.get("Error", {}).get("Code") or type(error).__name__
                if code not in _NOT_YET:
                    raise NoAnswer(f"The version can't be called: {code}.") from error
                time.sleep(_WAIT_SECONDS)
                continue
            if "FunctionError" in response:
                raise NoAnswer(f"The version broke off: {payload[:500].decode(errors='replace')}")
            return payload
