"""`decode_text`: an image that was written as text, a data URL (RFC 2397) or bare base64."""

import base64
import binascii
import re
from typing import Final

from api.errors import InvalidBase64, MissingImage

_DATA_URL: Final = re.compile(rb"data:[^,]{0,200};base64,", re.IGNORECASE)
_LINE_BREAKS: Final = b"\r\n"


def is_data_url(body: bytes) -> bool:
    return body[:64].lstrip()[:5].lower() == b"data:"


def decode_text(text: bytes) -> bytes:
    """A data URL, whatever the type that it names, or bare base64 to the bytes of an image.

    Raises:
        MissingImage: there are none.
        InvalidBase64: it's neither.
    """
    return decode_data_url(text) if is_data_url(text) else _decode_base64(text)


def decode_data_url(url: bytes) -> bytes:
    """`data:image/png;base64,…` to its bytes. Raises as `decode_text`."""
    prefix = _DATA_URL.match(url.lstrip())
    if prefix is None:
        raise InvalidBase64("The data URL is not in base64.")
    return _decode_base64(url.lstrip()[prefix.end() :])


def _decode_base64(text: bytes) -> bytes:
    try:
        # Tools wrap base64 into lines, and files end in blanks; anything else that is not of its
        # alphabet is an error.
        image = base64.b64decode(text.translate(None, _LINE_BREAKS).rstrip(), validate=True)
    except binascii.Error as error:
        raise InvalidBase64("The image is not valid base64.") from error
    if not image:
        raise MissingImage("The request has no image.")
    return image
