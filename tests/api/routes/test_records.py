"""What was kept: seen, listed, fetched, removed."""

import io
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from api.routes.records import MAX_PAGE
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from storage.folder import FolderImages
from storage.ids import new_id
from storage.records import RETENTION, Records, new_record
from storage.sqlite import SqliteRecords
from tests.api.conftest import KEY, PAGE
from tests.api.outcomes import RECOGNITIONS
from tests.api.stores import BrokenRecords
from tests.conftest import DrawDigit, encode_image

URL = "/api/recognitions"
UNKNOWN = "019c21b2-8e95-7aaa-8aaa-aaaaaaaaaaaa"
WITH_KEY = {"X-API-Key": KEY}
FIELDS = [
    "id",
    "created_at",
    "expires_at",
    "outcome",
    "digit",
    "confidence",
    "scores",
    "strangeness",
    "model",
    "image",
    "label",
]


@pytest.fixture
def broken_client(recognizer: Recognizer, images: FolderImages) -> TestClient:
    app = create_app(recognizer, page=PAGE, records=BrokenRecords(), images=images)
    return TestClient(app)


def test_what_was_read_is_kept_and_can_be_seen(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    image = draw_digit(4, "JPEG")
    answer = keeping_client.post(URL, content=image, params={"explain": "true"}).json()
    assert answer["stored"] is True
    response = keeping_client.get(f"{URL}/{answer['id']}")
    kept = response.json()
    assert response.status_code == 200
    assert list(kept) == FIELDS
    shared = set(kept) & set(answer)
    assert {name: kept[name] for name in shared} == {name: answer[name] for name in shared}
    assert {"id", "outcome", "digit", "confidence", "scores", "strangeness", "model"} == shared
    age = datetime.now(UTC) - datetime.fromisoformat(kept["created_at"])
    assert abs(age.total_seconds()) < 60
    assert kept["label"] is None
    assert images.get(f"{answer['id']}.jpeg") == image


def test_a_record_says_when_it_will_be_gone(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    for retention in (RETENTION, timedelta(days=1)):
        app = create_app(recognizer, page=PAGE, records=records, images=images, retention=retention)
        client = TestClient(app)
        answer = client.post(URL, content=draw_digit(4)).json()
        kept = client.get(f"{URL}/{answer['id']}").json()
        created = datetime.fromisoformat(kept["created_at"])
        expires = datetime.fromisoformat(kept["expires_at"])
        assert expires == created.replace(microsecond=0) + retention


def test_what_has_expired_is_gone(keeping_client: TestClient, records: SqliteRecords) -> None:
    record_id = new_id(datetime.now(UTC) - RETENTION - timedelta(minutes=1))
    recognition = RECOGNITIONS[Outcome.DIGIT]
    records.put(new_record(recognition, record_id=record_id, model="m", image_key="a.png"))
    for method, path in (("GET", ""), ("GET", "/image"), ("DELETE", "")):
        assert keeping_client.request(method, f"{URL}/{record_id}{path}").status_code == 404


# The image


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_an_image_without_metadata_comes_back_as_it_was_sent(
    keeping_client: TestClient, draw_digit: DrawDigit, image_format: str
) -> None:
    image = draw_digit(4, image_format)
    files = {"file": ("../../<script>.html", image, "text/html")}
    answer = keeping_client.post(URL, files=files).json()
    kept = keeping_client.get(f"{URL}/{answer['id']}").json()
    response = keeping_client.get(kept["image"])
    assert response.content == image
    media_type = f"image/{image_format.lower()}"
    assert response.headers["content-type"] == media_type
    name = f"{answer['id']}.{image_format.lower()}"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_who_took_an_image_and_where_is_kept_or_comes_back(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit, image_format: str
) -> None:
    secret = "zebra-4711"
    exif = Image.Exif()
    exif[0x0112] = 8
    exif[0x010F] = exif[0xA430] = secret  # the camera's maker and owner
    exif.get_ifd(0x8825)[27] = secret.encode()  # by what it knew where it was
    with Image.open(io.BytesIO(draw_digit(4))) as sheet:
        turned = sheet.convert("RGB").transpose(Image.Transpose.ROTATE_270)
    image = encode_image(turned, image_format, exif=exif, xmp=b"<x>zebra-4711</x>")
    image += b"PK\x03\x04" + secret.encode()
    assert image.count(secret.encode()) >= 4
    answer = keeping_client.post(URL, files={"file": ("4", image)}).json()
    assert (answer["digit"], answer["stored"]) == (4, True)
    response = keeping_client.get(f"{URL}/{answer['id']}/image")
    assert images.get(f"{answer['id']}.{image_format.lower()}") == response.content
    assert secret.encode() not in response.content
    with Image.open(io.BytesIO(response.content)) as kept:
        assert dict(kept.getexif()) == {0x0112: 8}
    # And it's still the same picture, the right way up.
    again = keeping_client.post(URL, content=response.content).json()
    assert again["scores"] == answer["scores"]


def test_an_image_s_address_is_right_below_a_root(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages, draw_digit: DrawDigit
) -> None:
    app = create_app(recognizer, page=PAGE, records=records, images=images)
    client = TestClient(app, root_path="/v1")
    answer = client.post(f"/v1{URL}", content=draw_digit(4)).json()
    kept = client.get(f"/v1{URL}/{answer['id']}").json()
    assert kept["image"] == f"/v1{URL}/{answer['id']}/image"
    assert client.get(kept["image"]).content == draw_digit(4)


def test_a_record_whose_image_is_lost_has_none(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    answer = keeping_client.post(URL, content=draw_digit(4)).json()
    images.delete(f"{answer['id']}.png")
    response = keeping_client.get(f"{URL}/{answer['id']}/image")
    assert (response.status_code, response.json()["type"]) == (404, "not-found")
    assert keeping_client.get(f"{URL}/{answer['id']}").status_code == 200


# Removing


def test_removing_takes_record_and_image(
    keeping_client: TestClient, images: FolderImages, draw_digit: DrawDigit
) -> None:
    answer = keeping_client.post(URL, content=draw_digit(4)).json()
    other = keeping_client.post(URL, content=draw_digit(5)).json()
    response = keeping_client.delete(f"{URL}/{answer['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert images.get(f"{answer['id']}.png") is None
    assert keeping_client.get(f"{URL}/{answer['id']}").status_code == 404
    assert keeping_client.get(f"{URL}/{answer['id']}/image").status_code == 404
    assert keeping_client.delete(f"{URL}/{answer['id']}").status_code == 404
    assert keeping_client.get(f"{URL}/{other['id']}").status_code == 200


@pytest.mark.parametrize(
    "request_", [("GET", ""), ("GET", "/image"), ("DELETE", ""), ("PUT", "/label")]
)
@pytest.mark.parametrize(
    "record_id", [UNKNOWN, UNKNOWN.upper(), "seven", "%00", "%ff", "..%2f..", "a" * 5000, "'--"]
)
def test_an_unknown_id_is_not_found(
    client: TestClient, keeping_client: TestClient, request_: tuple[str, str], record_id: str
) -> None:
    method, path = request_
    body = {"digit": 7} if method == "PUT" else None
    for each in (client, keeping_client):
        response = each.request(method, f"{URL}/{record_id}{path}", json=body)
        assert response.status_code == 404
        assert response.json()["type"] == "not-found"
        assert record_id not in response.text


def test_an_id_may_be_written_in_capitals(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    """RFC 9562, section 4: whoever reads a UUID takes either case."""
    kept = keeping_client.post(URL, content=draw_digit(7)).json()
    url = f"{URL}/{kept['id'].upper()}"
    labelled = keeping_client.put(f"{url}/label", json={"digit": 7})
    assert labelled.json() == keeping_client.get(url).json()
    assert labelled.json()["id"] == kept["id"]
    assert keeping_client.get(f"{url}/image").content == draw_digit(7)
    assert keeping_client.delete(url).status_code == 204
    assert keeping_client.get(f"{URL}/{kept['id']}").status_code == 404


# The list


def test_the_list_has_everything_newest_first(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    ids = [keeping_client.post(URL, content=draw_digit(d)).json()["id"] for d in range(5)]
    page = keeping_client.get(URL, headers=WITH_KEY).json()
    assert list(page) == ["recognitions", "next"]
    assert [each["id"] for each in page["recognitions"]] == sorted(ids, reverse=True)
    assert page["next"] is None
    for each in page["recognitions"]:
        assert each == keeping_client.get(f"{URL}/{each['id']}").json()


def test_pages_follow_each_other_while_records_come_and_go(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    image = draw_digit(1)
    ids = [keeping_client.post(URL, content=image).json()["id"] for _ in range(7)]
    seen: list[str] = []
    params: dict[str, str] = {"limit": "2"}
    for turn in itertools.count():
        page = keeping_client.get(URL, headers=WITH_KEY, params=params).json()
        seen += [each["id"] for each in page["recognitions"]]
        keeping_client.post(URL, content=image)
        if turn == 0:
            keeping_client.delete(f"{URL}/{seen[-1]}")  # the very one that the cursor is at
        if page["next"] is None:
            break
        params["after"] = page["next"]
    assert seen == sorted(ids, reverse=True)


def test_the_list_can_be_of_the_labelled_alone(
    keeping_client: TestClient, draw_digit: DrawDigit
) -> None:
    ids = [keeping_client.post(URL, content=draw_digit(d)).json()["id"] for d in range(4)]
    for record_id in ids[1:3]:
        keeping_client.put(f"{URL}/{record_id}/label", json={"digit": 9})
    page = keeping_client.get(URL, headers=WITH_KEY, params={"labelled": "true"}).json()
    assert {each["id"] for each in page["recognitions"]} == set(ids[1:3])
    assert all(each["label"]["digit"] == 9 for each in page["recognitions"])


def test_nothing_is_listed_where_nothing_is_kept(recognizer: Recognizer) -> None:
    from api.keys import hash_key

    app = create_app(recognizer, page=PAGE, api_keys=frozenset({hash_key(KEY)}))
    page = TestClient(app).get(URL, headers=WITH_KEY).json()
    assert page == {"recognitions": [], "next": None}


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": ""}, {"X-API-Key": "another"}])
def test_nobody_lists_without_a_valid_key(
    client: TestClient, keeping_client: TestClient, headers: dict[str, str]
) -> None:
    for each in (client, keeping_client):
        response = each.get(URL, headers=headers)
        assert response.status_code == 401
        assert response.json()["type"] == "api-key-required"
        assert response.headers["www-authenticate"]
        assert "another" not in response.text


def test_a_key_that_no_installation_has_opens_nothing(client: TestClient) -> None:
    assert client.get(URL, headers=WITH_KEY).status_code == 401


@pytest.mark.parametrize(
    ("params", "slug"),
    [
        ({"limit": "0"}, "invalid-request"),
        ({"limit": "-1"}, "invalid-request"),
        ({"limit": str(MAX_PAGE + 1)}, "invalid-request"),
        ({"limit": "9" * 10_000}, "invalid-request"),
        ({"limit": "two"}, "invalid-request"),
        ({"labelled": "perhaps"}, "invalid-request"),
        ({"after": ""}, "invalid-cursor"),
        ({"after": "zebra"}, "invalid-cursor"),
        ({"after": "../../x"}, "invalid-cursor"),
        ({"after": "\x00"}, "invalid-cursor"),
        ({"after": "7" * 5000}, "invalid-cursor"),
    ],
)
def test_a_page_that_can_t_be_is_refused(
    keeping_client: TestClient, params: dict[str, str], slug: str
) -> None:
    response = keeping_client.get(URL, headers=WITH_KEY, params=params)
    assert response.status_code == 422
    assert response.json()["type"] == slug
    assert len(response.content) < 1024
    assert "zebra" not in response.text


def test_the_largest_page_is_a_page(keeping_client: TestClient, records: Records) -> None:
    recognition = RECOGNITIONS[Outcome.DIGIT]
    for _ in range(MAX_PAGE + 1):
        record_id = new_id()
        records.put(
            new_record(recognition, record_id=record_id, model="m", image_key=f"{record_id}.png")
        )
    page = keeping_client.get(URL, headers=WITH_KEY, params={"limit": MAX_PAGE}).json()
    assert len(page["recognitions"]) == MAX_PAGE
    assert page["next"] is not None


# A store that fails


@pytest.mark.parametrize(
    "request_", [("GET", ""), ("GET", "/image"), ("DELETE", ""), ("PUT", "/label")]
)
def test_a_store_that_fails_is_unavailable_and_says_no_more(
    broken_client: TestClient, request_: tuple[str, str]
) -> None:
    method, path = request_
    body = {"digit": 7} if method == "PUT" else None
    response = broken_client.request(method, f"{URL}/{new_id()}{path}", json=body)
    assert response.status_code == 503
    assert response.json()["type"] == "storage-unavailable"
    assert "secret" not in response.text
