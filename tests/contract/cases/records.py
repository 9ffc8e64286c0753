"""What is kept: see it, fetch its image, label it, list it, remove it."""

import re
from typing import Any, Final

from tests.contract.cases.forms import URL, answers
from tests.contract.drawings import add_comment, draw_digit
from tests.contract.expectations import Between, Case, Only, Step, case, problem
from tests.contract.keys import KEY
from tests.contract.messages import Request
from tests.contract.requests import delete, get, post, put, put_json

_SEVEN: Final = draw_digit(7)
_JPEG: Final = draw_digit(3, "JPEG")
_PHOTO: Final = add_comment(_JPEG)
_ONE: Final = f"{URL}/{{id}}"
_LABEL: Final = f"{_ONE}/label"
_AGAIN: Final = f"{URL}?id={{id}}"
_OLD: Final = "0198c0de-7a11-7b0b-9d1c-5a1e0f2c3b4d"
_NOBODY: Final = f"{URL}/{_OLD}"

TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

KEPT: Final[dict[str, Any]] = Only(
    id="{id}",
    created_at=TIME,
    expires_at=TIME,
    outcome="digit",
    digit=7,
    confidence=Between(0.5, 1),
    scores=[Between(0, 1)] * 10,
    strangeness=Between(0, 1),
    model=str,
    image=re.compile(r"(/v1)?/api/recognitions/[0-9a-f-]{36}/image"),
    label=type(None),
)
_KEEP: Final = answers(post(URL, _SEVEN, "image/png"), 7, stored=True)
_GONE: Final = problem(get(_ONE), 404, "not-found")
_NO_LABELS: Final = (
    b'{"digit": 10}',
    b'{"digit": -1}',
    b'{"digit": "7"}',
    b'{"digit": null}',
    b"{}",
)
_NO_JSON: Final = (b"", b"7", b'{"digit": NaN}', b'{"digit": 7', b"[7]")


def _kept(**fields: Any) -> dict[str, Any]:
    return Only(KEPT | fields)


def _labels(digit: Any, *, trusted: bool = False, **headers: str) -> Step:
    label = Only(digit=digit, trusted=trusted, labelled_at=TIME)
    return Step(put_json(_LABEL, {"digit": digit}, **headers), body=_kept(label=label))


def _removes(path: str = _ONE) -> Step:
    return Step(delete(path), 204, body=b"")


def _lists(query: str, *ids: str, more: bool = False) -> Step:
    """A page, after which there is another; or, for all that a store knows, may be."""
    recognitions = [_kept(id=each, label=object) for each in ids]
    body = Only(recognitions=recognitions, next=str if more else object)
    return Step(get(f"{URL}?{query}", x_api_key=KEY), body=body)


def _refuses_label(body: bytes, status: int, slug: str) -> Step:
    return problem(put(_LABEL, body, "application/json"), status, slug)


RECORDS: Final[tuple[Case, ...]] = (
    case(
        "kept, seen, removed, gone",
        _KEEP,
        Step(get(_ONE), body=KEPT),
        _removes(),
        _GONE,
        problem(delete(_ONE), 404, "not-found"),
        problem(get(f"{_ONE}/image"), 404, "not-found"),
        problem(put_json(_LABEL, {"digit": 7}), 404, "not-found"),
    ),
    case(
        "not kept when told so",
        answers(post(f"{URL}?store=false", _SEVEN, "image/png"), 7),
        _GONE,
    ),
    case(
        "the same again under its id, and another image",
        _KEEP,
        answers(post(_AGAIN, _SEVEN, "image/png"), 7, stored=True, id="{id}"),
        problem(post(_AGAIN, _JPEG, "image/jpeg"), 409, "id-taken"),
        Step(get(_ONE), body=KEPT),
        _removes(),
    ),
    case(
        "an id of another time",
        problem(post(f"{URL}?id={_OLD}", _SEVEN, "image/png"), 422, "invalid-id"),
    ),
    case(
        "the image, without anything else",
        answers(post(URL, _PHOTO, "image/png"), 3, stored=True),
        Step(
            get(f"{_ONE}/image", Accept="image/jpeg"),
            media_type="image/jpeg",
            body=_JPEG,
            headers={"content-disposition": re.compile(r'attachment; filename=".+\.jpeg"')},
        ),
        _removes(),
    ),
    case(
        "a label, and another",
        _KEEP,
        _labels(1),
        _labels(1),
        _labels(7),
        Step(get(_ONE), body=_kept(label=Only(digit=7, trusted=False, labelled_at=TIME))),
        _removes(),
    ),
    case(
        "a trusted label",
        _KEEP,
        _labels(1, trusted=True, x_api_key=KEY),
        problem(put_json(_LABEL, {"digit": 2}, x_api_key="another"), 401, "api-key-required"),
        Step(get(_ONE), body=_kept(label=Only(digit=1, trusted=True, labelled_at=TIME))),
        _removes(),
    ),
    case(
        "labels that are none",
        _KEEP,
        *(_refuses_label(body, 422, "invalid-label") for body in _NO_LABELS),
        *(_refuses_label(body, 400, "invalid-body") for body in _NO_JSON),
        Step(get(_ONE), body=KEPT),
        _removes(),
    ),
    case(
        "a label for an unknown id",
        problem(put_json(f"{_NOBODY}/label", {"digit": 7}), 404, "not-found"),
    ),
    case(
        "listed page by page, newest first",
        _KEEP,
        _KEEP,
        _KEEP,
        _lists("limit=2", "{id3}", "{id2}", more=True),
        _removes(f"{URL}/{{id3}}"),
        _lists("limit=1&after={next}", "{id1}", more=True),
        _removes(f"{URL}/{{id2}}"),
        _removes(f"{URL}/{{id1}}"),
    ),
    case(
        "listed by their labels",
        _KEEP,
        _labels(1),
        _KEEP,
        _lists("limit=1&labelled=true", "{id1}"),
        _removes(f"{URL}/{{id1}}"),
        _removes(f"{URL}/{{id2}}"),
    ),
    case("a list without a key", problem(get(URL), 401, "api-key-required", www_authenticate=str)),
    case(
        "a list with a wrong key", problem(get(URL, x_api_key="another"), 401, "api-key-required")
    ),
    case("a list of none", problem(get(f"{URL}?limit=0", x_api_key=KEY), 422, "invalid-request")),
    case(
        "a list of too many",
        problem(get(f"{URL}?limit=101", x_api_key=KEY), 422, "invalid-request"),
    ),
    case(
        "a list after nowhere", problem(get(f"{URL}?after=x", x_api_key=KEY), 422, "invalid-cursor")
    ),
    case("GET of an unknown id", problem(get(_NOBODY), 404, "not-found")),
    case("GET of what is no id", problem(get(f"{URL}/7"), 404, "not-found")),
    case("DELETE of an unknown id", problem(delete(_NOBODY), 404, "not-found")),
    case(
        "PATCH of a recognition",
        problem(Request("PATCH", _NOBODY), 405, "method-not-allowed", allow="DELETE, GET, HEAD"),
    ),
)
