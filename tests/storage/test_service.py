"""AWS on its bad days: within a second, there is an answer or StorageUnavailable."""

import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from storage.dynamodb import DynamoRecords
from storage.errors import StorageUnavailable
from storage.ids import created_at, new_id
from storage.records import Label
from storage.s3 import S3Images
from storage.service import CLIENT_OPTIONS
from tests.storage import endpoint as bad_days
from tests.storage.conftest import REGION, make_record, name_image
from tests.storage.endpoint import (
    SECRETS,
    Behaviour,
    Endpoint,
    answer,
    fail_json,
    fail_xml,
    hang,
    reset,
    serve_endpoint,
)

FUNCTIONS = Path(__file__).parents[2] / "functions"
PATIENCE = 3
RECORD = make_record()
KEY = name_image(RECORD)
LABEL = Label(7, False, created_at(RECORD.id))

OF_RECORDS: dict[str, Callable[[DynamoRecords], Any]] = {
    "put": lambda records: records.put(RECORD),
    "get": lambda records: records.get(RECORD.id),
    "delete": lambda records: records.delete(RECORD.id),
    "label": lambda records: records.label(RECORD.id, LABEL),
    "list": lambda records: records.list(10),
}
OF_IMAGES: dict[str, Callable[[S3Images], Any]] = {
    "put": lambda images: images.put(KEY, b"drawing" * 1000),
    "get": lambda images: images.get(KEY),
    "delete": lambda images: images.delete(KEY),
}
BROKEN: dict[str, Behaviour] = {
    "hangs": hang,
    "resets": reset,
    "hangs halfway": bad_days.hang_halfway,
    "fails": answer(500),
    "is overloaded": answer(503, "<html>"),
}
"""On what both services do alike."""
RECORDS_FAIL: dict[str, Behaviour] = {
    **BROKEN,
    "stops halfway": bad_days.stop_halfway,
    "throttles": fail_json(400, "ThrottlingException"),
    "has no capacity left": fail_json(400, "ProvisionedThroughputExceededException"),
    "denies": fail_json(400, "AccessDeniedException"),
    "knows no such table": fail_json(400, "ResourceNotFoundException"),
    "takes the signature for old": fail_json(400, "InvalidSignatureException"),
    "is something else": answer(200, "<html>Welcome to the hotel's network", "text/html"),
}
IMAGES_FAIL: dict[str, Behaviour] = {
    **BROKEN,
    "throttles": fail_xml(503, "SlowDown"),
    "denies": fail_xml(403, "AccessDenied"),
    "denies without a word": answer(403),
    "knows no such bucket": fail_xml(404, "NoSuchBucket"),
}


WAITED_FOR = {hang, bad_days.hang_halfway}
"""Each takes its time-out, and there are two dozen such cases."""


def name_cases(behaviours: dict[str, Behaviour]) -> list[Any]:
    return [
        pytest.param(each, id=name, marks=[pytest.mark.slow] if each in WAITED_FOR else [])
        for name, each in behaviours.items()
    ]


@pytest.fixture(scope="module", autouse=True)
def function_s_environment() -> Iterator[None]:
    """boto3 as in a function, whatever this machine knows of AWS; its data is read once."""
    import boto3

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    """A server that behaves as the test is parametrized with; boto3's clients are sent to it."""
    with serve_endpoint(getattr(request, "param", answer(200, "{}"))) as served:
        monkeypatch.setenv("AWS_ENDPOINT_URL", served.url)
        yield served


def make_records(endpoint: Endpoint) -> DynamoRecords:
    """Records whose client is made: the first call takes as long as that."""
    records = DynamoRecords("records")
    endpoint.script.append(answer(200, "{}"))
    assert records.get(RECORD.id) is None
    endpoint.requests.clear()
    return records


def make_images(endpoint: Endpoint) -> S3Images:
    images = S3Images("images")
    endpoint.script.append(answer(204))
    images.delete(KEY)
    endpoint.requests.clear()
    return images


def expect_failure(call: Callable[[], object]) -> int:
    """Call what must fail within a second, and say nothing of what is nobody's business.

    Returns:
        How often it was called: on a busy machine, a call that needs no time may take some.
    """
    for calls in range(1, PATIENCE + 1):
        began = time.monotonic()
        with pytest.raises(StorageUnavailable) as failure:
            call()
        told = "".join(traceback.format_exception(failure.value))
        for secret in (*SECRETS, RECORD.id, "canonical"):
            assert secret not in told  # in the message, or in what the log makes of it
        if time.monotonic() - began < 1.0:
            return calls
    pytest.fail(f"it took more than a second {PATIENCE} times")


@pytest.mark.parametrize("endpoint", name_cases(RECORDS_FAIL), indirect=True)
@pytest.mark.parametrize("method", OF_RECORDS)
def test_records_are_unavailable_in_time_when_dynamodb(endpoint: Endpoint, method: str) -> None:
    records = make_records(endpoint)
    expect_failure(lambda: OF_RECORDS[method](records))
    assert endpoint.requests


@pytest.mark.parametrize("endpoint", name_cases(IMAGES_FAIL), indirect=True)
@pytest.mark.parametrize("method", OF_IMAGES)
def test_images_are_unavailable_in_time_when_s3(
    endpoint: Endpoint, method: str, request: pytest.FixtureRequest
) -> None:
    if method != "get" and endpoint.last is bad_days.hang_halfway:
        pytest.skip("its answer has no body to wait for")
    images = make_images(endpoint)
    expect_failure(lambda: OF_IMAGES[method](images))
    assert endpoint.requests


@pytest.mark.parametrize("endpoint", [bad_days.stop_halfway], indirect=True)
def test_half_an_image_is_none(endpoint: Endpoint) -> None:
    images = make_images(endpoint)
    expect_failure(lambda: images.get(KEY))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://192.0.2.1"])
def test_an_endpoint_that_can_t_be_reached_is_given_up_in_time(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Nothing listens at the first, and no packet comes back from the second (RFC 5737)."""
    make_records(endpoint), make_images(endpoint)  # from here on, boto3 has read its data
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    for of_records in OF_RECORDS.values():
        expect_failure(partial(of_records, DynamoRecords("records")))
    for of_images in OF_IMAGES.values():
        expect_failure(partial(of_images, S3Images("images")))


@pytest.mark.parametrize("fault", [reset, answer(500), answer(503)], ids=["resets", "500", "503"])
def test_what_fails_once_and_at_once_is_tried_again(
    endpoint: Endpoint, fault: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.service._AGAIN_SECONDS", 60)  # "at once" on any machine
    records, images = DynamoRecords("records"), S3Images("images")
    endpoint.script.append(fault)
    assert records.get(RECORD.id) is None
    endpoint.script.append(fault)
    endpoint.last = answer(200)
    images.put(KEY, b"drawing")
    assert len(endpoint.requests) == 4


def test_a_connection_that_was_closed_meanwhile_costs_nothing(endpoint: Endpoint) -> None:
    def answer_and_close(request: Any) -> None:
        answer(200, "{}")(request)
        request.close_connection = True

    endpoint.last = answer_and_close
    records = DynamoRecords("records")
    for _ in range(5):
        assert records.get(RECORD.id) is None
        time.sleep(0.02)


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems' queues are not for certain full"
)
def test_a_connection_that_is_not_made_is_tried_again(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listener with a full queue drops the first packet, as a network may."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()[:2]
        with socket.create_connection(address), socket.socket() as waiting:
            waiting.setblocking(False)
            waiting.connect_ex(address)  # now there's room for nobody
            monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*address))
            records = DynamoRecords("records")
            records.open()
            began = time.monotonic()
            expect_failure(lambda: records.get(RECORD.id))
            assert time.monotonic() - began > 2 * CLIENT_OPTIONS["connect_timeout"]


@pytest.mark.parametrize(
    "endpoint",
    [fail_json(400, "AccessDeniedException"), hang],
    ids=["denies", "hangs"],
    indirect=True,
)
def test_what_is_refused_or_slow_is_not_asked_twice(endpoint: Endpoint) -> None:
    records = make_records(endpoint)
    calls = expect_failure(lambda: records.get(RECORD.id))
    assert len(endpoint.requests) == calls


def test_a_missing_image_is_none_only_where_s3_says_so(endpoint: Endpoint) -> None:
    """A role without ListBucket hears 403 in place of NoSuchKey, as for what is denied."""
    images = S3Images("images")
    endpoint.last = fail_xml(404, "NoSuchKey")
    assert images.get(KEY) is None
    endpoint.last = fail_xml(403, "AccessDenied")
    with pytest.raises(StorageUnavailable, match="The bucket images can't be used: AccessDenied"):
        images.get(KEY)


def test_the_message_names_the_table_and_the_code(endpoint: Endpoint) -> None:
    endpoint.last = fail_json(400, "ThrottlingException")
    with pytest.raises(
        StorageUnavailable, match=r"^The table records can't be used: ThrottlingException\.$"
    ):
        DynamoRecords("records").put(RECORD)


def test_an_archive_undoes_what_one_store_did_before_the_other_failed(endpoint: Endpoint) -> None:
    endpoint.script = [answer(200, "{}"), fail_xml(403, "AccessDenied"), answer(204)]
    with pytest.raises(StorageUnavailable, match="AccessDenied"):
        Archive(DynamoRecords("records"), S3Images("images")).keep(RECORD, b"drawing")
    path = f"/images/{KEY}"
    assert endpoint.requests == ["POST /", f"PUT {path}", f"DELETE {path}", "POST /"]


def test_threads_that_come_at_once_make_one_client(endpoint: Endpoint) -> None:
    records = DynamoRecords("records")
    clients = set()

    def get() -> None:
        assert records.get(new_id()) is None
        clients.add(records._service._client)

    with ThreadPoolExecutor(8) as threads:
        for each in [threads.submit(get) for _ in range(32)]:
            each.result()
    assert len(clients) == 1


def test_credentials_that_are_missing_make_a_store_unavailable(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StorageUnavailable, match="NoCredentialsError"):
        DynamoRecords("records").get(RECORD.id)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(StorageUnavailable, match="NoRegionError"):
        DynamoRecords("records").get(RECORD.id)


def test_boto3_is_not_imported_before_the_first_call() -> None:
    script = (
        "import sys; from storage.dynamodb import DynamoRecords; from storage.s3 import S3Images; "
        "DynamoRecords('records'), S3Images('images'); "
        "sys.exit('boto3' in sys.modules or 'botocore' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=FUNCTIONS, check=True)
