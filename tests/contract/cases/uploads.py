"""Images that go another way: the form for one, and what is pending."""

from typing import Any, Final

from tests.contract.cases.forms import URL
from tests.contract.cases.records import TIME
from tests.contract.expectations import Case, Only, Step, case, problem
from tests.contract.keys import KEY
from tests.contract.messages import Request
from tests.contract.requests import delete, get, post, post_json, put_json

_UPLOADS: Final = "/api/uploads"
_ONE: Final = f"{URL}/{{id}}"
_FORM: Final[dict[str, Any]] = Only(
    id=str, url=str, fields=dict, max_bytes=20 * 1024**2, expires_at=TIME
)
_PENDING: Final = Step(
    get(_ONE),
    202,
    body=Only(id="{id}", outcome="pending", expires_at=TIME),
    headers={"retry-after": "1"},
)
_REMOVED: Final = Step(delete(_ONE), 204, body=b"")


def _asks(**wanted: object) -> Step:
    return Step(post_json(_UPLOADS, wanted), 201, body=_FORM)


def _refuses(name: str, wanted: object, status: int, slug: str) -> Case:
    return case(f"no form for {name}", problem(post_json(_UPLOADS, wanted), status, slug))


UPLOADS: Final[tuple[Case, ...]] = (
    case(
        "a form, pending, removed, gone",
        _asks(type="image/jpeg", size=6_000_000),
        _PENDING,
        problem(get(f"{_ONE}/image"), 404, "not-found"),
        problem(put_json(f"{_ONE}/label", {"digit": 7}), 404, "not-found"),
        Step(get(f"{URL}?limit=1", x_api_key=KEY), body=Only(recognitions=list, next=object)),
        _REMOVED,
        problem(get(_ONE), 404, "not-found"),
        problem(delete(_ONE), 404, "not-found"),
    ),
    case(
        "a form for whatever comes",
        Step(post(_UPLOADS, b"", None), 201, body=_FORM),
        _PENDING,
        _REMOVED,
    ),
    _refuses("a drawing program's file", {"type": "image/svg+xml"}, 415, "unsupported-image"),
    _refuses("too large an image", {"size": 20 * 1024**2 + 1}, 413, "image-too-large"),
    _refuses("an empty image", {"size": 0}, 422, "invalid-request"),
    _refuses("another name", {"digit": 7}, 422, "invalid-request"),
    _refuses("a list", [7], 400, "invalid-body"),
    case(
        "no form for what is no JSON",
        problem(post(_UPLOADS, b"{", "application/json"), 400, "invalid-body"),
    ),
    case(
        "GET of the uploads",
        problem(Request("GET", _UPLOADS), 405, "method-not-allowed", allow="POST"),
    ),
)
