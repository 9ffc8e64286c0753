"""What is wrong with an answer: a sentence, or None for an answer that is right.

A load test that looks at the status alone can't tell a fast server from one that answers nonsense.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Protocol

from tests.load.pictures import Picture


class Response(Protocol):
    """What Locust's clients have in common. Without an answer, the status is 0."""

    status_code: int
    content: bytes | None
    headers: Any


Check = Callable[[Response], str | None]


def recognises(picture: Picture) -> Check:
    def check(response: Response) -> str | None:
        if wrong := has_status(response, 200):
            return wrong
        return judge(read_object(response), picture)

    return check


def judge(answer: dict[str, Any], picture: Picture) -> str | None:
    """A recognition, alone or out of a batch."""
    found = (answer.get("outcome"), answer.get("digit"))
    if found != (picture.outcome, picture.digit):
        return f"{found} in place of {(picture.outcome, picture.digit)}"
    scores = answer.get("scores")
    if not isinstance(scores, list) or len(scores) != 10:
        return "there are no ten scores"
    return None


def recognises_all(pictures: list[Picture]) -> Check:
    def check(response: Response) -> str | None:
        if wrong := has_status(response, 200):
            return wrong
        answers = read_object(response).get("results")
        if not isinstance(answers, list) or len(answers) != len(pictures):
            return f"there are not {len(pictures)} answers"
        wrongs = [judge(*pair) for pair in zip(answers, pictures, strict=True)]
        return next(filter(None, wrongs), None)

    return check


def is_problem(type_: str, status: int) -> Check:
    """RFC 9457, with the slug that clients rely on."""

    def check(response: Response) -> str | None:
        if wrong := has_status(response, status):
            return wrong
        if not media_type(response).startswith("application/problem+json"):
            return f"a problem as {media_type(response) or 'nothing'}"
        found = read_object(response).get("type")
        return None if found == type_ else f"{found} in place of {type_}"

    return check


def is_object(**patterns: str) -> Check:
    """JSON in which these keys have texts that match whole."""

    def check(response: Response) -> str | None:
        if wrong := has_status(response, 200):
            return wrong
        found = read_object(response)
        unlike = [
            key
            for key, pattern in patterns.items()
            if re.fullmatch(pattern, str(found.get(key))) is None
        ]
        return f"not as it should be: {', '.join(unlike)}" if unlike else None

    return check


def is_file(expected: bytes) -> Check:
    """To the byte what is in the checkout."""

    def check(response: Response) -> str | None:
        if wrong := has_status(response, 200):
            return wrong
        return None if response.content == expected else "another file than that of the checkout"

    return check


def has_status(response: Response, expected: int) -> str | None:
    status = response.status_code
    if status == expected:
        return None
    if status == 429:
        return "turned away: the server has a rate limit (--rate 0 is none)"
    return f"status {status} in place of {expected}" if status else "no answer"


def media_type(response: Response) -> str:
    return str((response.headers or {}).get("Content-Type") or "")


def read_object(response: Response) -> dict[str, Any]:
    """An empty one for what is none, which no check lets pass."""
    try:
        found = json.loads(response.content or b"")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
