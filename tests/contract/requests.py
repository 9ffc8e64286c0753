"""Requests, in every form that the contract has for an image."""

import json
from typing import Any, Final

from tests.contract.messages import Request

_BOUNDARY: Final = "a5b1c3"

# As a browser asks for an <img>; a REST API looks at the first of these alone.
FOR_A_PICTURE: Final = {"Accept": "image/avif,image/webp,image/apng,image/*,*/*;q=0.8"}


def get(path: str, **headers: str) -> Request:
    return Request("GET", path, _named(headers))


def delete(path: str) -> Request:
    return Request("DELETE", path)


def post(path: str, body: bytes | str, content_type: str | None, **headers: str) -> Request:
    return _send("POST", path, body, content_type, headers)


def post_json(path: str, content: Any, **headers: str) -> Request:
    return post(path, json.dumps(content), "application/json", **headers)


def put(path: str, body: bytes, content_type: str) -> Request:
    return _send("PUT", path, body, content_type, {})


def put_json(path: str, content: Any, **headers: str) -> Request:
    return _send("PUT", path, json.dumps(content), "application/json", headers)


def post_form(path: str, *fields: tuple[str, bytes], file_name: str | None = "7.png") -> Request:
    """A form as a browser writes it; without a file's name its fields are texts."""
    body = b""
    for name, content in fields:
        disposition = f'form-data; name="{name}"'
        if file_name is not None:
            disposition += f'; filename="{file_name}"\r\nContent-Type: image/png'
        head = f"--{_BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
        body += head.encode() + content + b"\r\n"
    body += f"--{_BOUNDARY}--\r\n".encode()
    return post(path, body, f"multipart/form-data; boundary={_BOUNDARY}")


def _send(
    method: str, path: str, body: bytes | str, content_type: str | None, headers: dict[str, str]
) -> Request:
    named = _named(headers)
    if content_type is not None:
        named["Content-Type"] = content_type
    return Request(method, path, named, body.encode() if isinstance(body, str) else body)


def _named(headers: dict[str, str]) -> dict[str, str]:
    """`x_api_key` to `X-API-Key`, as far as case matters: it doesn't."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
