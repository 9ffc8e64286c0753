"""The Lambda: what a gateway sends is answered as over HTTP, and so is what none should."""

import base64
import io
import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.handler import handler
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE, read_lines
from tests.api.events import EVENTS, load_event
from tests.conftest import DrawDigit

ROOT = Path(__file__).parents[2]


def invoke(event: Any) -> dict[str, Any]:
    response = handler(event, None)
    json.dumps(response)  # as the runtime does
    return response


def body_of(response: dict[str, Any]) -> bytes:
    body = response["body"]
    return base64.b64decode(body) if response["isBase64Encoded"] else str(body).encode()


@pytest.mark.parametrize(
    ("name", "digit"),
    [("multipart-png", 7), ("raw-jpeg", 3), ("json-data-url", 5), ("text-data-url", 2)],
)
def test_an_image_is_read_in_every_form(name: str, digit: int) -> None:
    response = invoke(load_event(name))
    assert response["statusCode"] == 200
    assert response["isBase64Encoded"] is False
    answer = json.loads(response["body"])
    assert answer["digit"] == digit
    assert answer["stored"] is False
    assert ("pixels" in answer) == (name == "raw-jpeg")  # it asks for an explanation


def test_an_event_is_answered_as_the_same_bytes_over_http(client: TestClient) -> None:
    event = load_event("multipart-png")
    answer = json.loads(invoke(event)["body"])
    over_http = client.post(
        event["path"],
        content=base64.b64decode(event["body"]),
        headers={"Content-Type": event["headers"]["Content-Type"]},
    ).json()
    assert answer["scores"] == over_http["scores"]


def test_existing_clients_are_answered() -> None:
    response = invoke(load_event("predict-multipart-png"))
    assert list(json.loads(response["body"])) == ["digit", "confidence", "processing_time"]


def test_a_problem_is_text_with_its_own_type() -> None:
    response = invoke(load_event("missing-image"))
    assert response["statusCode"] == 422
    assert response["headers"]["content-type"] == "application/problem+json"
    assert response["isBase64Encoded"] is False
    assert json.loads(response["body"])["type"] == "missing-image"


def test_the_page_is_text_and_a_picture_is_not() -> None:
    page = invoke(load_event("get-page"))
    assert page["isBase64Encoded"] is False
    assert page["body"] == (PAGE / "index.html").read_text(encoding="utf-8")
    assert "default-src 'self'" in page["headers"]["content-security-policy"]
    picture = invoke(load_event("get-example-image"))
    assert picture["isBase64Encoded"] is True
    assert body_of(picture) == (PAGE / "examples" / "7.jpg").read_bytes()


def test_examples_and_health_are_answered(recognizer: Recognizer) -> None:
    examples = json.loads(invoke(load_event("get-examples"))["body"])
    assert [example["digit"] for example in examples["examples"]] == list(range(10))
    health = json.loads(invoke(load_event("get-health"))["body"])
    assert health["model"] == recognizer.card.sha256


def at(address: str, path: str, stage: str = "v1") -> dict[str, Any]:
    """A GET event of an address that has, or has not, the stage before its path."""
    event = load_event("get-page")
    context = event["requestContext"] | {"path": address, "stage": stage}
    return event | {"path": path, "requestContext": context}


@pytest.mark.parametrize(
    ("address", "path", "root"),
    [
        ("/v1/examples/", "/examples/", "/v1"),
        ("/examples/", "/examples/", ""),  # a domain of one's own
        ("/{proxy+}", "/examples/", ""),  # sam local
        ("/v10/examples/", "/examples/", ""),
        ("//elsewhere.example/examples/", "/examples/", ""),
    ],
)
def test_examples_have_addresses_that_work(address: str, path: str, root: str) -> None:
    examples = json.loads(invoke(at(address, path))["body"])["examples"]
    assert examples[7]["url"] == f"{root}/static/test_digits/7.jpg"


@pytest.mark.parametrize("stage", ["static", "docs", "v1"])
def test_a_stage_may_be_called_as_a_path_is(stage: str) -> None:
    picture = load_event("get-example-image")
    context = {"stage": stage, "path": f"/{stage}{picture['path']}"}
    assert invoke(picture | {"requestContext": context})["statusCode"] == 200
    assert invoke(at(f"/{stage}/docs", "/docs", stage))["statusCode"] == 200
    assert invoke(at(f"/{stage}/none", "/none", stage))["statusCode"] == 404


def test_a_stage_without_its_slash_is_sent_to_the_one_with_it() -> None:
    response = invoke(at("/v1", "/"))
    assert (response["statusCode"], response["headers"]["location"]) == (308, "v1/")


@pytest.mark.parametrize("address", ["/v1/", "/"])
def test_the_page_is_where_its_relative_addresses_work(address: str) -> None:
    assert invoke(at(address, "/"))["statusCode"] == 200


def test_the_documentation_is_found_with_a_slash_too() -> None:
    response = invoke(at("/v1/docs/", "/docs/"))
    assert (response["statusCode"], response["headers"]["location"]) == (308, "../docs")


@pytest.mark.parametrize("file", sorted(EVENTS.glob("*.json")), ids=lambda file: file.stem)
def test_every_event_is_a_rest_event_of_nobody(file: Path) -> None:
    event = load_event(file.stem)
    context = event["requestContext"]
    assert context["accountId"] == "123456789012"
    assert context["stage"] == default_of("StageName")
    assert context["path"] == f"/{context['stage']}{event['path']}"
    assert context["httpMethod"] == event["httpMethod"]
    assert context["identity"]["userAgent"] == event["headers"]["User-Agent"]
    assert context["identity"]["sourceIp"] == event["headers"]["X-Forwarded-For"]
    assert event["multiValueHeaders"] == {k: [v] for k, v in event["headers"].items()}
    assert event["isBase64Encoded"] in (True, False)
    assert invoke(event)["statusCode"] == (422 if file.stem == "missing-image" else 200)


@pytest.mark.parametrize("file", sorted(EVENTS.glob("*.json")), ids=lambda file: file.stem)
def test_every_event_has_the_headers_of_its_client_and_gateway(file: Path) -> None:
    headers = load_event(file.stem)["headers"]
    assert not {"Via", "X-Amz-Cf-Id", "CloudFront-Forwarded-Proto"} & set(headers)  # regional
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["X-Amzn-Trace-Id"])
    is_browser = headers["User-Agent"].startswith("Mozilla/")
    assert is_browser or headers["User-Agent"].startswith("curl/")
    for name in ("Accept-Encoding", "Accept-Language", "Sec-Fetch-Mode"):
        assert (name in headers) is is_browser


def default_of(parameter: str) -> str:
    """A parameter's default in the template."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\S+)$", template, re.M)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "missing",
    [
        "headers",
        "multiValueHeaders",
        "requestContext",
        "resource",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "stageVariables",
    ],
)
@pytest.mark.parametrize("how", ["absent", "null"])
def test_an_event_that_lacks_something_is_answered(missing: str, how: str) -> None:
    event = load_event("text-data-url")
    if how == "absent":
        del event[missing]
    else:
        event[missing] = None
    assert json.loads(invoke(event)["body"])["digit"] == 2


def test_an_event_of_the_least_is_answered() -> None:
    least = {key: load_event("multipart-png")[key] for key in ("httpMethod", "path", "body")}
    answer = invoke({**least, "isBase64Encoded": True})
    assert json.loads(answer["body"])["digit"] == 7
    assert invoke({"httpMethod": "GET", "path": "/api/health"})["statusCode"] == 200


def test_an_event_without_a_body_has_no_image() -> None:
    event = load_event("multipart-png") | {"body": None}
    assert json.loads(invoke(event)["body"])["type"] == "missing-image"


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"Host": "a:b"}, "multiValueHeaders": None},
        {"headers": {"Host": "a:1:2"}, "multiValueHeaders": None},
        {"headers": {"X-Forwarded-Port": "https"}, "multiValueHeaders": None},
        {"headers": {"X-Forwarded-Port": ""}, "multiValueHeaders": None},
        {"headers": ["Host"], "multiValueHeaders": None},
        {"headers": {"Host": 7}, "multiValueHeaders": None},
        {"body": "x", "isBase64Encoded": True},
        {"body": "é", "isBase64Encoded": True},
        {"body": {"image": "x"}},
        {"body": "\ud800"},
        {"path": 7},
        {"httpMethod": 7},
        {"requestContext": "x"},
        {"queryStringParameters": {"a": "\ud800"}, "multiValueQueryStringParameters": None},
        {"queryStringParameters": 7, "multiValueQueryStringParameters": None},
    ],
)
def test_an_event_that_no_gateway_sends_is_a_problem(changes: dict[str, Any]) -> None:
    response = invoke(load_event("multipart-png") | changes)
    assert response["statusCode"] == 400
    assert response["headers"]["content-type"] == "application/problem+json"
    assert json.loads(response["body"])["type"] == "invalid-event"


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"Host": "a:Zebra"}, "multiValueHeaders": None},
        {"headers": {"X-Forwarded-Port": "Zebra"}, "multiValueHeaders": None},
    ],
)
def test_a_refused_event_is_logged_without_its_words(
    stream: io.StringIO, changes: dict[str, Any]
) -> None:
    response = invoke(load_event("get-health") | changes)
    (line,) = read_lines(stream)
    assert (line["level"], line["error"]) == ("warning", "ValueError")
    assert line["request_id"] == response["headers"]["x-request-id"]
    assert "Zebra" not in stream.getvalue()


def test_a_refusal_has_the_headers_of_any_answer() -> None:
    usual, refusal = (invoke(event)["headers"] for event in (load_event("get-health"), {}))
    assert set(refusal) == set(usual)
    varying = {"content-type", "content-length", "x-request-id"}
    for name in set(usual) - varying:
        assert refusal[name] == usual[name]


def make_http_api_event(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """As an HTTP API sends it, in its format 2.0."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "store=false",
        "headers": {"host": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8.14.1",
            },
            "stage": "$default",
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def make_load_balancer_event(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """As an Application Load Balancer sends it."""
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/inkling/0123456789abcdef"
    return {
        "requestContext": {"elb": {"targetGroupArn": arn}},
        "httpMethod": method,
        "path": path,
        "queryStringParameters": {"store": "false"},
        "headers": {
            "host": "inkling-123456789.eu-west-1.elb.amazonaws.com",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


@pytest.mark.parametrize("make_event", [make_http_api_event, make_load_balancer_event])
def test_other_gateways_are_answered_too(make_event: Any, draw_digit: DrawDigit) -> None:
    answer = invoke(make_event("POST", "/api/recognitions", draw_digit(7)))
    assert (answer["statusCode"], json.loads(body_of(answer))["digit"]) == (200, 7)
    picture = invoke(make_event("GET", "/static/test_digits/7.jpg"))
    assert body_of(picture) == (PAGE / "examples" / "7.jpg").read_bytes()
    assert invoke(make_event("GET", "/nothing"))["statusCode"] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": ""},
        {"Host": "\x00"},
        {"Host": "é" * 1000},
        {"Host": "//evil.example/x?y#z"},
        {"Host": "[::1"},
        {"X-Forwarded-For": "\r\nX: y"},
        {"X-Forwarded-For": "," * 10_000},
        {"X-Forwarded-Proto": "javascript"},
        {"X-Forwarded-Port": "99999999999999999999"},
        {"X-Forwarded-Port": "-1"},
        {"X-Forwarded-Host": "evil.example"},
        {"": ""},
        {"\ud800": "x"},
    ],
)
@pytest.mark.parametrize("several", [True, False])
def test_junk_in_the_headers_gets_an_answer_that_does_not_believe_it(
    headers: dict[str, str], several: bool
) -> None:
    multiple = {name: [value, value] for name, value in headers.items()} if several else None
    event = load_event("get-examples") | {"headers": headers, "multiValueHeaders": multiple}
    response = invoke(event)
    assert response["statusCode"] in (200, 400)
    assert "evil.example" not in json.dumps(response)


@pytest.mark.parametrize(
    ("body", "is_base64"),
    [
        ("not base64 at all!", True),
        ("AAA", True),
        ("", True),
        ('{"image": "x"}', True),
        (base64.b64encode(b"\x89PNG").decode(), False),
        ("\x00\xff", False),
        ("x", "yes"),
        ("x", None),
        ("eA==", 1),
    ],
)
def test_a_body_that_is_not_what_it_is_declared_as_is_a_problem(body: str, is_base64: Any) -> None:
    event = load_event("multipart-png") | {"body": body, "isBase64Encoded": is_base64}
    response = invoke(event)
    assert 400 <= response["statusCode"] < 500
    assert response["headers"]["content-type"] == "application/problem+json"


OTHER_SERVICES: dict[str, Any] = {
    "S3": {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "secret.png"}}}]},
    "S3's test": {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "uploads"},
    "SQS": {"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": "{}"}]},
    "SNS": {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "x"}}]},
    "a schedule": {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
    "EventBridge": {"source": "aws.s3", "detail-type": "Object Created", "detail": {}},
    # Lambda@Edge: a viewer's request, as AWS documents it.
    "CloudFront": {
        "Records": [
            {
                "cf": {
                    "config": {
                        "distributionDomainName": "d111111abcdef8.cloudfront.net",
                        "distributionId": "EDFDVBD6EXAMPLE",
                        "eventType": "viewer-request",
                        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
                    },
                    "request": {
                        "clientIp": "203.0.113.178",
                        "headers": {
                            "host": [{"key": "Host", "value": "d111111abcdef8.cloudfront.net"}],
                            "user-agent": [{"key": "User-Agent", "value": "curl/7.66.0"}],
                            "accept": [{"key": "accept", "value": "*/*"}],
                        },
                        "method": "GET",
                        "querystring": "",
                        "uri": "/secret",
                    },
                }
            }
        ]
    },
    "CloudFront, cut short": {
        "Records": [{"cf": {"request": {"uri": "/", "headers": {}, "method": "GET"}}}]
    },
    "a WebSocket": {"requestContext": {"eventType": "CONNECT", "connectionId": "x"}},
    "an authorizer": {"type": "TOKEN", "authorizationToken": "secret", "methodArn": "arn:x"},
}


@pytest.mark.parametrize("event", OTHER_SERVICES.values(), ids=OTHER_SERVICES)
def test_what_another_service_sends_is_a_problem_and_no_exception(
    event: Any, stream: io.StringIO
) -> None:
    response = invoke(event)
    assert response["statusCode"] == 400
    assert json.loads(response["body"])["type"] == "invalid-event"
    assert [line["level"] for line in read_lines(stream)] == ["warning"]
    assert "secret" not in json.dumps(response) + stream.getvalue()


@pytest.mark.parametrize(
    "event",
    [None, [], "", 7, {}, {"Records": []}, {"source": "aws.events"}, {"requestContext": {}},
     {"version": "2.0", "requestContext": {}}, {"httpMethod": "GET"}, {"path": "/"}],
)  # fmt: skip
def test_an_event_that_is_no_request_is_a_problem(event: Any) -> None:
    response = invoke(event)
    assert response["statusCode"] == 400
    assert json.loads(response["body"])["type"] == "invalid-event"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(changes=st.dictionaries(st.sampled_from(sorted(load_event("get-health"))), JSON, min_size=1))
def test_whatever_is_in_an_event_there_is_an_answer(changes: dict[str, Any]) -> None:
    response = invoke(load_event("get-health") | changes)
    assert 200 <= response["statusCode"] < 500
    assert response["headers"]


def test_no_logger_but_ours_says_a_requests_path(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # as Lambda's runtime sets the root logger's
    event = load_event("get-health") | {"path": "/api/recognitions/secret-id"}
    handler(event, None)
    assert "secret-id" not in caplog.text


@pytest.mark.parametrize("name", ["get-health", "missing-image"])
def test_a_line_has_the_version_that_answered(name: str, stream: io.StringIO) -> None:
    """By it, a new one's failures are told from those of the one before."""
    handler(load_event(name), SimpleNamespace(function_version="8"))
    handler(load_event(name), None)
    lines = read_lines(stream)
    assert [line.get("version") for line in lines] == ["8", None]


@pytest.mark.slow
def test_its_start_logs_nothing() -> None:
    """LiteRT would, at every cold start, a line that is no JSON."""
    started = subprocess.run(
        [sys.executable, "-c", "import api.handler"],
        cwd=ROOT / "functions",
        capture_output=True,
        text=True,
        check=True,
    )
    assert (started.stdout, started.stderr) == ("", "")
