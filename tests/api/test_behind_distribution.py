"""The Lambda behind CloudFront: the client's address has no stage, whatever API Gateway's has."""

import json
from typing import Any

import pytest

from api.handler import handler
from tests.api.events import load_event

EVENT = "distribution/get-examples"


def forwarded(prefix: str, path: str = "/examples/") -> dict[str, Any]:
    """A GET by way of a proxy that says what it takes to be the root."""
    event = load_event(EVENT)
    headers = event["headers"] | {"X-Forwarded-Prefix": prefix}
    several = {name: [value] for name, value in headers.items()}
    context = event["requestContext"] | {"path": f"/v1{path}"}
    changes = {"path": path, "headers": headers, "multiValueHeaders": several}
    return event | changes | {"requestContext": context}


def list_addresses(event: dict[str, Any]) -> list[str]:
    answer = handler(event, None)
    assert answer["statusCode"] == 200
    return [example["url"] for example in json.loads(answer["body"])["examples"]]


def test_event_is_one_of_a_distribution_before_a_stage() -> None:
    event = load_event(EVENT)
    headers, context = event["headers"], event["requestContext"]
    assert headers["Host"] == context["domainName"]  # execute-api, not the viewer's
    assert {"Via", "X-Amz-Cf-Id", "X-Forwarded-Prefix"} <= set(headers)
    viewer, edge = headers["X-Forwarded-For"].split(", ")
    assert context["identity"]["sourceIp"] == edge != viewer
    assert context["path"] == f"/{context['stage']}{event['path']}"
    assert event["multiValueHeaders"] == {name: [value] for name, value in headers.items()}


def test_addresses_are_those_below_the_distribution() -> None:
    assert list_addresses(load_event(EVENT))[7] == "/static/test_digits/7.jpg"


def test_the_documentation_is_found_with_a_slash_too() -> None:
    answer = handler(forwarded("/", "/docs/"), None)
    assert (answer["statusCode"], answer["headers"]["location"]) == (308, "../docs")


@pytest.mark.parametrize("prefix", ["", "//evil.example", "/evil", "https://evil.example/", "//"])
def test_no_other_root_is_believed(prefix: str) -> None:
    """Anyone may send the header to API Gateway itself."""
    assert list_addresses(forwarded(prefix))[7] == "/v1/static/test_digits/7.jpg"


def test_a_stage_without_its_slash_is_an_address_even_so() -> None:
    event = forwarded("/", "/")
    event["requestContext"]["path"] = "/v1"
    assert handler(event, None)["statusCode"] == 200


def test_key_of_the_distribution_is_not_taken_for_one_of_a_person() -> None:
    """Where API Gateway asks for keys, the distribution has one, which nobody here knows of."""
    event = forwarded("/", "/api/recognitions/0/label") | {"httpMethod": "PUT", "body": "{}"}
    event["headers"] |= {"X-API-Key": "5d0c3a10", "Content-Type": "application/json"}
    event["multiValueHeaders"] |= {"X-API-Key": ["5d0c3a10"]}
    assert handler(event, None)["statusCode"] == 401
    event["requestContext"]["identity"] |= {"apiKey": "5d0c3a10", "apiKeyId": "a1b2c3"}
    assert handler(event, None)["statusCode"] != 401
