"""`Request` and `Answer`: HTTP as every transport has it, and what two answers have in common."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VARYING_HEADERS: Final = {
    "connection",
    "content-length",
    "date",
    "server",
    "server-timing",
    "x-amzn-requestid",
    "x-request-id",
}
"""Another with each answer, or the server's own."""

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

VARYING_FIELDS: Final = {
    "id",
    "created_at",
    "expires_at",
    "labelled_at",
    "processing_time",
    "memory",
    "cpu",
    "url",  # of S3, or a path of the server
    "fields",
}
"""Of JSON: another with each answer, or on each machine."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_json(self) -> bool:
        return self.media_type.endswith("json") and bool(self.body)


CURSOR: Final = "next"
"""A store may have none for the last page, or one for a page that is empty."""


def forget_the_moment(answer: Answer, root: str) -> dict[str, Any]:
    """What must be the same on every transport.

    Args:
        answer: of one.
        root: what that transport has before each path.
    """
    headers = {
        key: _ID.sub("id", value)
        for key, value in answer.headers.items()
        if key not in VARYING_HEADERS
    }
    if not answer.body:
        headers.pop("content-type", None)  # gateways give one to nothing, too
    body: Any = answer.body
    if answer.is_json:
        body = _forget(answer.json, root)
    return {"status": answer.status, "headers": headers, "body": body}


def _forget(node: Any, root: str) -> Any:
    if isinstance(node, list):
        return [_forget(child, root) for child in node]
    if isinstance(node, dict):
        return {
            key: type(child).__name__ if key in VARYING_FIELDS else _forget(child, root)
            for key, child in node.items()
            if key != CURSOR
        }
    if isinstance(node, str):
        return _ID.sub("id", node.removeprefix(root))
    return node
