"""API Gateway, as a REST API with the template's binary types: HTTP to event, answer to HTTP."""

import base64
import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from tests.contract.messages import Answer, Request
from tests.stack.conftest import PROJECT

STAGE: Final = "v1"
_HOST: Final = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"


def read_binary_types() -> tuple[str, ...]:
    """The template's list."""
    template = (PROJECT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(r"\n +BinaryMediaTypes:\n((?: +- .+\n)+)", template)
    assert found is not None
    return tuple(re.findall(r"- (\S+)", found[1]))


def make_event(request: Request, binary_types: Sequence[str]) -> dict[str, Any]:
    """What the function is invoked with: bytes in base64, and everything else as text."""
    url = urlsplit(request.path)
    headers = {
        "Accept": "*/*",
        "Host": _HOST,
        "User-Agent": "curl/8.14.1",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
        **request.headers,
    }
    media_type = _find(headers, "content-type").partition(";")[0].strip().lower()
    is_binary = media_type in binary_types
    body = base64.b64encode(request.body) if is_binary else request.body
    query = parse_qs(url.query, keep_blank_values=True)
    path = unquote(url.path)
    return {
        "resource": "/" if path == "/" else "/{proxy+}",
        "path": path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": None if path == "/" else {"proxy": path[1:]},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": _HOST,
            "httpMethod": request.method,
            "identity": {"sourceIp": "192.0.2.1", "userAgent": headers["User-Agent"]},
            "path": f"/{STAGE}{path}",
            "protocol": "HTTP/1.1",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "resourcePath": "/" if path == "/" else "/{proxy+}",
            "stage": STAGE,
        },
        "body": body.decode("utf-8", "replace") or None,
        "isBase64Encoded": is_binary,
    }


def read_answer(request: Request, answer: dict[str, Any], binary_types: Sequence[str]) -> Answer:
    """What the client gets: bytes where its Accept header names a type that is binary, first."""
    text = str(answer.get("body") or "")
    first_type = _find(request.headers, "accept").partition(",")[0].partition(";")[0].strip()
    is_decoded = answer["isBase64Encoded"] and first_type in binary_types
    several = {name: ", ".join(values) for name, values in answer["multiValueHeaders"].items()}
    headers = {**answer["headers"], **several}
    return Answer(
        status=answer["statusCode"],
        headers={name.lower(): str(value) for name, value in headers.items()},
        body=base64.b64decode(text) if is_decoded else text.encode(),
    )


def _find(headers: Any, wanted: str) -> str:
    return next((str(value) for name, value in headers.items() if name.lower() == wanted), "")
