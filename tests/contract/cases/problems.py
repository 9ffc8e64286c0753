"""What can't be used is refused, each with its own problem."""

from typing import Final

from recognition.image import MAX_BYTES
from tests.contract.cases.forms import URL
from tests.contract.drawings import draw_digit, to_base64, to_data_url
from tests.contract.expectations import Case, case, problem
from tests.contract.messages import Request
from tests.contract.requests import get, post, post_form, post_json

_SEVEN: Final = draw_digit(7)
_PNG_HEAD: Final = _SEVEN[:60]
_WITHIN_LAMBDA: Final = MAX_BYTES + 100_000
"""Too large, and yet within what Lambda takes in base64."""

_REFUSED: Final[dict[str, tuple[Request, int, str]]] = {
    "no body": (post(URL, b"", "image/png"), 422, "missing-image"),
    "no body, undeclared": (post(URL, b"", None), 422, "missing-image"),
    "text": (post(URL, b"not an image", "text/plain"), 415, "unsupported-image"),
    "text called a PNG": (post(URL, b"not an image", "image/png"), 415, "unsupported-image"),
    "a TIFF": (post(URL, b"II*\x00\x08\x00\x00\x00", "image/tiff"), 415, "unsupported-image"),
    "an SVG": (
        post(URL, b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        415,
        "unsupported-image",
    ),
    "a damaged PNG": (post(URL, _PNG_HEAD, "image/png"), 422, "corrupt-image"),
    "too many bytes": (
        post(URL, _SEVEN + bytes(_WITHIN_LAMBDA), "image/png"),
        413,
        "image-too-large",
    ),
    "a form without an image": (post_form(URL, ("mode", b"fast")), 422, "missing-image"),
    "a form cut short": (
        post(
            URL, post_form(URL, ("file", _SEVEN)).body[:-20], "multipart/form-data; boundary=a5b1c3"
        ),
        400,
        "invalid-body",
    ),
    "a form without a boundary": (post(URL, b"x", "multipart/form-data"), 400, "invalid-body"),
    "JSON that is none": (post(URL, b'{"image": ', "application/json"), 400, "invalid-body"),
    "JSON that is a list": (post_json(URL, [1]), 400, "invalid-body"),
    "JSON without an image": (post_json(URL, {}), 422, "missing-image"),
    "JSON whose image is null": (post_json(URL, {"image": None}), 422, "missing-image"),
    "JSON whose image is empty": (post_json(URL, {"image": ""}), 422, "missing-image"),
    "JSON whose image is a number": (post_json(URL, {"image": 7}), 400, "invalid-body"),
    "JSON nested too deep": (post(URL, b"[" * 200_000, "application/json"), 400, "invalid-body"),
    "bad base64": (post_json(URL, {"image": "!!!!"}), 400, "invalid-base64"),
    "bad base64 in a data URL": (
        post(URL, to_data_url(_SEVEN)[:-1] + "*", "text/plain"),
        400,
        "invalid-base64",
    ),
    "a data URL without base64": (post(URL, b"data:image/png,x", None), 400, "invalid-base64"),
    "two data-URL prefixes": (
        post_json(URL, {"image": "data:image/png;base64," + to_data_url(_SEVEN)}),
        400,
        "invalid-base64",
    ),
    "base64 of no image": (
        post_json(URL, {"image": to_base64(b"hello")}),
        415,
        "unsupported-image",
    ),
    "a parameter that is none": (
        post(f"{URL}?store=perhaps", _SEVEN, "image/png"),
        422,
        "invalid-request",
    ),
    "a parameter of another name": (
        post(f"{URL}?Store=false", _SEVEN, "image/png"),
        422,
        "invalid-request",
    ),
    "a parameter twice": (
        post(f"{URL}?explain=false&explain=true", _SEVEN, "image/png"),
        422,
        "invalid-request",
    ),
    "a compressed body": (
        post(URL, _SEVEN, "image/png", content_encoding="gzip"),
        415,
        "unsupported-encoding",
    ),
}

PROBLEMS: Final[tuple[Case, ...]] = (
    *(case(name, problem(*refused)) for name, refused in _REFUSED.items()),
    case(
        "PUT /api/recognitions",
        problem(Request("PUT", URL), 405, "method-not-allowed"),
    ),
    case("OPTIONS /api/recognitions", problem(Request("OPTIONS", URL), 405, "method-not-allowed")),
    case("GET /api", problem(get("/api"), 404, "not-found")),
)
