"""What Schemathesis sends besides what it makes up, and looks for besides its own checks."""

from typing import Any, Final

import httpx2
import schemathesis
from hypothesis import strategies as st

from tests.contract.drawings import draw_blank, draw_digit, draw_letter, to_data_url

_DIGITS: Final = [draw_digit(digit) for digit in range(10)]
_IMAGES: Final = st.one_of(
    st.sampled_from(
        [*_DIGITS, draw_digit(3, "JPEG"), draw_digit(5, "GIF"), draw_letter(), draw_blank()]
    ),
    st.binary(max_size=1000),
    # Cut short, and with other bytes in it: what hardly a random body is.
    st.builds(lambda image, end: image[:end], st.sampled_from(_DIGITS), st.integers(8, 400)),
    st.builds(
        lambda image, place, byte: image[:place] + bytes([byte]) + image[place + 1 :],
        st.sampled_from(_DIGITS),
        st.integers(0, 400),
        st.integers(0, 255),
    ),
)

for _name in ("png", "jpeg", "webp", "gif", "bmp"):
    schemathesis.openapi.media_type(f"image/{_name}", _IMAGES)
schemathesis.openapi.media_type("application/octet-stream", _IMAGES)
schemathesis.openapi.format("binary", _IMAGES)

_UNKNOWN: Final = "x-schemathesis-unknown-property"
_RECOGNITIONS: Final = "/api/recognitions"


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """An image in half of the JSON that could have one."""
    if isinstance(body, dict) and isinstance(body.get("image"), str) and len(body["image"]) % 2:
        return body | {"image": to_data_url(_DIGITS[len(body["image"]) % 10])}
    return body


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Leave out what is asked for nowhere: a parameter that no route has is nobody's business."""
    return _UNKNOWN not in (case.query or {})


@schemathesis.check
def stored_is_found(context: Any, response: Any, case: Any) -> None:
    """What was answered as stored is there, and can be removed."""
    if (case.method, case.path, response.status_code) != ("POST", _RECOGNITIONS, 200):
        return
    answer = response.json()
    if answer["stored"]:
        address = f"{case.operation.schema.get_base_url()}{_RECOGNITIONS}/{answer['id']}"
        assert httpx2.get(address).status_code == 200


@schemathesis.check
def refusal_is_short(context: Any, response: Any, case: Any) -> None:
    """No refusal says back what was sent."""
    if response.status_code >= 400:
        assert len(response.content) < 1024
