import json
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.datastructures import MutableHeaders

from api.errors import SettingsError
from api.middleware import add_headers
from api.problems import MEDIA_TYPE, PROBLEMS, Problem, problem_of_status
from api.schemas import ProblemDetails
from api.settings import read_settings
from storage.records import RETENTION
from tests.stack.conftest import (
    CFN_LINT,
    LAMBDA_PYTHON,
    PROJECT,
    SAM,
    TEMPLATE,
    Resources,
    run_tool,
)

pytestmark = pytest.mark.slow


def of_type(resources: Resources, kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in resources.values() if resource["Type"] == kind]


def walk(node: Any) -> Iterator[Any]:
    yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from walk(child)


def list_statements(resources: Resources) -> list[dict[str, Any]]:
    """Every statement of every policy, however deep."""
    found = []
    for node in walk(resources):
        if isinstance(node, dict) and "Statement" in node:
            statement = node["Statement"]
            found += statement if isinstance(statement, list) else [statement]
    return found


def choose(template: dict[str, Any], **values: str) -> dict[str, Any]:
    """What CloudFormation makes of a template's conditions, by the values of parameters.

    A parameter without a value has its default.
    """
    values = {
        name: parameter["Default"]
        for name, parameter in template["Parameters"].items()
        if "Default" in parameter
    } | values

    def holds(test: dict[str, Any]) -> bool:
        ((kind, operands),) = test.items()
        if kind == "Condition":
            return holds(template["Conditions"][operands])
        if kind == "Fn::Not":
            return not holds(operands[0])
        assert kind == "Fn::Equals", kind
        left, right = (values[side["Ref"]] if isinstance(side, dict) else side for side in operands)
        return bool(left == right)

    def decide(node: Any) -> Any:
        if isinstance(node, list):
            return [decide(child) for child in node]
        if not isinstance(node, dict):
            return node
        if "Fn::If" in node:
            condition, chosen, otherwise = node["Fn::If"]
            return decide(chosen if holds({"Condition": condition}) else otherwise)
        decided = {key: decide(child) for key, child in node.items()}
        return {key: child for key, child in decided.items() if child != {"Ref": "AWS::NoValue"}}

    chosen = {key: part for key, part in template.items() if key != "Conditions"}
    chosen["Resources"] = {
        name: {key: part for key, part in resource.items() if key != "Condition"}
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds({"Condition": resource["Condition"]})
    }
    decided: dict[str, Any] = decide(chosen)
    return decided


def test_cfn_lint_finds_nothing(stack_environment: dict[str, str]) -> None:
    run_tool(*CFN_LINT, str(TEMPLATE), environment=stack_environment)


def test_sam_finds_it_valid(stack_environment: dict[str, str]) -> None:
    run_tool(*SAM, "validate", "--lint", environment=stack_environment)


def test_cfn_lint_finds_nothing_in_the_expansion(
    documents: dict[str, dict[str, Any]], stack_environment: dict[str, str], tmp_path: Path
) -> None:
    # cfn-lint no longer expands SAM, and cycles between resources show only then.
    path = tmp_path / "expanded.json"
    path.write_text(json.dumps(documents["expanded"]))
    run_tool(*CFN_LINT, str(path), environment=stack_environment)


OBJECTS: Final = {"Fn::Sub": "${Images.Arn}/*"}
"""All objects of the one bucket: the widest that a statement may allow."""

MAY: Final[dict[str, tuple[Any, set[str]]]] = {
    "WriteOwnLog": (
        {"Fn::GetAtt": ["ApiFunctionLogs", "Arn"]},
        {"logs:CreateLogStream", "logs:PutLogEvents"},
    ),
    "KeepRecords": (
        {"Fn::GetAtt": ["Records", "Arn"]},
        {
            "dynamodb:PutItem",
            "dynamodb:GetItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        },
    ),
    "KeepImages": (OBJECTS, {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"}),
    "TellMissingImages": (
        [{"Fn::GetAtt": ["Images", "Arn"]}, {"Fn::GetAtt": ["Results", "Arn"]}],
        {"s3:ListBucket"},
    ),
    "LetUploadsIn": ({"Fn::Sub": "${Uploads.Arn}/uploads/*"}, {"s3:PutObject"}),
    "FindUploads": (
        {"Fn::GetAtt": ["Uploads", "Arn"]},
        {"s3:ListBucket", "s3:ListBucketVersions"},
    ),
    "ReadAndRemoveUploads": (
        [{"Fn::Sub": "${Uploads.Arn}/${ScansPrefix}*"}, {"Fn::Sub": "${Uploads.Arn}/uploads/*"}],
        {"s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion"},
    ),
    "RemoveResults": (
        [
            {"Fn::Sub": "${Results.Arn}/results/*"},
            {"Fn::Sub": "${Results.Arn}/results-of-long-keys/*"},
        ],
        {"s3:GetObject", "s3:DeleteObject"},
    ),
}
"""All that the API function may do: each policy's resource, and its actions."""


WIDE: Final = re.compile(
    # Objects of one bucket, below a folder save for the images'; executions of one state machine.
    r"\$\{(Images\.Arn\}|(Uploads|Results)\.Arn\}/([a-z-]+|\$\{ScansPrefix\}))/?\*"
    r"|arn:\$\{AWS::Partition\}:states:[^*]+:execution:\$\{AWS::StackName\}-backlog[:/]\*"
)


def may_be_wide(resource: Any, actions: Any) -> bool:
    """Whether a statement's resource may have a star in it."""
    if resource == "*":  # AWS takes nothing else for these
        return all(
            re.fullmatch(r"logs:\w*(LogDeliver|ResourcePolic|LogGroups)\w*", a) for a in actions
        )
    return WIDE.fullmatch(resource["Fn::Sub"]) is not None


def test_no_statement_allows_everything(expanded: Resources) -> None:
    statements = [each for each in list_statements(expanded) if each["Effect"] != "Deny"]
    assert statements
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys()
        actions = statement["Action"]
        for action in actions if isinstance(actions, list) else [actions]:
            assert re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action), action
        assert "*" not in json.dumps(statement.get("Principal", ""))
        resources = statement.get("Resource", [])
        for resource in resources if isinstance(resources, list) else [resources]:
            assert "*" not in json.dumps(resource) or may_be_wide(resource, actions), resource


def test_no_function_has_a_managed_policy(expanded: Resources) -> None:
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert functions
    for function in functions:
        role, attribute = function["Role"]["Fn::GetAtt"]
        assert attribute == "Arn"
        assert "ManagedPolicyArns" not in expanded[role]["Properties"]


def test_api_function_may_do_what_is_argued_for_and_nothing_else(expanded: Resources) -> None:
    function = expanded["ApiFunction"]["Properties"]
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "ApiFunctionLogs"}
    role = expanded[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    found = {}
    for policy in role["Policies"]:
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement.keys() == {"Effect", "Action", "Resource"}
        assert len(statement["Action"]) == len(set(statement["Action"]))
        found[policy["PolicyName"]] = (statement["Resource"], set(statement["Action"]))
    assert found == MAY


def test_api_function_finds_all_its_stores(expanded: Resources) -> None:
    variables = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    assert {name: value for name, value in variables.items() if "Ref" in value} == {
        "INKLING_RECORDS_TABLE": {"Ref": "Records"},
        "INKLING_IMAGES_BUCKET": {"Ref": "Images"},
        "INKLING_UPLOADS_BUCKET": {"Ref": "Uploads"},
        "INKLING_RESULTS_BUCKET": {"Ref": "Results"},
        "INKLING_RETENTION_DAYS": {"Ref": "RetentionInDays"},
        "INKLING_UPLOAD_RETENTION_DAYS": {"Ref": "UploadRetentionInDays"},
        "INKLING_API_KEY_SHA256": {"Ref": "ApiKeySha256"},
    }


def test_no_policy_is_attached_from_outside_a_role(expanded: Resources) -> None:
    kinds = {resource["Type"] for resource in expanded.values()}
    assert not {kind for kind in kinds if kind.startswith("AWS::IAM::")} - {"AWS::IAM::Role"}


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
        "MISSING_AUTHENTICATION_TOKEN": (404, "not-found"),
        "REQUEST_TOO_LARGE": (413, "image-too-large"),
        "THROTTLED": (429, "rate-limited"),
        "WAF_FILTERED": (403, "forbidden"),
    }


def answered_headers() -> MutableHeaders:
    headers = MutableHeaders()
    add_headers(headers)
    return headers


def test_functions_run_on_the_python_that_the_package_is_built_for(expanded: Resources) -> None:
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert functions
    for function in functions:
        assert function["Runtime"] == f"python{LAMBDA_PYTHON}"
        assert function["Architectures"] == [{"Ref": "Architecture"}]
        assert function["Environment"]["Variables"]["OPENBLAS_NUM_THREADS"] == "1"


def test_arm64_is_the_default(documents: dict[str, dict[str, Any]]) -> None:
    assert documents["template"]["Parameters"]["Architecture"]["Default"] == "arm64"


def test_every_log_ends(expanded: Resources) -> None:
    groups = of_type(expanded, "AWS::Logs::LogGroup")
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert len(groups) > len(functions)
    assert all("RetentionInDays" in group for group in groups)
    assert all("LogGroup" in function["LoggingConfig"] for function in functions)


def test_memory_is_enough_for_the_largest_image(documents: dict[str, dict[str, Any]]) -> None:
    memory = documents["template"]["Parameters"]["MemorySize"]
    assert memory["MinValue"] >= 1024  # a WebP of 25 megapixels takes 572 MB
    assert memory["Default"] >= memory["MinValue"]


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


@pytest.mark.parametrize("choice", ["disabled", "enabled", "enabled-with-role"])
def test_cfn_lint_finds_nothing_in_what_is_deployed(
    documents: dict[str, dict[str, Any]],
    stack_environment: dict[str, str],
    tmp_path: Path,
    choice: str,
) -> None:
    path = tmp_path / "chosen.json"
    path.write_text(json.dumps(choose(documents["expanded"], AccessLogging=choice)))
    # The parameter of the choice has no further use, once the choice is made.
    run_tool(*CFN_LINT, "--ignore-checks", "W2001", "--", str(path), environment=stack_environment)


def test_api_is_throttled(expanded: Resources) -> None:
    (stage,) = of_type(expanded, "AWS::ApiGateway::Stage")
    (settings,) = stage["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} < settings.keys()


def test_everything_is_described(documents: dict[str, dict[str, Any]]) -> None:
    template = documents["template"]
    for name, described in {**template["Parameters"], **template["Outputs"]}.items():
        assert described.get("Description"), name


def test_every_resource_says_why_it_exists(written: Resources) -> None:
    lines = TEMPLATE.read_text().splitlines()
    for name in written:
        assert lines[lines.index(f"  {name}:") - 1].startswith("  # "), name


def test_records_are_kept_by_their_day_and_paid_by_the_request(expanded: Resources) -> None:
    (table,) = of_type(expanded, "AWS::DynamoDB::Table")
    keys = {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]}
    assert keys == {"HASH": "day", "RANGE": "id"}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert not {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & table.keys()
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"] == {"SSEEnabled": True}


BUCKETS: Final = ["Images", "Uploads", "Results"]


def test_there_are_three_buckets(expanded: Resources) -> None:
    found = [name for name, each in expanded.items() if each["Type"] == "AWS::S3::Bucket"]
    assert sorted(found) == sorted(BUCKETS)


@pytest.mark.parametrize("name", BUCKETS)
def test_a_buckets_objects_are_nobody_elses(expanded: Resources, name: str) -> None:
    bucket = expanded[name]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    policy = expanded[f"{name}Policy"]["Properties"]
    assert policy["Bucket"] == {"Ref": name}
    statement = policy["PolicyDocument"]["Statement"][0]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == "s3:*"
    objects = {"Fn::Sub": f"${{{name}.Arn}}/*"}
    assert statement["Resource"] == [{"Fn::GetAtt": [name, "Arn"]}, objects]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_images_end_with_their_records_and_deleted_ones_at_once(expanded: Resources) -> None:
    bucket = expanded["Images"]["Properties"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == {"Ref": "RetentionInDays"}
    assert "Prefix" not in rule
    assert "VersioningConfiguration" not in bucket
    function = expanded["ApiFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    assert variables["INKLING_RETENTION_DAYS"] == {"Ref": "RetentionInDays"}


KEPT: Final = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"}


def test_what_people_gave_outlives_the_stack(written: Resources) -> None:
    kept = [resource for resource in written.values() if resource["Type"] in KEPT]
    assert {resource["Type"] for resource in kept} == KEPT
    for resource in kept:
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_function_reads_every_variable_that_the_template_gives_it(expanded: Resources) -> None:
    source = (PROJECT / "functions/api/settings.py").read_text()
    read = set(re.findall(r'"(INKLING_[A-Z0-9_]+)"', source))
    given = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    assert {name for name in given if name.startswith("INKLING_")} == read - {"INKLING_PAGE"}
    assert given["INKLING_RECORDS_TABLE"] == {"Ref": "Records"}
    assert given["INKLING_IMAGES_BUCKET"] == {"Ref": "Images"}


def test_under_sam_local_the_function_has_no_store_by_the_templates_names(
    expanded: Resources,
) -> None:
    """It would ask the cloud for a bucket called Uploads."""
    given = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    resources = [{"Ref": name} for name in expanded]
    stores = {name for name, value in given.items() if value in resources}
    without = json.loads((PROJECT / "lambda_package/without-stores.json").read_text())
    assert without == {"ApiFunction": dict.fromkeys(stores, "")}


def test_what_settings_accept_is_what_parameters_accept(
    documents: dict[str, dict[str, Any]],
) -> None:
    parameters = documents["template"]["Parameters"]
    digest = "0123456789abcdef" * 4
    keys = parameters["ApiKeySha256"]
    assert keys["NoEcho"] is True
    for text in ("", digest, f"{digest},{digest}"):
        assert re.fullmatch(keys["AllowedPattern"], text)
        read_settings({"INKLING_API_KEY_SHA256": text})
    for text in ("a key", digest[1:], f"{digest},"):
        assert not re.fullmatch(keys["AllowedPattern"], text)
    days = parameters["RetentionInDays"]
    assert timedelta(days=days["Default"]) == RETENTION
    for bound in ("MinValue", "MaxValue"):
        read_settings({"INKLING_RETENTION_DAYS": str(days[bound])})
    with pytest.raises(SettingsError):
        read_settings({"INKLING_RETENTION_DAYS": str(days["MaxValue"] + 1)})
