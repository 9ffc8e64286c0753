"""`POST /api/recognitions`: each form of input, each kind of image, each outcome."""

import base64
from typing import Any, Final

from tests.contract.drawings import (
    draw_blank,
    draw_chalk,
    draw_digit,
    draw_letter,
    draw_transparent,
    to_base64,
    to_data_url,
)
from tests.contract.expectations import Between, Case, Only, Step, case
from tests.contract.messages import Request
from tests.contract.requests import post, post_form, post_json

URL: Final = "/api/recognitions"
_NOT_KEPT: Final = f"{URL}?store=false"

ANSWER: Final[dict[str, Any]] = {
    "id": str,
    "outcome": "digit",
    "confidence": Between(0.5, 1),
    "scores": [Between(0, 1)] * 10,
    "model": str,
    "processing_time": Between(0, 5),
    "stored": False,
}
EXPLAINED: Final[dict[str, Any]] = {
    "pixels": [[Between(0, 1)] * 28] * 28,
    "box": Only(left=int, top=int, right=int, bottom=int),
    "strangeness": Between(0, 1),
}


def answers(request: Request, digit: int | None, **fields: Any) -> Step:
    return Step(request, body=Only(ANSWER | {"digit": digit} | fields))


def _explained(image: bytes, digit: int | None, **fields: Any) -> Step:
    request = post(f"{_NOT_KEPT}&explain=true", image, "image/png")
    return answers(request, digit, **{**EXPLAINED, **fields})


_SEVEN: Final = draw_digit(7)
_JPEG: Final = draw_digit(3, "JPEG")
_URL_OF_TWO: Final = to_data_url(draw_digit(2))

_WRAPPED: Final = {
    "multipart, file": (post_form(_NOT_KEPT, ("file", _SEVEN)), 7),
    "multipart, img": (post_form(_NOT_KEPT, ("img", _SEVEN)), 7),
    "multipart, image": (post_form(_NOT_KEPT, ("image", _SEVEN)), 7),
    "multipart, after another field": (post_form(_NOT_KEPT, ("mode", b"x"), ("file", _SEVEN)), 7),
    "multipart, a data URL as text": (
        post_form(_NOT_KEPT, ("image", _URL_OF_TWO.encode()), file_name=None),
        2,
    ),
    "raw image/png": (post(_NOT_KEPT, _SEVEN, "image/png"), 7),
    "raw image/jpeg": (post(_NOT_KEPT, _JPEG, "image/jpeg"), 3),
    "raw image/jpg, as many call it": (post(_NOT_KEPT, _JPEG, "image/jpg"), 3),
    "raw JPEG, declared as image/png": (post(_NOT_KEPT, _JPEG, "image/png"), 3),
    "raw application/octet-stream": (post(_NOT_KEPT, _SEVEN, "application/octet-stream"), 7),
    "raw, as curl --data-binary declares it": (
        post(_NOT_KEPT, _SEVEN, "application/x-www-form-urlencoded"),
        7,
    ),
    "data URL as text/plain": (post(_NOT_KEPT, _URL_OF_TWO, "text/plain"), 2),
    "data URL as a form": (post(_NOT_KEPT, _URL_OF_TWO, "application/x-www-form-urlencoded"), 2),
    "data URL, undeclared": (post(_NOT_KEPT, _URL_OF_TWO, None), 2),
    "data URL as image/png": (post(_NOT_KEPT, _URL_OF_TWO, "image/png"), 2),
    "JSON, data URL": (post_json(_NOT_KEPT, {"image": _URL_OF_TWO}), 2),
    "JSON, base64": (post_json(_NOT_KEPT, {"image": to_base64(_SEVEN)}), 7),
    "JSON, base64 in lines": (
        post_json(_NOT_KEPT, {"image": base64.encodebytes(_SEVEN).decode()}),
        7,
    ),
    "JSON, other keys beside": (post_json(_NOT_KEPT, {"a": [1], "image": to_base64(_SEVEN)}), 7),
}

_FORMATS: Final = {"PNG": 0, "JPEG": 1, "WEBP": 4, "GIF": 5, "BMP": 6}

FORMS: Final[tuple[Case, ...]] = (
    *(case(name, answers(request, digit)) for name, (request, digit) in _WRAPPED.items()),
    *(
        case(
            f"{name} of a {digit}",
            answers(post(_NOT_KEPT, draw_digit(digit, name), f"image/{name.lower()}"), digit),
        )
        for name, digit in _FORMATS.items()
    ),
    case("transparent canvas", answers(post(_NOT_KEPT, draw_transparent(8), "image/png"), 8)),
    case("chalk on a board", answers(post(_NOT_KEPT, draw_chalk(9), "image/png"), 9)),
    case(
        "a letter is an answer",
        answers(
            post(_NOT_KEPT, draw_letter(), "image/png"),
            None,
            outcome="not_a_digit",
            confidence=float,
        ),
    ),
    case(
        "a blank sheet is an answer",
        answers(post(_NOT_KEPT, draw_blank(), "image/png"), None, outcome="blank", confidence=0.1),
    ),
    case("a digit explained", _explained(_SEVEN, 7)),
    case(
        "a blank sheet explained",
        _explained(
            draw_blank(), None, outcome="blank", confidence=0.1, pixels=type(None), box=type(None)
        ),
    ),
)
