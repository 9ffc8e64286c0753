"""`Case`: requests in their order, and what each must be answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from tests.contract.messages import Answer, Request
from tests.contract.transports import Transport

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"

EVERYWHERE: Final = {
    "content-security-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
}
"""Headers that every answer has."""


INSTANCE: Final = re.compile(r"urn:uuid:[0-9a-f-]{36}")
"""A problem's: the request's id."""


class Only(dict[str, Any]):
    """An object with these keys and no others."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Step:
    """One request, and what is expected."""

    request: Request
    status: int = 200
    media_type: str = JSON
    body: Any = None
    """Of JSON what `fits`; else the bytes themselves, or a pattern that they hold."""
    headers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    name: str
    steps: tuple[Step, ...]


def case(name: str, *steps: Step) -> Case:
    return Case(name, steps)


def problem(request: Request, status: int, slug: str, **headers: Any) -> Step:
    """A request that is refused, with a problem of a type."""
    body = Only(type=slug, title=str, status=status, detail=str, instance=INSTANCE)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Step(request, status, PROBLEM, body, named)


def run(case: Case, transport: Transport) -> list[tuple[Step, Answer]]:
    """Send a case's requests, one after another.

    What is in `{braces}`, in a path or an expected text, comes from the answers so far: `{id}` is
    the last id and `{id1}` the first, `{next}` the last cursor.

    Returns:
        Each step, and its answer.
    """
    exchanges: list[tuple[Step, Answer]] = []
    known: dict[str, str] = {}
    for template in case.steps:
        request = replace(template.request, path=_fill(template.request.path, known))
        answer = transport.send(request)
        exchanges.append(
            (replace(template, request=request, body=_fill(template.body, known)), answer)
        )
        if answer.is_json and isinstance(answer.json, dict):
            _learn(answer.json, known)
    return exchanges


def _learn(answered: dict[str, Any], known: dict[str, str]) -> None:
    record_id, cursor = answered.get("id"), answered.get("next")
    if record_id and record_id not in known.values():
        known[f"id{len([name for name in known if name.startswith('id')]) or 1}"] = record_id
    known |= {"id": record_id} if record_id else {}
    known |= {"next": cursor} if cursor else {}


def _fill(node: Any, known: dict[str, str]) -> Any:
    if isinstance(node, str):
        return re.sub(r"{(\w+)}", lambda found: known.get(found[1], found[0]), node)
    if isinstance(node, list):
        return [_fill(child, known) for child in node]
    if isinstance(node, dict):
        return type(node)({key: _fill(child, known) for key, child in node.items()})
    return node


def check(step: Step, answer: Answer) -> None:
    """Compare an answer with what is expected. Raises AssertionError."""
    shown = f"{answer.status} {answer.media_type} {answer.body[:400]!r}"
    assert answer.status == step.status, shown
    missing = EVERYWHERE - answer.headers.keys()
    assert not missing, f"no {', '.join(sorted(missing))}"
    if answer.body or step.request.method == "HEAD":
        assert answer.media_type == step.media_type, shown
    for name, expected in step.headers.items():
        assert fits(expected, answer.headers.get(name)), f"{name}: {answer.headers.get(name)}"
    if isinstance(step.body, bytes):
        assert answer.body == step.body, shown
    elif isinstance(step.body, re.Pattern):
        assert step.body.search(answer.body), shown
    elif step.body is not None:
        assert fits(step.body, answer.json), shown
    if step.media_type == PROBLEM:
        assert len(answer.body) < 1024


def is_without_store(step: Step, answer: Answer) -> bool:
    """Whether what should have come from a store, or gone to it, did not for its sake."""
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE != step.status:
        return answer.is_json and bool(answer.json["type"] == "storage-unavailable")
    is_kept = b'"stored":false' not in answer.body
    return not is_kept and step.body is not None and not fits(step.body, answer.json)


def fits(expected: Any, found: Any) -> bool:
    """Tell whether a part of JSON is as expected.

    A type takes all that is of it, a pattern every text that it matches whole, a dict every object
    that has its keys so (`Only`: and no more), a list one that fits in each place.
    """
    match expected:
        case type():
            return isinstance(found, expected)
        case re.Pattern():
            return isinstance(found, str) and expected.fullmatch(found) is not None
        case Between(low, high):
            return isinstance(found, int | float) and bool(low <= found <= high)
        case dict():
            return isinstance(found, dict) and _fits_object(expected, found)
        case list():
            return isinstance(found, list) and _fits_list(expected, found)
    return type(expected) is type(found) and bool(expected == found)


def _fits_object(expected: dict[str, Any], found: dict[str, Any]) -> bool:
    unwanted = found.keys() - expected.keys() if isinstance(expected, Only) else ()
    if unwanted or not expected.keys() <= found.keys():
        return False
    return all(fits(value, found[key]) for key, value in expected.items())


def _fits_list(expected: list[Any], found: list[Any]) -> bool:
    pairs = zip(expected, found, strict=False)
    return len(expected) == len(found) and all(fits(*pair) for pair in pairs)
