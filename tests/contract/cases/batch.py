"""`POST /api/recognitions/batch`: many images, each with its own answer or its own problem."""

from typing import Any, Final

from api.inputs import MAX_IMAGES
from tests.contract.cases.forms import ANSWER, EXPLAINED, URL
from tests.contract.drawings import draw_blank, draw_digit, to_base64, to_data_url
from tests.contract.expectations import INSTANCE, Between, Case, Only, Step, case, problem
from tests.contract.messages import Request
from tests.contract.requests import get, post, post_form, post_json

_BATCH: Final = f"{URL}/batch"
_NOT_KEPT: Final = f"{_BATCH}?store=false"
_SEVEN: Final = draw_digit(7)
_THREE: Final = draw_digit(3, "JPEG")


def _answer(digit: int | None, **fields: Any) -> Any:
    return Only(ANSWER | {"digit": digit} | fields)


def _problem(slug: str, status: int) -> Any:
    return Only(type=slug, title=str, status=status, detail=str, instance=INSTANCE)


def _reads(request: Request, *results: Any) -> Step:
    return Step(request, body=Only(results=list(results)))


_FILES: Final = (("file", _SEVEN), ("file", _THREE), ("anything", draw_blank()))
_BLANK: Final = _answer(None, outcome="blank", confidence=0.1)

BATCH: Final[tuple[Case, ...]] = (
    case(
        "a batch of files",
        _reads(post_form(_NOT_KEPT, *_FILES), _answer(7), _answer(3), _BLANK),
    ),
    case(
        "a batch in JSON",
        _reads(
            post_json(_NOT_KEPT, {"images": [to_data_url(_SEVEN), to_base64(_THREE)]}),
            _answer(7),
            _answer(3),
        ),
    ),
    case(
        "a batch in which some fail alone",
        _reads(
            post_json(
                _NOT_KEPT,
                {
                    "images": [
                        to_base64(_SEVEN),
                        "!!!!",
                        to_base64(b"hello"),
                        7,
                        "",
                        to_base64(_THREE),
                    ]
                },
            ),
            _answer(7),
            _problem("invalid-base64", 400),
            _problem("unsupported-image", 415),
            _problem("invalid-body", 400),
            _problem("missing-image", 422),
            _answer(3),
        ),
    ),
    case(
        "a batch explained",
        _reads(post_form(f"{_NOT_KEPT}&explain=true", ("file", _SEVEN)), _answer(7, **EXPLAINED)),
    ),
    case(
        "a batch that is kept",
        _reads(
            post_form(_BATCH, ("file", _SEVEN), ("file", b"hello")), _answer(7, stored=True), dict
        ),
    ),
    case(
        "as many as a batch may have",
        _reads(
            post_json(_NOT_KEPT, {"images": [to_base64(_SEVEN)] * MAX_IMAGES}),
            *[_answer(7, processing_time=Between(0, 10))] * MAX_IMAGES,
        ),
    ),
    case(
        "one more than a batch may have, in JSON",
        problem(post_json(_BATCH, {"images": [""] * (MAX_IMAGES + 1)}), 413, "too-many-images"),
    ),
    case(
        "one more than a batch may have, in a form",
        problem(post_form(_BATCH, *[("file", b"x")] * (MAX_IMAGES + 1)), 413, "too-many-images"),
    ),
    case("a batch of none", problem(post_json(_BATCH, {"images": []}), 422, "missing-image")),
    case("a batch without images", problem(post_json(_BATCH, {}), 422, "missing-image")),
    case(
        "a batch that is no list", problem(post_json(_BATCH, {"images": "x"}), 400, "invalid-body")
    ),
    case(
        "a batch that is one image", problem(post(_BATCH, _SEVEN, "image/png"), 400, "invalid-body")
    ),
    case("a batch that is nothing", problem(post(_BATCH, b"", None), 422, "missing-image")),
    case("GET of the batch", problem(get(_BATCH), 405, "method-not-allowed", allow="POST")),
)
