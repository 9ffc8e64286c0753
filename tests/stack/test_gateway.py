import json
import re
from http import HTTPStatus
from typing import Any, Final

import pytest
from starlette.datastructures import MutableHeaders

from api.middleware import add_headers
from api.problems import MEDIA_TYPE, PROBLEMS, Problem, problem_of_status
from api.schemas import ProblemDetails
from tests.stack.conditions import choose
from tests.stack.conftest import Resources
from tests.stack.resources import of_type, walk

pytestmark = pytest.mark.slow


def test_binary_media_types_are_listed_one_by_one(expanded: Resources) -> None:
    (api,) = of_type(expanded, "AWS::ApiGateway::RestApi")
    types = api["BinaryMediaTypes"]
    assert {"multipart/form-data", "application/octet-stream"} < set(types)
    assert {f"image/{name}" for name in ("png", "jpeg", "webp", "gif", "bmp", "avif")} < set(types)
    assert not any("*" in media_type or "~" in media_type for media_type in types)


def test_what_the_gateway_answers_by_itself_are_problems_as_the_api_has_them(
    expanded: Resources,
) -> None:
    """It runs out of patience, or refuses a request, before the function is asked."""
    (api,) = of_type(expanded, "AWS::ApiGateway::RestApi")
    responses = api["Body"]["x-amazon-apigateway-gateway-responses"]
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} < responses.keys()
    said = {}
    for kind, response in responses.items():
        (template,) = response["responseTemplates"].values()
        body = json.loads(template)
        assert set(body) == set(ProblemDetails.model_fields)
        status = HTTPStatus(int(response["statusCode"]))
        assert body["status"] == status
        problem = Problem(body["type"], body["status"], body["title"])
        assert problem in {*PROBLEMS.values(), problem_of_status(status)}
        assert body["instance"] == "urn:uuid:$context.requestId"
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == f"'{MEDIA_TYPE}'"
        # Of those that every answer has: the others' quotation marks are API Gateway's own.
        for name in ("Cache-Control", "X-Content-Type-Options", "X-Frame-Options"):
            value = answered_headers()[name]
            assert headers[f"gatewayresponse.header.{name}"] == f"'{value}'"
        assert ("gatewayresponse.header.Retry-After" in headers) == (status == 429)
        said[kind] = (int(status), body["type"])
    assert said == {
        "DEFAULT_4XX": (400, "bad-request"),
        "DEFAULT_5XX": (500, "internal-error"),
        "INTEGRATION_FAILURE": (502, "bad-gateway"),
        "INTEGRATION_TIMEOUT": (504, "gateway-timeout"),
        "INVALID_API_KEY": (403, "forbidden"),
        "MISSING_AUTHENTICATION_TOKEN": (404, "not-found"),
        "QUOTA_EXCEEDED": (429, "rate-limited"),
        "REQUEST_TOO_LARGE": (413, "image-too-large"),
        "THROTTLED": (429, "rate-limited"),
        "WAF_FILTERED": (403, "forbidden"),
    }


def answered_headers() -> MutableHeaders:
    headers = MutableHeaders()
    add_headers(headers)
    return headers


def test_access_log_holds_no_path_and_no_address(documents: dict[str, dict[str, Any]]) -> None:
    chosen = choose(documents["expanded"], AccessLogging="enabled")["Resources"]
    (stage,) = of_type(chosen, "AWS::ApiGateway::Stage")
    line = stage["AccessLogSetting"]["Format"]
    named = set(re.findall(r"\$context\.([\w.]+)", line))
    assert "resourcePath" in named
    assert not {name for name in named if name == "path" or name.startswith("identity")}
    assert json.loads(line).keys() >= {"requestId", "status", "latency"}


ACCOUNT: Final = {"ApiGatewayAccount", "ApiGatewayLogRole"}
"""What changes a setting of the whole account and region."""


def test_accounts_own_settings_are_left_alone_by_default(
    documents: dict[str, dict[str, Any]],
) -> None:
    assert documents["template"]["Parameters"]["AccessLogging"]["Default"] == "disabled"


@pytest.mark.parametrize(
    ("choice", "made"),
    [
        ("disabled", set()),
        ("enabled", {"AccessLogs"}),
        ("enabled-with-role", {"AccessLogs", *ACCOUNT}),
    ],
)
def test_access_log_is_kept_as_it_was_chosen(
    documents: dict[str, dict[str, Any]], choice: str, made: set[str]
) -> None:
    expansion = choose(documents["expanded"], AccessLogging=choice)
    resources = expansion["Resources"]
    assert resources.keys() & {"AccessLogs", *ACCOUNT} == made
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage")
    assert ("AccessLogSetting" in stage) == ("AccessLogs" in made)
    assert "ApiFunctionLogs" in resources


def test_access_log_waits_for_the_accounts_role(documents: dict[str, dict[str, Any]]) -> None:
    # API Gateway refuses a stage with an access log in an account without the role.
    resources = choose(documents["expanded"], AccessLogging="enabled-with-role")["Resources"]
    (stage,) = of_type(resources, "AWS::ApiGateway::Stage")
    assert stage["AccessLogSetting"]["DestinationArn"] == {"Fn::GetAtt": ["AccessLogs", "Arn"]}
    assert {"Ref": "ApiGatewayAccount"} in walk(resources["AccessLogs"])


def test_api_is_throttled(expanded: Resources) -> None:
    (stage,) = of_type(expanded, "AWS::ApiGateway::Stage")
    (settings,) = stage["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} < settings.keys()
