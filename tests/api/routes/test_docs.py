"""`/docs` and `/openapi.json`."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from starlette.testclient import TestClient

from api import schemas
from api.answer_examples import EXAMPLE_INSTANCE
from api.app import create_app
from api.keys import hash_key
from api.problem_examples import DETAILS
from api.problems import PROBLEMS
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from storage.folder import FolderImages
from storage.sqlite import SqliteRecords
from tests.api.conftest import KEY, PAGE
from tests.api.provocations import Provocations
from tests.conftest import DrawDigit


@pytest.fixture(scope="module")
def openapi(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_contract_s_routes_are_documented(openapi: dict[str, Any]) -> None:
    assert {name for name, _ in operations(openapi)} == {
        "POST /api/recognitions",
        "POST /api/recognitions/batch",
        "GET /api/recognitions",
        "GET /api/recognitions/{id}",
        "GET /api/recognitions/{id}/image",
        "PUT /api/recognitions/{id}/label",
        "DELETE /api/recognitions/{id}",
        "POST /api/uploads",
        "POST /predict/",
        "POST /api/predict",
        "POST /ocr",
        "GET /api/system_info",
        "GET /examples/",
        "GET /api/model",
        "GET /api/health",
    }


def test_every_operation_has_a_name_a_tag_and_a_summary(openapi: dict[str, Any]) -> None:
    documented = dict(operations(openapi))
    assert len({each["operationId"] for each in documented.values()}) == len(documented)
    for operation in documented.values():
        assert operation["tags"]
        assert operation["summary"]


def test_every_form_of_input_is_documented_with_an_example_where_text_can_be_one(
    openapi: dict[str, Any], client: TestClient
) -> None:
    content = openapi["paths"]["/api/recognitions"]["post"]["requestBody"]["content"]
    assert set(content) == {
        "multipart/form-data",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
        "image/bmp",
        "application/octet-stream",
        "application/json",
        "text/plain",
    }
    bodies = [
        json.dumps(example["value"]) for example in content["application/json"]["examples"].values()
    ]
    for body in [*bodies, content["text/plain"]["example"]]:
        assert client.post("/api/recognitions", content=body).json()["digit"] == 7


def test_every_problem_is_documented_with_an_example(openapi: dict[str, Any]) -> None:
    responses = openapi["paths"]["/api/recognitions"]["post"]["responses"]
    assert set(responses) == {"200", "400", "408", "409", "413", "415", "422", "default"}
    slugs = set()
    for status, response in responses.items():
        if status == "200":
            continue
        (content,) = response["content"].items()
        assert content[0] == "application/problem+json"
        for slug, example in content[1]["examples"].items():
            assert example["value"]["type"] == slug
            assert status in (str(example["value"]["status"]), "default")
            slugs.add(slug)
    assert slugs == {
        "unsupported-image",
        "image-too-large",
        "too-many-pixels",
        "too-many-scans",
        "decoding-too-slow",
        "image-too-complex",
        "corrupt-image",
        "missing-image",
        "invalid-base64",
        "invalid-body",
        "invalid-request",
        "invalid-id",
        "id-taken",
        "too-many-parts",
        "request-timeout",
        "unsupported-encoding",
        "rate-limited",
        "internal-error",
        "method-not-allowed",
    }


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/api/recognitions/batch", "post", {"400", "408", "413", "415", "422"}),
        (
            "/api/recognitions/{id}/label",
            "put",
            {"400", "401", "404", "408", "413", "415", "422", "503"},
        ),
    ],
)
def test_whatever_takes_a_body_documents_how_it_is_refused(
    openapi: dict[str, Any], path: str, method: str, statuses: set[str]
) -> None:
    responses = openapi["paths"][path][method]["responses"]
    assert set(responses) == {"200", *statuses, "default"}


def test_the_batch_documents_that_its_form_may_have_too_many_parts(
    openapi: dict[str, Any],
) -> None:
    responses = openapi["paths"]["/api/recognitions/batch"]["post"]["responses"]
    assert {"too-many-images", "too-many-parts"} <= set(
        responses["413"]["content"]["application/problem+json"]["examples"]
    )


def test_every_operation_documents_any_other_error_and_its_id(openapi: dict[str, Any]) -> None:
    for name, operation in operations(openapi):
        assert "default" in operation["responses"], name
        for response in operation["responses"].values():
            assert "X-Request-ID" in response["headers"], name


def test_answers_to_images_document_their_times(openapi: dict[str, Any]) -> None:
    for path in ("/api/recognitions", "/api/recognitions/batch"):
        headers = openapi["paths"][path]["post"]["responses"]["200"]["headers"]
        assert set(headers) == {"Server-Timing", "X-Request-ID"}


def test_every_problem_in_the_documentation_fits_its_schema(openapi: dict[str, Any]) -> None:
    schema = openapi["components"]["schemas"]["ProblemDetails"]
    examples = 0
    for _, operation in operations(openapi):
        for response in operation["responses"].values():
            content = response.get("content", {}).get("application/problem+json")
            if content is None:
                continue
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemDetails"}
            for example in content["examples"].values():
                assert set(example["value"]) == set(schema["properties"]) == set(schema["required"])
                examples += 1
    assert examples > 50


def documented_problems(openapi: dict[str, Any]) -> list[dict[str, Any]]:
    """Every problem in the document, of responses and of the images of a batch."""
    return [
        problem
        for node in walk(openapi["paths"])
        for problem in [node.get("value"), *node.get("results", [])]
        if isinstance(problem, dict) and "instance" in problem
    ]


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Each object within a JSON value."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from walk(child)


def test_every_problem_that_a_client_can_meet_is_documented_with_an_example(
    openapi: dict[str, Any],
) -> None:
    documented = {problem["type"] for problem in documented_problems(openapi)}
    # An event that is no request, and a client that has gone, meet no reader of this. What an
    # upload's form is refused with is S3's to say, and documented there.
    others = {"invalid-event", "request-aborted", "unreadable-image"}
    others |= {"access-denied", "entity-too-large", "entity-too-small"}
    assert documented == {problem.type for problem in PROBLEMS.values()} - others | {
        "method-not-allowed"
    }


@pytest.fixture
def provoke(
    recognizer: Recognizer,
    records: SqliteRecords,
    images: FolderImages,
    draw_digit: DrawDigit,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], dict[str, Any]]:
    """Provokes the problem of a slug."""
    app = create_app(
        recognizer,
        page=PAGE,
        records=records,
        images=images,
        api_keys=frozenset({hash_key(KEY)}),
    )
    client = TestClient(app)
    return Provocations(client, recognizer, images, draw_digit(7), monkeypatch).provoke


@pytest.mark.parametrize("slug", sorted(DETAILS))
def test_every_problem_is_documented_as_it_is_answered(
    slug: str,
    openapi: dict[str, Any],
    provoke: Callable[[str], dict[str, Any]],
) -> None:
    answered = provoke(slug) | {"instance": EXAMPLE_INSTANCE}
    examples = [each for each in documented_problems(openapi) if each["type"] == slug]
    assert examples
    assert all(example == answered for example in examples)


def test_the_document_is_valid_openapi(openapi: dict[str, Any]) -> None:
    validate(openapi, cls=OpenAPIV31SpecValidator)


def test_every_tag_is_described_and_used(openapi: dict[str, Any]) -> None:
    described = {tag["name"] for tag in openapi["tags"] if tag["description"]}
    assert described == {tag for _, operation in operations(openapi) for tag in operation["tags"]}


def test_the_document_says_whose_it_is(openapi: dict[str, Any]) -> None:
    assert openapi["info"]["contact"]["name"]
    assert openapi["info"]["license"] == {"name": "MIT", "identifier": "MIT"}


def test_every_example_of_a_body_has_the_answer_that_is_documented(
    openapi: dict[str, Any], client: TestClient
) -> None:
    """Every example in the document, as the request that it is an example of."""
    asked = 0
    for name, operation in operations(openapi):
        method, path = name.split()
        if "{" in path:
            continue
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            named = content.get("examples", {"": {"value": content.get("example")}})
            for example in named.values():
                if (value := example["value"]) is None:
                    continue
                body = value if isinstance(value, str) else json.dumps(value)
                headers = {"Content-Type": media_type}
                response = client.request(method, path, content=body, headers=headers)
                assert response.status_code == 200
                assert "7" in response.text
                answered = response.headers["content-type"].partition(";")[0]
                assert answered in operation["responses"]["200"]["content"]
                asked += 1
    assert asked >= 7


def test_no_error_is_documented_in_a_form_that_is_never_answered(openapi: dict[str, Any]) -> None:
    assert not [name for name in openapi["components"]["schemas"] if "Validation" in name]


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(openapi)))
    assert references
    for reference in references:
        place: Any = openapi
        for step in reference.split("/"):
            place = place[step]


@pytest.mark.parametrize(
    "model",
    [
        schemas.Answer,
        schemas.CertainPrediction,
        schemas.CertainPredictionError,
        schemas.Examples,
        schemas.KeptRecognition,
        schemas.OcrAnswer,
        schemas.Prediction,
        schemas.PendingRecognition,
        schemas.PredictionError,
        schemas.SystemInfo,
        schemas.UnreadableUpload,
        schemas.Upload,
        schemas.UploadRequest,
    ],
)
def test_every_example_of_an_answer_fits_its_schema(model: Any) -> None:
    example = model.model_config["json_schema_extra"]["example"]
    fitted = model.model_validate(example).model_dump(mode="json")
    assert fitted.keys() == example.keys()


def test_every_outcome_is_documented_with_an_example(openapi: dict[str, Any]) -> None:
    response = openapi["paths"]["/api/recognitions"]["post"]["responses"]["200"]
    examples = response["content"]["application/json"]["examples"]
    assert list(examples) == list(Outcome)
    for outcome, example in examples.items():
        answer = schemas.Answer.model_validate(example["value"])
        assert answer.model_dump(mode="json") == example["value"]
        assert answer.outcome == outcome
        assert (answer.digit is None) == (outcome in (Outcome.NOT_A_DIGIT, Outcome.BLANK))
        assert answer.digit in (None, answer.scores.index(answer.confidence))
        assert answer.confidence == max(answer.scores)
        assert sum(answer.scores) == pytest.approx(1)


def test_no_example_lacks_what_its_schema_requires(openapi: dict[str, Any]) -> None:
    schemas_with_example = {
        name: schema
        for name, schema in openapi["components"]["schemas"].items()
        if "example" in schema
    }
    assert schemas_with_example
    for schema in schemas_with_example.values():
        assert set(schema["required"]) <= set(schema["example"])


def test_servers_are_relative_so_that_a_stage_s_prefix_stays(openapi: dict[str, Any]) -> None:
    assert openapi["servers"] == [{"url": "."}]


class Addresses(HTMLParser):
    """Collects what a page loads, and what it has inline."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline = False
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        self.inline |= any(name == "style" or name.startswith("on") for name, _ in attrs)
        self._in_code = tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        self.inline |= self._in_code and bool(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self._in_code = False


def test_the_documentation_loads_nothing_from_elsewhere_and_has_no_inline_code(
    client: TestClient,
) -> None:
    page = Addresses()
    page.feed(client.get("/docs").text)
    assert not page.inline
    files = [address for address in page.addresses if not address.startswith("data:")]
    assert len(files) == 3
    for address in files:
        assert "//" not in address
        assert not address.startswith("/")
        assert client.get(f"/{address}").status_code == 200


@pytest.mark.parametrize("path", ["/redoc", "/docs/redoc.standalone.js", "/docs/oauth2-redirect"])
def test_there_is_one_documentation(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
