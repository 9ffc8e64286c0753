"""The contracts that existing clients speak."""

from typing import Any, Final

from tests.contract.drawings import draw_blank, draw_digit, draw_letter, to_base64, to_data_url
from tests.contract.expectations import PROBLEM, Between, Case, Only, Step, case, problem
from tests.contract.messages import Request
from tests.contract.requests import get, post, post_form, post_json

_SEVEN: Final = draw_digit(7)
_URL: Final = to_data_url(_SEVEN)
_PREDICTION: Final = Only(digit=7, confidence=Between(0.5, 1), processing_time=Between(0, 5))
_GUESS: Final = Only(digit=int, confidence=0.1, processing_time=float)
_CERTAIN: Final = Only(prediction=7, certainty=Between(60, 100))
_BOTH: Final = ("/predict", "/predict/")


def _refuses(request: Request, status: int, name: str = "detail") -> Step:
    return Step(request, status, body=Only({name: str}))


def _bare(request: Request) -> Step:
    """The digit, as text, and nothing else."""
    return Step(request, media_type="text/plain", body=b"7")


def _info(image: bytes, info: str) -> Step:
    return Step(post_form("/ocr", ("file", image)), body=Only(filename="7.png", info=info))


def _ask(content: Any) -> Request:
    return post_json("/api/predict", content)


COMPATIBLE: Final[tuple[Case, ...]] = (
    *(
        case(f"POST {path}, file", Step(post_form(path, ("file", _SEVEN)), body=_PREDICTION))
        for path in _BOTH
    ),
    *(case(f"POST {path}, img", _bare(post_form(path, ("img", _SEVEN)))) for path in _BOTH),
    *(
        case(
            f"POST {path}, a data URL as a form",
            _bare(post(path, _URL, "application/x-www-form-urlencoded")),
        )
        for path in _BOTH
    ),
    case("POST /predict, a data URL as text", _bare(post("/predict", _URL, "text/plain"))),
    case(
        "POST /predict, a blank sheet",
        Step(post_form("/predict", ("file", draw_blank())), body=_GUESS),
    ),
    case(
        "POST /predict, a letter",
        Step(post_form("/predict", ("file", draw_letter())), body=_GUESS),
    ),
    case("POST /predict, no image", _refuses(post_form("/predict", ("file", b"hello")), 400)),
    case("POST /predict, no field", _refuses(post_form("/predict", ("other", _SEVEN)), 422)),
    case("POST /predict, nothing", _refuses(post("/predict", b"", None), 422)),
    case(
        "POST /predict, bad base64",
        _refuses(post("/predict", "data:image/png;base64,!!!!", "text/plain"), 400),
    ),
    case("GET /predict", Step(get("/predict"), 405, PROBLEM, headers={"allow": "POST"})),
    case("POST /api/predict, data URL", Step(_ask({"image": _URL}), body=_CERTAIN)),
    case("POST /api/predict, base64", Step(_ask({"image": to_base64(_SEVEN)}), body=_CERTAIN)),
    case(
        "POST /api/predict, other keys",
        Step(_ask({"user": 1, "image": _URL, "mode": None}), body=_CERTAIN),
    ),
    case(
        "POST /api/predict, a letter",
        _refuses(_ask({"image": to_base64(draw_letter())}), 400, "error"),
    ),
    case(
        "POST /api/predict, a blank sheet",
        _refuses(_ask({"image": to_base64(draw_blank())}), 400, "error"),
    ),
    case("POST /api/predict, no image", _refuses(_ask({}), 400, "error")),
    case("POST /api/predict, no JSON", _refuses(post("/api/predict", b"x", None), 400, "error")),
    case("POST /api/predict, nothing", _refuses(post("/api/predict", b"", None), 400, "error")),
    case("POST /ocr", _info(_SEVEN, "PNG, 120x120 pixels, mode L: digit 7")),
    case(
        "POST /ocr, a JPEG", _info(draw_digit(3, "JPEG"), "JPEG, 120x120 pixels, mode L: digit 3")
    ),
    case("POST /ocr, a blank sheet", _info(draw_blank(), "PNG, 120x120 pixels, mode L: blank")),
    case(
        "POST /ocr, no image",
        problem(post_form("/ocr", ("file", b"hello")), 415, "unsupported-image"),
    ),
    case(
        "POST /ocr, no field", problem(post_form("/ocr", ("other", _SEVEN)), 422, "missing-image")
    ),
)
