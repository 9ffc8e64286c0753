"""The function in Lambda's own container, behind sam's API Gateway: it answers as `make run` does.

sam takes a second for each request, whatever the function does: so few requests for each question.
"""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.conftest import DrawDigit
from tests.stack.conftest import PROJECT, SAM, remove_containers

pytestmark = [pytest.mark.docker, pytest.mark.slow]

DIGITS: Final = range(10)
EVENTS: Final = sorted((PROJECT / "events").glob("*.json"))

VARYING: Final = {"id", "instance", "processing_time"}

Request = dict[str, Any]


def as_data_url(image: bytes, image_type: str) -> str:
    return f"data:{image_type};base64,{base64.b64encode(image).decode()}"


def as_multipart(image: bytes, image_type: str) -> Request:
    return {"files": {"file": ("digit", image, image_type)}}


def as_raw_body(image: bytes, image_type: str) -> Request:
    return {"content": image, "headers": {"Content-Type": image_type}}


def as_octets(image: bytes, image_type: str) -> Request:
    del image_type
    return {"content": image, "headers": {"Content-Type": "application/octet-stream"}}


def as_json(image: bytes, image_type: str) -> Request:
    return {"json": {"image": as_data_url(image, image_type)}}


def as_raw_data_url(image: bytes, image_type: str) -> Request:
    form = "application/x-www-form-urlencoded"
    return {"content": as_data_url(image, image_type), "headers": {"Content-Type": form}}


FORMS: Final = [as_multipart, as_raw_body, as_octets, as_json, as_raw_data_url]


def recognize(client: httpx2.Client, request: Request) -> Any:
    response = client.post("/api/recognitions?store=false&explain=true", **request)
    assert response.status_code == 200, response.text
    return forget_the_moment(response.text)


def forget_the_moment(body: str) -> Any:
    """An answer without what is another each time: an id, and the time that it took."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    return {key: answer[key] for key in answer if key not in VARYING}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
def test_every_form_gets_the_same_answer_as_on_a_laptop(
    lambda_api: httpx2.Client,
    local_api: httpx2.Client,
    draw_digit: DrawDigit,
    image_format: str,
    form: Any,
) -> None:
    request = form(draw_digit(7, image_format), f"image/{image_format.lower()}")
    answer = recognize(lambda_api, request)
    assert answer["digit"] == 7
    assert answer == recognize(local_api, request)


@pytest.mark.parametrize("digit", DIGITS)
def test_every_digit_gets_the_same_answer_as_on_a_laptop(
    lambda_api: httpx2.Client, local_api: httpx2.Client, draw_digit: DrawDigit, digit: int
) -> None:
    request = as_multipart(draw_digit(digit), "image/png")
    answer = recognize(lambda_api, request)
    assert answer["digit"] == digit
    assert answer == recognize(local_api, request)


def test_transparent_drawing_gets_the_same_answer_as_on_a_laptop(
    lambda_api: httpx2.Client, local_api: httpx2.Client, draw_digit: DrawDigit
) -> None:
    request = as_json(draw_digit(4, transparent=True), "image/png")
    answer = recognize(lambda_api, request)
    assert answer["digit"] == 4
    assert answer == recognize(local_api, request)


@pytest.mark.parametrize("path", ["/predict/", "/predict"])
def test_older_clients_contract_is_kept(
    lambda_api: httpx2.Client, draw_digit: DrawDigit, path: str
) -> None:
    response = lambda_api.post(path, **as_multipart(draw_digit(3), "image/png"))
    assert response.status_code == 200, response.text
    assert response.json()["digit"] == 3


@pytest.mark.parametrize(
    "request_",
    [
        as_raw_body(b"not an image", "image/png"),
        as_raw_body(b"", "image/png"),
        {"json": {}},
        as_multipart(b"\x89PNG\r\n\x1a\n and then nothing", "image/png"),
    ],
    ids=["text", "nothing", "no image", "damaged"],
)
def test_bad_image_gets_the_same_problem_as_on_a_laptop(
    lambda_api: httpx2.Client, local_api: httpx2.Client, request_: Request
) -> None:
    here, there = (
        client.post("/api/recognitions", **request_) for client in (local_api, lambda_api)
    )
    assert there.status_code == here.status_code
    assert 400 <= there.status_code < 500
    assert there.headers["content-type"] == "application/problem+json"
    assert forget_the_moment(there.text) == forget_the_moment(here.text)


def test_nothing_is_kept_on_this_machine_and_nothing_is_asked_of_the_cloud(
    lambda_api: httpx2.Client, draw_digit: DrawDigit
) -> None:
    response = lambda_api.post("/api/recognitions", **as_multipart(draw_digit(7), "image/png"))
    assert response.json()["stored"] is False
    unknown = lambda_api.get(f"/api/recognitions/{response.json()['id']}")
    assert unknown.status_code == 404  # and not 503


def test_examples_are_listed_and_their_images_whole(lambda_api: httpx2.Client) -> None:
    examples = lambda_api.get("/examples/").json()["examples"]
    assert [example["digit"] for example in examples] == list(DIGITS)
    for example in examples[::4]:
        file = PROJECT / "frontend/examples" / Path(example["url"]).name
        # What a browser sends for an <img>; a REST API looks at the first type alone.
        accept = {"Accept": "image/avif,image/webp,image/apng,image/*,*/*;q=0.8"}
        image = lambda_api.get(example["url"], headers=accept)
        assert image.headers["content-type"] == "image/jpeg"
        assert image.content == file.read_bytes()
        request = as_raw_body(image.content, "image/jpeg")
        assert recognize(lambda_api, request)["digit"] == example["digit"]


@pytest.mark.parametrize(
    "path", ["/", "/styles.css", "/js/main.js", "/docs", "/openapi.json", "/api/model"]
)
def test_page_and_documents_are_the_same_as_on_a_laptop(
    lambda_api: httpx2.Client, local_api: httpx2.Client, path: str
) -> None:
    here, there = local_api.get(path), lambda_api.get(path)
    assert there.status_code == here.status_code == 200
    assert there.headers["content-type"] == here.headers["content-type"]
    assert there.content == here.content


@pytest.mark.parametrize("event", EVENTS, ids=lambda path: path.stem)
def test_event_gets_the_same_answer_as_without_a_container(
    event: Path,
    build_folder: Path,
    stack_environment: dict[str, str],
    invoke_options: list[str],
    tmp_path: Path,
) -> None:
    from api.handler import handler

    command = [
        *(*SAM, "local", "invoke", "ApiFunction", "--event", str(event)),
        *("--template", str(build_folder / "template.yaml"), *invoke_options),
    ]
    with remove_containers(tmp_path):
        result = subprocess.run(
            command,
            cwd=PROJECT,
            env={**stack_environment, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        (tmp_path / "log").write_text(result.stderr)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout.splitlines()[-1])
    expected = handler(json.loads(event.read_text()), None)
    assert answer["statusCode"] == expected["statusCode"]
    assert answer["headers"]["content-type"] == expected["headers"]["content-type"]
    assert forget_the_moment(answer["body"]) == forget_the_moment(expected["body"])


def test_there_are_events() -> None:
    assert EVENTS
