"""Whether an answer is right: what is fast and wrong is not timed."""

import json
from typing import Any

from tests.benchmarks.pictures import DIGIT


class WrongAnswer(Exception):
    """A program didn't read the digit that it was sent."""


def check_response(program: str, response: Any) -> None:
    """A function's answer to API Gateway must be the digit. Raises WrongAnswer."""
    status = response.get("statusCode") if isinstance(response, dict) else None
    if status != 200:
        raise WrongAnswer(f"{program} answered {str(response)[:500]}")
    check_body(program, response["body"])


def check_body(program: str, body: str | bytes) -> None:
    """JSON with the right `digit`. Raises WrongAnswer."""
    try:
        found = json.loads(body)["digit"]
    except (ValueError, KeyError, TypeError):
        raise WrongAnswer(f"{program} answered {body[:500]!r}") from None
    if found != DIGIT:
        raise WrongAnswer(f"{program} read {found} in place of {DIGIT}")
