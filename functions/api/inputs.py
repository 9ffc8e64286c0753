"""A request's body to an image's bytes, in every form that the contract has.

The bytes themselves tell the form. What the request declares of them is often wrong, or lost by a
gateway on the way; it's asked only where the bytes can't tell.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from api.base64_text import decode_data_url, decode_text, is_data_url
from api.errors import (
    BodyTooLarge,
    BodyTooSlow,
    InputError,
    InvalidBody,
    MissingImage,
    TooManyImages,
    UnsupportedEncoding,
)
from api.json_object import parse_json_object
from api.multipart import Part, read_parts
from recognition.image import MAX_BYTES, sniff_format

IMAGE_FIELDS: Final = ("file", "img", "image")
"""A form's fields that may hold the image; the first that does counts."""
JSON_FIELD: Final = "image"

BATCH_FIELD: Final = "images"
MAX_IMAGES: Final = 64
"""Of a batch."""

MAX_WRAPPING_BYTES: Final = 320 * 1024
"""What may be around the image: other fields, headers, the line breaks of base64."""
MAX_BODY_BYTES: Final = 4 * -(-MAX_BYTES // 3) + MAX_WRAPPING_BYTES
"""The largest image in its longest form, base64. Lambda itself takes no more than 6,291,456."""
_DISCARDED: Final = 8
MAX_DISCARDED_BYTES: Final = _DISCARDED * MAX_BODY_BYTES
"""How much of a larger body to read and drop. A browser that is cut off while it sends shows no
answer, only a broken connection."""

MAX_BODY_SECONDS: Final = 60.0
"""For all of a body. Four megabytes take half of that at a megabit a second."""


async def read_body(
    request: Request, *, most: int = MAX_BODY_BYTES, seconds: float = MAX_BODY_SECONDS
) -> bytes:
    """Read a request's body, and hold no more of it than it may have, whatever it declares.

    Args:
        most: how many bytes it may have.

    Raises:
        BodyTooLarge: it has more.
        BodyTooSlow: it did not end in so many seconds.
        UnsupportedEncoding: it's compressed.
    """
    discarded = _DISCARDED * most
    declared = request.headers.get("content-length", "")
    if declared.isdecimal():
        # A number longer than this many digits is too large, and too slow to convert.
        size = int(declared) if len(declared) < 16 else discarded + 1
        waiting = "expect" in request.headers  # for leave to send: nothing has to be dropped
        if size > discarded or (waiting and size > most):
            raise _body_too_large()
    body = bytearray()
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= most:
                    body += chunk
                elif size > discarded:
                    break
    except TimeoutError as error:
        raise BodyTooSlow(f"The request did not end within {seconds:g} s.") from error
    if size > most:
        raise _body_too_large()
    encodings = request.headers.get("content-encoding", "").lower().split(",")
    if not {each.strip() for each in encodings} <= {"", "identity"}:
        raise UnsupportedEncoding("The body has a Content-Encoding. Send it as it is.")
    return bytes(body)


def extract_image(body: bytes, content_type: str) -> bytes:
    """Find the image in a body: raw, as a data URL, in a form or in JSON.

    Args:
        body: as it was received.
        content_type: the request's header, or "".

    Raises:
        InputError: there is none, or it's wrapped wrongly.
    """
    if not body:
        raise _missing_image()
    if sniff_format(body):
        return body
    if is_data_url(body):
        return decode_data_url(body)
    if _is_multipart(body, content_type):
        return decode_part(find_field(body, content_type, IMAGE_FIELDS))
    if _is_json(body, content_type):
        return extract_from_json(body)
    return body


def extract_images(body: bytes, content_type: str) -> list[bytes | InputError]:
    """Find the images of a batch: in a form's files, or in JSON's list, in their order.

    Args:
        body: as it was received.
        content_type: the request's header, or "".

    Returns:
        One for each, at most `MAX_IMAGES`: its bytes, or what is wrong with its wrapping.

    Raises:
        InputError: the batch as a whole can't be used.
    """
    if not body:
        raise _missing_image()
    if _is_multipart(body, content_type):
        return _decode_all(_find_images(body, content_type))
    if not _is_json(body, content_type):
        raise InvalidBody(f"A batch is a form with files, or JSON with {BATCH_FIELD!r}.")
    texts = parse_json_object(body).get(BATCH_FIELD)
    if not texts:
        raise MissingImage(f"The JSON has no {BATCH_FIELD!r}.")
    if not isinstance(texts, list):
        raise InvalidBody(f"The JSON's {BATCH_FIELD!r} is not a list.")
    if len(texts) > MAX_IMAGES:
        raise _too_many_images()
    return _decode_all(texts)


def find_field(body: bytes, content_type: str, names: tuple[str, ...]) -> Part:
    """The first of a form's named fields that is not empty.

    Raises:
        InputError: there is none; MissingImage too when the body is no form.
    """
    parts = read_parts(body, content_type) if _is_multipart(body, content_type) else []
    for name in names:
        for part in parts:
            if part.name == name and part.content:
                return part
    raise MissingImage(f"The request has no image in a form field {' or '.join(map(repr, names))}.")


def decode_part(part: Part) -> bytes:
    """A field's image: its bytes, or those of the data URL that it holds. Raises InputError."""
    return decode_data_url(part.content) if is_data_url(part.content) else part.content


def extract_from_json(body: bytes) -> bytes:
    """Find the image in a JSON object. Raises InputError."""
    image = parse_json_object(body).get(JSON_FIELD)
    if image is None:
        raise MissingImage(f"The JSON has no {JSON_FIELD!r}.")
    return _decode_json_text(image)


def _is_multipart(body: bytes, content_type: str) -> bool:
    declared = content_type.lower().startswith("multipart/")
    return bool(body) and (declared or body.startswith(b"--"))


def _find_images(body: bytes, content_type: str) -> list[Part]:
    """The parts that are files, and those with the name of an image.

    A page's file input that was left empty sends a file without name or content: no image.
    """
    parts = read_parts(body, content_type)
    images = [part for part in parts if part.file_name or part.name in IMAGE_FIELDS]
    images = [part for part in images if part.content or part.file_name]
    if not images:
        raise MissingImage("The form has no files.")
    if len(images) > MAX_IMAGES:
        raise _too_many_images()
    return images


def _decode_all(images: Sequence[object]) -> list[bytes | InputError]:
    """Each image, or what is wrong with its wrapping. Raises BodyTooLarge for too much together:
    an image that is too large by itself does not count, and fails alone."""
    decoded = [_try_to_decode(image) for image in images]
    sizes = [len(image) for image in decoded if isinstance(image, bytes)]
    if sum(size for size in sizes if size <= MAX_BYTES) > MAX_BYTES:
        raise BodyTooLarge(f"The images have more than {MAX_BYTES // 1024**2} MiB together.")
    return decoded


def _try_to_decode(image: object) -> bytes | InputError:
    try:
        if image is None:
            return _missing_image()
        if not isinstance(image, Part):
            return _decode_json_text(image)
        return decode_part(image) if image.content else _missing_image()
    except InputError as error:
        return error


def _decode_json_text(image: object) -> bytes:
    if not isinstance(image, str):
        raise InvalidBody("An image in the JSON is not a text.")
    # What is not ASCII is not base64 either; the decoder says so.
    return decode_text(image.strip().encode("ascii", "replace"))


def _is_json(body: bytes, content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    declared = media_type == "application/json" or media_type.endswith("+json")
    return declared or body[:64].lstrip().startswith(b"{")


def _missing_image() -> MissingImage:
    return MissingImage("The request has no image.")


def _too_many_images() -> TooManyImages:
    return TooManyImages(f"A batch has at most {MAX_IMAGES} images.")


def _body_too_large() -> BodyTooLarge:
    return BodyTooLarge(
        f"The request is larger than an image of {MAX_BYTES // 1024**2} MiB can make it."
    )
