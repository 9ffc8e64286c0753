"""The forms that the contract has for an image, as arguments for an HTTP client."""

import base64
import json
from collections.abc import Callable
from typing import Any

Request = dict[str, Any]

BOUNDARY = "a5b1c3"


def data_url(image: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(image).decode()}"


def multipart(name: str, content: bytes, *, file_name: str | None = "drawing.png") -> bytes:
    """A form as a browser writes it, with another field before the image."""
    disposition = f'form-data; name="{name}"'
    if file_name is not None:
        disposition += f'; filename="{file_name}"'
    return b"".join(
        (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=mode\r\n\r\nfast\r\n".encode(),
            f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n".encode(),
            b"Content-Type: text/html\r\n\r\n",  # wrong, and of no consequence
            content,
            f"\r\n--{BOUNDARY}--\r\n".encode(),
        )
    )


def raw(content: bytes, content_type: str | None) -> Request:
    return {"content": content, "headers": {"Content-Type": content_type} if content_type else {}}


def form(name: str, content: bytes, **options: Any) -> Request:
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    return raw(multipart(name, content, **options), content_type)


def as_json(value: object) -> Request:
    return raw(json.dumps({"mode": "fast", "image": value}).encode(), "application/json")


FORMS: dict[str, Callable[[bytes], Request]] = {
    "multipart file": lambda image: form("file", image),
    "multipart img": lambda image: form("img", image),
    "multipart image": lambda image: form("image", image),
    "multipart text with a data URL": lambda image: form(
        "image", data_url(image).encode(), file_name=None
    ),
    "raw image/png": lambda image: raw(image, "image/png"),
    "raw image/jpeg": lambda image: raw(image, "image/jpeg"),
    "raw octet-stream": lambda image: raw(image, "application/octet-stream"),
    "raw, declared as JSON": lambda image: raw(image, "application/json"),
    "raw, undeclared": lambda image: raw(image, None),
    "data URL as text": lambda image: raw(data_url(image).encode(), "text/plain"),
    "data URL as a form": lambda image: raw(
        data_url(image).encode(), "application/x-www-form-urlencoded"
    ),
    "data URL as an image": lambda image: raw(data_url(image).encode(), "image/png"),
    "data URL of another type": lambda image: raw(data_url(image, "image/gif").encode(), None),
    "data URL with a line break": lambda image: raw(data_url(image).encode() + b"\n", None),
    "data URL with blanks around": lambda image: raw(
        b"\r\n\t " + data_url(image).encode() + b" \t\f\v\r\n \n", None
    ),
    "multipart text with blanks": lambda image: form(
        "img", data_url(image).encode() + b" \r\n", file_name=None
    ),
    "JSON data URL": lambda image: as_json(data_url(image)),
    "JSON base64": lambda image: as_json(base64.b64encode(image).decode()),
    "JSON base64 in lines": lambda image: as_json(base64.encodebytes(image).decode()),
    "JSON, declared as a form": lambda image: raw(
        as_json(data_url(image))["content"], "application/x-www-form-urlencoded"
    ),
    "JSON, undeclared": lambda image: raw(as_json(data_url(image))["content"], None),
}
