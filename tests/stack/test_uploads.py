"""An image's whole way in the cloud, past the API: form, bucket, queue, predictor, and back.

moto takes any form: of its policy it checks neither signature nor size, type or time. What S3 makes
of that is in `tests/storage/test_s3_uploads.py`.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
from PIL import Image

from storage.ids import new_id
from storage.items import write_item
from storage.records import UploadedObject, new_refusal
from storage.results import name_result
from tests.conftest import DrawDigit, encode_image
from tests.contract.keys import DIGEST, KEY
from tests.contract.messages import Answer
from tests.contract.requests import delete, get, post_json, put_json
from tests.contract.transports import Events, start_function
from tests.predictor.lambda_service import Predictor, Queue, start_predictor
from tests.stack.cloud import Cloud, start_cloud

pytestmark = pytest.mark.slow

URL: Final = "/api/recognitions"


@dataclass(frozen=True)
class Stack:
    cloud: Cloud
    function: Events
    predictor: Predictor
    queue: Queue

    def ask(self, **wanted: object) -> dict[str, Any]:
        """A form."""
        answer = self.function.send(post_json("/api/uploads", wanted))
        assert answer.status == 201, answer.body
        upload: dict[str, Any] = answer.json
        return upload

    def look(self, record_id: str) -> Answer:
        return self.function.send(get(f"{URL}/{record_id}"))

    def list_versions(self, key: str) -> list[str]:
        """Those of the keys that begin so, marks of removal included."""
        page = self.cloud.connect("s3").list_object_versions(Bucket=self.cloud.uploads, Prefix=key)
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        return [each["VersionId"] for each in found]

    def has_result(self, key: str) -> bool:
        listed = self.cloud.connect("s3").list_objects_v2(
            Bucket=self.cloud.results, Prefix=name_result(key)
        )
        return bool(listed["KeyCount"])


def send(upload: dict[str, Any], image: bytes) -> httpx2.Response:
    """A form, over HTTP, as a browser sends it."""
    return httpx2.post(upload["url"], data=upload["fields"], files={"file": ("7.png", image)})


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with start_cloud(folder) as cloud:
        environment = {"PATH": os.environ["PATH"], **cloud.account, **cloud.names}
        with (
            start_function(
                {**environment, "INKLING_API_KEY_SHA256": DIGEST}, folder / "function"
            ) as function,
            start_predictor(environment, folder / "predictor") as predictor,
        ):
            yield Stack(cloud, function, predictor, Queue(cloud))


def test_an_uploaded_image_is_pending_then_read_then_removed_whole(
    stack: Stack, draw_digit: DrawDigit
) -> None:
    upload = stack.ask(type="image/png")
    key = upload["fields"]["key"]
    assert key == f"uploads/{upload['id']}"
    assert stack.look(upload["id"]).status == 202
    assert send(upload, draw_digit(7)).status_code == 204
    assert len(stack.list_versions(key)) == 1
    assert stack.look(upload["id"]).status == 202

    stack.queue.work_off(stack.predictor)
    kept = stack.look(upload["id"])
    assert kept.status == 200
    assert (kept.json["id"], kept.json["digit"]) == (upload["id"], 7)
    assert stack.has_result(key)
    image = stack.function.send(get(f"{URL}/{upload['id']}/image", Accept="image/png"))
    assert image.body == draw_digit(7)
    labelled = stack.function.send(put_json(f"{URL}/{upload['id']}/label", {"digit": 1}))
    assert labelled.json["label"]["digit"] == 1

    assert stack.function.send(delete(f"{URL}/{upload['id']}")).status == 204
    assert stack.look(upload["id"]).status == 404
    assert stack.list_versions(key) == []
    assert not stack.has_result(key)
    assert stack.cloud.read_item(upload["id"]) is None


def test_every_image_that_one_form_let_in_goes_with_the_record(
    stack: Stack, draw_digit: DrawDigit
) -> None:
    upload = stack.ask()
    for digit in (7, 3, 5):
        assert send(upload, draw_digit(digit)).status_code == 204
    stack.queue.work_off(stack.predictor)
    key = upload["fields"]["key"]
    assert stack.look(upload["id"]).json["digit"] in (7, 3, 5)
    assert len(stack.list_versions(key)) == 3
    assert stack.function.send(delete(f"{URL}/{upload['id']}")).status == 204
    assert stack.list_versions(key) == []
    assert not stack.has_result(key)


def test_an_image_that_can_t_be_read_is_an_answer_and_can_be_removed(stack: Stack) -> None:
    upload = stack.ask()
    assert send(upload, b"not an image").status_code == 204
    stack.queue.work_off(stack.predictor)
    refused = stack.look(upload["id"])
    assert refused.status == 200
    assert (refused.json["outcome"], refused.json["reason"]) == ("unreadable", "unsupported-image")
    assert stack.function.send(get(f"{URL}/{upload['id']}/image")).status == 404
    page = stack.function.send(get(f"{URL}?limit=1", x_api_key=KEY)).json
    assert page["recognitions"] == [refused.json]
    assert stack.function.send(delete(f"{URL}/{upload['id']}")).status == 204
    assert stack.list_versions(upload["fields"]["key"]) == []
    assert not stack.has_result(upload["fields"]["key"])


@pytest.mark.parametrize("when", ["before it comes", "before it is read"])
def test_a_pending_upload_that_is_deleted_leaves_nothing(
    stack: Stack, draw_digit: DrawDigit, when: str
) -> None:
    upload = stack.ask()
    key = upload["fields"]["key"]
    if when == "before it is read":
        assert send(upload, draw_digit(7)).status_code == 204
    assert stack.function.send(delete(f"{URL}/{upload['id']}")).status == 204
    assert stack.list_versions(key) == []
    if when == "before it comes":
        assert send(upload, draw_digit(7)).status_code == 204
        assert len(stack.list_versions(key)) == 1
    stack.queue.work_off(stack.predictor)
    assert stack.look(upload["id"]).status == 404
    assert stack.list_versions(key) == []
    assert not stack.has_result(key)


def test_a_dropped_image_is_fetched_and_removed_by_its_id_and_its_neighbours_stay(
    stack: Stack, draw_digit: DrawDigit
) -> None:
    s3 = stack.cloud.connect("s3")
    keys = ["scans/Zähler 4+5%41.png", "scans/Zähler 4+5%41.png.png"]
    for key in keys:
        s3.put_object(Bucket=stack.cloud.uploads, Key=key, Body=draw_digit(7))
    stack.queue.work_off(stack.predictor)
    page = stack.function.send(get(URL, x_api_key=KEY)).json["recognitions"]
    items = {each["id"]: stack.cloud.read_item(each["id"]) or {} for each in page}
    records = {items[each["id"]]["upload_key"]["S"]: each for each in page}
    record = records[keys[0]]
    image = stack.function.send(get(f"{URL}/{record['id']}/image", Accept="image/png"))
    assert image.body == draw_digit(7)
    assert stack.function.send(delete(f"{URL}/{record['id']}")).status == 204
    assert not stack.has_result(keys[0])
    assert stack.has_result(keys[1])
    assert len(stack.list_versions(keys[0])) == 1  # the second's, which begins so
    assert len(stack.list_versions(keys[1])) == 1
    assert stack.look(records[keys[1]]["id"]).status == 200


def test_nothing_of_who_took_an_uploaded_image_comes_back(
    stack: Stack, draw_digit: DrawDigit
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "zebra-4711"
    with Image.open(io.BytesIO(draw_digit(7))) as sheet:
        image = encode_image(sheet.convert("RGB"), "JPEG", exif=exif)
    upload = stack.ask(type="image/jpeg")
    send(upload, image)
    stack.queue.work_off(stack.predictor)
    answer = stack.function.send(get(f"{URL}/{upload['id']}/image", Accept="image/jpeg"))
    assert answer.media_type == "image/jpeg"
    assert b"zebra" in image
    assert b"zebra" not in answer.body


def test_an_image_that_no_answer_has_room_for_is_refused(
    stack: Stack, draw_digit: DrawDigit
) -> None:
    with Image.open(io.BytesIO(draw_digit(7))) as sheet:
        image = encode_image(sheet.convert("RGB").resize((1800, 1800)), "BMP")
    assert len(image) > 4 * 1024**2
    upload = stack.ask(type="image/bmp", size=len(image))
    assert send(upload, image).status_code == 204
    stack.queue.work_off(stack.predictor)
    assert stack.look(upload["id"]).json["digit"] == 7
    answer = stack.function.send(get(f"{URL}/{upload['id']}/image", Accept="image/bmp"))
    assert (answer.status, answer.json["type"]) == (413, "image-too-large")


def test_the_record_of_an_image_that_waited_long_is_listed(stack: Stack) -> None:
    record_id = new_id(datetime.now(UTC) - timedelta(days=50))
    upload = UploadedObject("scans/old.png", None)
    record = new_refusal(
        "corrupt-image", record_id=record_id, upload=upload, retention=timedelta(days=75)
    )
    table = stack.cloud.connect("dynamodb")
    table.put_item(TableName=stack.cloud.table, Item=write_item(record))
    listed, after = [], ""
    while after is not None:  # a page may end early
        query = "limit=100" + (f"&after={after}" if after else "")
        page = stack.function.send(get(f"{URL}?{query}", x_api_key=KEY))
        listed += [each["id"] for each in page.json["recognitions"]]
        after = page.json["next"]
    assert record_id in listed
