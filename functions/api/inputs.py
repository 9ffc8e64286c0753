"""A request's body to an image's bytes, in every form that the contract has.

The bytes themselves tell the form. What the request declares of them is often wrong, or lost by a
gateway on the way; it's asked only where the bytes can't tell.
"""

import base64
import binascii
import json
import re
from typing import Final

from starlette.requests import Request

from api.errors import BodyTooLarge, InvalidBase64, InvalidBody, MissingImage
from api.multipart import read_fields
from recognition.image import MAX_BYTES, sniff_format

IMAGE_FIELDS: Final = ("file", "img", "image")
"""A form's fields that may hold the image; the first that does counts."""
JSON_FIELD: Final = "image"

MAX_WRAPPING_BYTES: Final = 320 * 1024
"""What may be around the image: other fields, headers, the line breaks of base64."""
MAX_BODY_BYTES: Final = 4 * -(-MAX_BYTES // 3) + MAX_WRAPPING_BYTES
"""The largest image in its longest form, base64. Lambda itself takes no more than 6,291,456."""
MAX_DISCARDED_BYTES: Final = 8 * MAX_BODY_BYTES
"""How much of a larger body to read and drop. A browser that is cut off while it sends shows no
answer, only a broken connection."""

_DATA_URL: Final = re.compile(rb"data:[^,]{0,200};base64,", re.IGNORECASE)
_LINE_BREAKS: Final = b"\r\n"


async def read_body(request: Request) -> bytes:
    """Read a request's body, and hold no more than `MAX_BODY_BYTES` of it, whatever it declares.

    Raises:
        BodyTooLarge: it has more.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        # A number longer than this many digits is too large, and too slow to convert.
        size = int(declared) if len(declared) < 16 else MAX_DISCARDED_BYTES + 1
        waiting = "expect" in request.headers  # for leave to send: nothing has to be dropped
        if size > MAX_DISCARDED_BYTES or (waiting and size > MAX_BODY_BYTES):
            raise _body_too_large()
    body = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            body += chunk
        elif size > MAX_DISCARDED_BYTES:
            break
    if size > MAX_BODY_BYTES:
        raise _body_too_large()
    return bytes(body)


def extract_image(body: bytes, content_type: str) -> bytes:
    """Find the image in a body: raw, as a data URL, in a form or in JSON.

    Args:
        body: as it was received.
        content_type: the request's header, or "".

    Raises:
        InputError: there is none, or it's wrapped wrongly.
    """
    if sniff_format(_require(body)):
        return body
    if _is_data_url(body):
        return _decode_data_url(body)
    if _is_multipart(body, content_type):
        return extract_field(body, content_type, IMAGE_FIELDS)
    if _is_json(body, content_type):
        return _extract_from_json(body)
    return body


def extract_field(body: bytes, content_type: str, names: tuple[str, ...]) -> bytes:
    """Find the image in one of the named fields of a multipart form.

    Raises:
        InputError: as `extract_image`; MissingImage too when the body is no form.
    """
    fields = read_fields(body, content_type) if _is_multipart(body, content_type) else {}
    for name in names:
        if field := fields.get(name):
            return _decode_data_url(field) if _is_data_url(field) else field
    raise MissingImage(f"The request has no image in a form field {' or '.join(map(repr, names))}.")


def _extract_from_json(body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidBody("The body is not JSON.") from error
    if not isinstance(content, dict):
        raise InvalidBody("The JSON is not an object.")
    image = content.get(JSON_FIELD)
    if image is None:
        raise MissingImage(f"The JSON has no {JSON_FIELD!r}.")
    if not isinstance(image, str):
        raise InvalidBody(f"The JSON's {JSON_FIELD!r} is not a text.")
    # What is not ASCII is not base64 either; the decoder says so.
    text = _require(image.strip().encode("ascii", "replace"))
    return _decode_data_url(text) if _is_data_url(text) else _decode_base64(text)


def _decode_data_url(url: bytes) -> bytes:
    """`data:image/png;base64,…` to the bytes, whatever the type that it names."""
    prefix = _DATA_URL.match(url.lstrip())
    if prefix is None:
        raise InvalidBase64("The data URL is not in base64.")
    return _decode_base64(url.lstrip()[prefix.end() :])


def _decode_base64(text: bytes) -> bytes:
    try:
        # Tools wrap base64 into lines; anything else that is not of its alphabet is an error.
        return _require(base64.b64decode(text.translate(None, _LINE_BREAKS), validate=True))
    except binascii.Error as error:
        raise InvalidBase64("The image is not valid base64.") from error


def _is_data_url(body: bytes) -> bool:
    return body[:64].lstrip()[:5].lower() == b"data:"


def _is_multipart(body: bytes, content_type: str) -> bool:
    declared = content_type.lower().startswith("multipart/")
    return bool(body) and (declared or body.startswith(b"--"))


def _is_json(body: bytes, content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    declared = media_type == "application/json" or media_type.endswith("+json")
    return declared or body[:64].lstrip().startswith(b"{")


def _require(image: bytes) -> bytes:
    if not image:
        raise MissingImage("The request has no image.")
    return image


def _body_too_large() -> BodyTooLarge:
    return BodyTooLarge(
        f"The request is larger than an image of {MAX_BYTES // 1024**2} MiB can make it."
    )
