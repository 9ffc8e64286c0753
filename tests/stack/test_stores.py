"""The function and its stores, as the template makes them: kept, found, labelled, listed, removed.

And with a store that is down, slow or forbidden: the answer comes all the same.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import DrawDigit
from tests.contract.keys import DIGEST, KEY
from tests.contract.messages import Answer
from tests.contract.requests import delete, get, post, put_json
from tests.contract.transports import Events, start_function
from tests.stack.cloud import Cloud, start_cloud
from tests.storage.endpoint import (
    Behaviour,
    Endpoint,
    fail_json,
    fail_xml,
    hang,
    reset,
    serve_endpoint,
)

pytestmark = pytest.mark.slow

URL: Final = "/api/recognitions"
NOT_KEPT: Final = f"{URL}?store=false"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


def environment_in(cloud: Cloud, **variables: str) -> dict[str, str]:
    own = {"INKLING_API_KEY_SHA256": DIGEST, "INKLING_RETENTION_DAYS": "7"}
    return {"PATH": os.environ["PATH"], **cloud.account, **cloud.names, **own, **variables}


@pytest.fixture(scope="module")
def function(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Events]:
    log = tmp_path_factory.mktemp("function") / "log"
    with start_function(environment_in(cloud), log) as function:
        yield function


def keep(function: Events, image: bytes) -> dict[str, Any]:
    """Send an image until it's kept: on a busy machine, a store may be too slow."""
    for _ in range(5):
        answer: dict[str, Any] = function.send(post(URL, image, "image/png")).json
        if answer["stored"]:
            return answer
    pytest.fail("nothing was kept")


def test_a_recognition_is_an_item_in_the_table_and_an_object_in_the_bucket(
    cloud: Cloud, function: Events, draw_digit: DrawDigit
) -> None:
    kept = keep(function, draw_digit(7))
    item = cloud.read_item(kept["id"])
    assert item is not None
    found = function.send(get(f"{URL}/{kept['id']}")).json
    assert item["day"]["S"] == found["created_at"][:10]
    assert abs(int(item["expires"]["N"]) - time.time() - 7 * 86_400) < 60
    assert cloud.list_images() == {f"{kept['id']}.png": draw_digit(7)}
    assert found["digit"] == 7

    labelled = function.send(put_json(f"{URL}/{kept['id']}/label", {"digit": 1})).json
    assert labelled["label"]["digit"] == 1
    image = function.send(get(f"{URL}/{kept['id']}/image", Accept="image/png"))
    assert image.body == draw_digit(7)
    page = function.send(get(f"{URL}?labelled=true", x_api_key=KEY)).json
    assert [each["id"] for each in page["recognitions"]] == [kept["id"]]
    assert function.send(get(URL)).status == 401

    assert function.send(delete(f"{URL}/{kept['id']}")).status == 204
    assert function.send(get(f"{URL}/{kept['id']}")).status == 404
    assert cloud.read_item(kept["id"]) is None
    assert cloud.list_images() == {}


def test_an_item_holds_no_address_and_nothing_of_the_client(
    cloud: Cloud, function: Events, draw_digit: DrawDigit
) -> None:
    item = json.dumps(cloud.read_item(keep(function, draw_digit(7))["id"]))
    assert "192.0.2.1" not in item
    assert "curl" not in item


def test_what_is_not_to_be_kept_needs_no_boto3(
    cloud: Cloud, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    """Importing it takes as long as all the rest of a cold start."""
    (tmp_path / "boto3.py").write_text("raise ImportError('it was imported')")
    variables = {"PYTHONPATH": str(tmp_path)}
    with start_function(environment_in(cloud, **variables), tmp_path / "log") as function:
        assert function.send(get("/")).status == 200
        assert function.send(post(NOT_KEPT, draw_digit(7), "image/png")).json["digit"] == 7
        assert "it was imported" not in (tmp_path / "log").read_text()
        answer = function.send(post(URL, draw_digit(7), "image/png")).json
        assert (answer["digit"], answer["stored"]) == (7, False)
    assert "ImportError" in (tmp_path / "log").read_text()


RECORDS_FAIL: Final[dict[str, Behaviour]] = {
    "hangs": hang,
    "resets": reset,
    "throttles": fail_json(400, "ThrottlingException"),
    "has no capacity": fail_json(400, "ProvisionedThroughputExceededException"),
    "denies": fail_json(400, "AccessDeniedException"),
}
IMAGES_FAIL: Final[dict[str, Behaviour]] = {
    "hangs": hang,
    "resets": reset,
    "throttles": fail_xml(503, "SlowDown"),
    "denies": fail_xml(403, "AccessDenied"),
}
FAULTS: Final = [
    pytest.param(service, behaviour, id=f"{service} {how}")
    for service, faults in (("DYNAMODB", RECORDS_FAIL), ("S3", IMAGES_FAIL))
    for how, behaviour in faults.items()
]


@pytest.fixture(scope="module")
def endpoints() -> Iterator[dict[str, Endpoint]]:
    """One for each service, that does as the tests tell it."""
    with serve_endpoint(hang) as records, serve_endpoint(hang) as images:
        yield {"DYNAMODB": records, "S3": images}


@pytest.fixture(scope="module")
def functions(
    cloud: Cloud, endpoints: dict[str, Endpoint], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Events]]:
    """By the service that each finds at the endpoint; the other one is well."""
    folder = tmp_path_factory.mktemp("functions")
    environments = {
        name: environment_in(cloud, **{f"AWS_ENDPOINT_URL_{name}": endpoint.url})
        for name, endpoint in endpoints.items()
    }
    with (
        start_function(environments["DYNAMODB"], folder / "records") as without_records,
        start_function(environments["S3"], folder / "images") as without_images,
    ):
        yield {"DYNAMODB": without_records, "S3": without_images}


@pytest.mark.parametrize(("service", "behaviour"), FAULTS)
def test_a_store_that_fails_costs_the_answer_a_second_at_most(
    service: str,
    behaviour: Behaviour,
    endpoints: dict[str, Endpoint],
    functions: dict[str, Events],
    draw_digit: DrawDigit,
) -> None:
    endpoints[service].last = behaviour
    function = functions[service]
    function.send(post(URL, draw_digit(7), "image/png"))  # it makes its clients
    asked = len(endpoints[service].requests)
    (answer, seconds), (_, usual_seconds) = (
        min((send(function, path, draw_digit(7)) for _ in range(3)), key=lambda each: each[1])
        for path in (URL, NOT_KEPT)
    )
    assert answer.status == 200
    assert (answer.json["digit"], answer.json["stored"]) == (7, False)
    assert seconds < usual_seconds + 1
    assert len(endpoints[service].requests) > asked
    # No record where there is no image, once that is undone; no word of it where the table fails.
    expected = {404, 503} if service == "S3" else {503}
    assert function.send(get(f"{URL}/{answer.json['id']}/image")).status in expected


def send(function: Events, path: str, image: bytes) -> tuple[Answer, float]:
    """The answer, and the seconds that it took."""
    start = time.monotonic()
    answer = function.send(post(path, image, "image/png"))
    return answer, time.monotonic() - start
