"""Uploads: a form, an image that comes with it, and a recognition that is no longer pending."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from api.routes import upload_forms
from api.routes.upload_forms import FORM_URL
from api.routes.uploads import URL
from recognition.limits import MAX_UPLOADED_BYTES
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.ids import created_at
from storage.local_uploads import LocalUploads
from storage.records import RETENTION, PendingUpload
from storage.sqlite import SqliteRecords
from storage.uploads import FORM_LIFETIME
from tests.api.conftest import KEY, PAGE
from tests.api.stores import BrokenRecords
from tests.conftest import DrawDigit, encode_image

RECOGNITIONS = "/api/recognitions"


def ask(client: TestClient, **wanted: object) -> dict[str, Any]:
    """A form."""
    response = client.post(URL, json=wanted)
    assert response.status_code == 201, response.text
    upload: dict[str, Any] = response.json()
    return upload


def send(client: TestClient, upload: dict[str, Any], image: bytes) -> httpx2.Response:
    """A form, as a browser sends it."""
    return client.post(upload["url"], data=upload["fields"], files={"file": ("7.png", image)})


def look(client: TestClient, upload: dict[str, Any]) -> httpx2.Response:
    return client.get(f"{RECOGNITIONS}/{upload['id']}")


def test_a_form_lets_an_image_in_and_its_recognition_is_pending_until_then(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    image = draw_digit(7)
    upload = ask(keeping_client, type="image/png", size=len(image))
    assert list(upload) == ["id", "url", "fields", "max_bytes", "expires_at"]
    assert upload["max_bytes"] == MAX_UPLOADED_BYTES == 20 * 1024**2
    expires_at = datetime.fromisoformat(upload["expires_at"])
    assert abs(expires_at - datetime.now(UTC) - FORM_LIFETIME) < timedelta(minutes=1)

    pending = look(keeping_client, upload)
    assert pending.status_code == 202
    assert pending.headers["retry-after"] == "1"
    assert list(pending.json()) == ["id", "outcome", "expires_at"]
    assert (pending.json()["id"], pending.json()["outcome"]) == (upload["id"], "pending")
    until = created_at(upload["id"]).replace(microsecond=0) + RETENTION
    assert datetime.fromisoformat(pending.json()["expires_at"]) == until

    sent = send(keeping_client, upload, image)
    assert (sent.status_code, sent.content) == (204, b"")
    kept = look(keeping_client, upload)
    assert kept.status_code == 200
    assert (kept.json()["digit"], kept.json()["outcome"]) == (7, "digit")
    assert kept.json()["expires_at"] == pending.json()["expires_at"]
    assert keeping_client.get(kept.json()["image"]).content == image
    label = keeping_client.put(f"{RECOGNITIONS}/{upload['id']}/label", json={"digit": 7})
    assert label.json()["label"]["digit"] == 7
    assert keeping_client.delete(f"{RECOGNITIONS}/{upload['id']}").status_code == 204
    assert images.get(f"{upload['id']}.png") is None
    assert look(keeping_client, upload).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b" \n", b'{"size": 1}', b'{"size": null}'])
def test_nothing_need_be_known_of_an_image_that_is_to_come(
    keeping_client: TestClient, draw_digit: DrawDigit, body: bytes
) -> None:
    upload = keeping_client.post(URL, content=body).json()
    assert upload["fields"]["Content-Type"] == "application/octet-stream"
    assert send(keeping_client, upload, draw_digit(7)).status_code == 204
    assert look(keeping_client, upload).json()["digit"] == 7


def test_an_image_larger_than_any_request_may_have_is_read(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    with Image.open(io.BytesIO(draw_digit(7))) as sheet:
        large = sheet.convert("RGB").resize((1800, 1800))
    image = encode_image(large, "BMP")
    assert 4 * 1024**2 < len(image) < MAX_UPLOADED_BYTES
    assert keeping_client.post(RECOGNITIONS, content=image).status_code == 413
    upload = ask(keeping_client, type="image/bmp", size=len(image))
    assert send(keeping_client, upload, image).status_code == 204
    kept = look(keeping_client, upload).json()
    assert kept["digit"] == 7
    assert keeping_client.get(kept["image"]).content == image


def test_nothing_of_who_took_an_uploaded_image_is_kept(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "zebra-4711"
    with Image.open(io.BytesIO(draw_digit(7))) as sheet:
        image = encode_image(sheet.convert("RGB"), "JPEG", exif=exif)
    upload = ask(keeping_client)
    send(keeping_client, upload, image)
    kept = images.get(f"{upload['id']}.jpeg")
    assert kept is not None
    assert b"zebra" in image
    assert b"zebra" not in kept


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (b"not an image", "unsupported-image"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "corrupt-image"),
    ],
)
def test_an_image_that_can_t_be_read_is_an_answer(
    keeping_client: TestClient, image: bytes, reason: str
) -> None:
    upload = ask(keeping_client)
    assert send(keeping_client, upload, image).status_code == 204
    refused = look(keeping_client, upload)
    assert refused.status_code == 200
    assert list(refused.json()) == ["id", "created_at", "expires_at", "outcome", "reason"]
    assert (refused.json()["outcome"], refused.json()["reason"]) == ("unreadable", reason)
    page = keeping_client.get(RECOGNITIONS, headers={"X-API-Key": KEY}).json()
    assert page["recognitions"] == [refused.json()]
    for method, path, body in (("GET", "/image", None), ("PUT", "/label", {"digit": 7})):
        response = keeping_client.request(method, f"{RECOGNITIONS}/{upload['id']}{path}", json=body)
        assert response.status_code == 404
    assert keeping_client.delete(f"{RECOGNITIONS}/{upload['id']}").status_code == 204
    assert look(keeping_client, upload).status_code == 404


def test_what_is_pending_is_not_listed_and_has_no_image_and_takes_no_label(
    keeping_client: TestClient,
) -> None:
    upload = ask(keeping_client)
    page = keeping_client.get(RECOGNITIONS, headers={"X-API-Key": KEY}).json()
    assert page == {"recognitions": [], "next": None}
    assert keeping_client.get(f"{RECOGNITIONS}/{upload['id']}/image").status_code == 404
    label = keeping_client.put(f"{RECOGNITIONS}/{upload['id']}/label", json={"digit": 7})
    assert label.status_code == 404


def test_the_first_image_counts(keeping_client: TestClient, draw_digit: DrawDigit) -> None:
    upload = ask(keeping_client)
    for digit in (7, 3):
        assert send(keeping_client, upload, draw_digit(digit)).status_code == 204
    kept = look(keeping_client, upload).json()
    assert kept["digit"] == 7
    assert keeping_client.get(kept["image"]).content == draw_digit(7)


def test_what_comes_for_a_deleted_upload_is_not_kept(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    upload = ask(keeping_client)
    assert keeping_client.delete(f"{RECOGNITIONS}/{upload['id']}").status_code == 204
    assert look(keeping_client, upload).status_code == 404
    assert send(keeping_client, upload, draw_digit(7)).status_code == 204
    assert look(keeping_client, upload).status_code == 404
    assert images.get(f"{upload['id']}.png") is None


# What is refused


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b'{"type": "image/svg+xml"}', 415, "unsupported-image"),
        (b'{"type": "text/html"}', 415, "unsupported-image"),
        (b'{"type": "image/png; x=y"}', 415, "unsupported-image"),
        (b'{"type": 7}', 415, "unsupported-image"),
        (b'{"size": 20971521}', 413, "image-too-large"),
        (b'{"size": 99999999999999999999}', 413, "image-too-large"),
        (b'{"size": 0}', 422, "invalid-request"),
        (b'{"size": -1}', 422, "invalid-request"),
        (b'{"size": "1"}', 422, "invalid-request"),
        (b'{"size": 1.5}', 422, "invalid-request"),
        (b'{"size": true}', 422, "invalid-request"),
        (b'{"zebra": 1}', 422, "invalid-request"),
        (b"[]", 400, "invalid-body"),
        (b"zebra", 400, "invalid-body"),
        (b'{"size": 1, "size": 2}', 400, "invalid-body"),
        (b'{"size": ' + b" " * 1024 + b"1}", 400, "invalid-body"),
        (b"z" * 100_000, 400, "invalid-body"),
    ],
)
def test_what_can_t_be_uploaded_gets_no_form(
    keeping_client: TestClient, records: SqliteRecords, body: bytes, status: int, slug: str
) -> None:
    response = keeping_client.post(URL, content=body)
    assert (response.status_code, response.json()["type"]) == (status, slug)
    with records._read() as connection:
        assert connection.execute("SELECT count(*) FROM records").fetchone() == (0,)


def test_the_largest_that_may_be_gets_a_form(keeping_client: TestClient) -> None:
    ask(keeping_client, size=MAX_UPLOADED_BYTES)


def test_there_are_no_uploads_where_nothing_is_kept(client: TestClient) -> None:
    response = client.post(URL, json={})
    assert (response.status_code, response.json()["type"]) == (404, "not-found")
    assert client.post(FORM_URL, json={}).status_code == 404


def test_there_is_no_form_without_a_record(recognizer: Recognizer, images: FolderImages) -> None:
    uploads = LocalUploads(FORM_URL)
    app = create_app(recognizer, page=PAGE, records=BrokenRecords(), images=images, uploads=uploads)
    response = TestClient(app).post(URL, json={})
    assert (response.status_code, response.json()["type"]) == (503, "storage-unavailable")


def test_a_form_is_below_the_server_s_root(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    uploads = LocalUploads(FORM_URL)
    app = create_app(recognizer, page=PAGE, records=records, images=images, uploads=uploads)
    client = TestClient(app, root_path="/v1")
    upload = client.post(f"/v1{URL}", json={}).json()
    assert upload["url"] == f"/v1{FORM_URL}"
    assert send(client, upload, draw_digit(7)).status_code == 204


@pytest.mark.parametrize("name", ["key", "Content-Type", "policy", "signature"])
@pytest.mark.parametrize("value", [None, "zebra"])
def test_a_form_that_is_not_as_it_was_signed_lets_nothing_in(
    keeping_client: TestClient, draw_digit: DrawDigit, name: str, value: str | None
) -> None:
    upload = ask(keeping_client)
    upload["fields"].pop(name)
    if value is not None:
        upload["fields"][name] = value
    response = send(keeping_client, upload, draw_digit(7))
    assert (response.status_code, response.json()["type"]) == (403, "access-denied")
    assert look(keeping_client, upload).status_code == 202


def test_fields_after_the_image_don_t_count(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    """As S3 has it (its reference, POST Object)."""
    upload = ask(keeping_client)
    late = [(name, (None, value)) for name, value in upload["fields"].items()]
    files: Any = [("file", ("7.png", draw_digit(7))), *late]
    assert keeping_client.post(upload["url"], files=files).status_code == 403


def test_a_form_that_has_expired_lets_nothing_in(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    uploads = LocalUploads(FORM_URL, lifetime=timedelta(0))
    app = create_app(recognizer, page=PAGE, records=records, images=images, uploads=uploads)
    client = TestClient(app)
    upload = ask(client)
    response = send(client, upload, draw_digit(7))
    assert (response.status_code, response.json()["type"]) == (403, "access-denied")
    assert isinstance(records.get(upload["id"]), PendingUpload)


@pytest.mark.parametrize(
    ("size", "slug"), [(0, "entity-too-small"), (MAX_UPLOADED_BYTES + 1, "entity-too-large")]
)
def test_an_image_of_a_size_that_the_form_does_not_say_is_refused(
    keeping_client: TestClient, size: int, slug: str
) -> None:
    upload = ask(keeping_client)
    response = send(keeping_client, upload, bytes(size))
    assert (response.status_code, response.json()["type"]) == (400, slug)
    assert look(keeping_client, upload).status_code == 202


def test_a_body_that_no_form_is_as_long_as_is_refused(
    keeping_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_forms, "_MAX_BODY_BYTES", 10_000)
    response = send(keeping_client, ask(keeping_client), bytes(20_000))
    assert (response.status_code, response.json()["type"]) == (400, "entity-too-large")


@pytest.mark.parametrize("body", [b"", b"zebra", b"--x\r\n\r\n", b"\x00" * 1000])
def test_what_is_no_form_is_refused(keeping_client: TestClient, body: bytes) -> None:
    response = keeping_client.post(
        FORM_URL, content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (response.status_code, response.json()["type"]) == (400, "invalid-body")
