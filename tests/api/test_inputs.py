"""One image in many forms is one image; and what is no form is refused by its own name."""

import asyncio
import base64
import contextlib
import gzip
import itertools
import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request as HttpRequest
from starlette.testclient import TestClient
from starlette.types import Message

from api.errors import (
    BodyTooLarge,
    BodyTooSlow,
    InputError,
    InvalidBase64,
    InvalidBody,
    MissingImage,
    TooManyImages,
    TooManyParts,
)
from api.inputs import (
    MAX_BODY_BYTES,
    MAX_DISCARDED_BYTES,
    MAX_IMAGES,
    MAX_WRAPPING_BYTES,
    decode_part,
    extract_image,
    extract_images,
    find_field,
    read_body,
)
from api.multipart import MAX_PARTS
from recognition.image import MAX_BYTES
from recognition.recognizer import Recognizer
from tests.api.forms import BOUNDARY, FORMS, Request, as_json, data_url, form, multipart, raw
from tests.conftest import DrawDigit

URL = "/api/recognitions"
PNG = b"\x89PNG\r\n\x1a\n"
END: Final = f"--{BOUNDARY}--\r\n".encode()


def problem(client: TestClient, request: dict[str, Any], url: str = URL) -> tuple[int, str]:
    response = client.post(url, **request)
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["type"]


@pytest.fixture(scope="module")
def drawings(recognizer: Recognizer, draw_digit: DrawDigit) -> list[tuple[int, bytes, list[float]]]:
    """Every digit, as PNG, JPEG and transparent PNG by turns, with the core's scores."""
    turns = itertools.cycle((("PNG", False), ("JPEG", False), ("PNG", True)))
    images = [
        (digit, draw_digit(digit, image_format, transparent=transparent))
        for digit, (image_format, transparent) in zip(range(10), turns, strict=False)
    ]
    return [(digit, image, list(recognizer.recognize(image).scores)) for digit, image in images]


@pytest.mark.parametrize("name", FORMS)
def test_every_digit_reads_the_same_in_every_form(
    client: TestClient, drawings: list[tuple[int, bytes, list[float]]], name: str
) -> None:
    for digit, image, scores in drawings:
        answer = client.post(URL, **FORMS[name](image)).json()
        assert answer["digit"] == digit
        assert answer["scores"] == scores


def test_a_form_whose_declaration_got_lost_is_still_a_form(
    client: TestClient, draw_digit: DrawDigit
) -> None:
    body = multipart("file", draw_digit(4))
    for content_type in (None, "application/octet-stream", "multipart/form-data"):
        assert client.post(URL, **raw(body, content_type)).json()["digit"] == 4


def test_a_form_may_have_words_before_its_first_part(
    client: TestClient, draw_digit: DrawDigit
) -> None:
    body = b"{This is a form.\r\n" + multipart("file", draw_digit(4))
    request_ = raw(body, f"multipart/form-data; boundary={BOUNDARY}")
    assert client.post(URL, **request_).json()["digit"] == 4
    (result,) = client.post(f"{URL}/batch", **request_).json()["results"]
    assert result["digit"] == 4


def test_the_first_field_of_the_contract_counts(client: TestClient, draw_digit: DrawDigit) -> None:
    files = [("image", ("a", draw_digit(1))), ("file", ("b", draw_digit(2)))]
    assert client.post(URL, files=files).json()["digit"] == 2


def test_a_field_left_empty_does_not_hide_the_next(
    client: TestClient, draw_digit: DrawDigit
) -> None:
    files = [("file", ("", b"")), ("image", ("a", draw_digit(6)))]
    assert client.post(URL, files=files).json()["digit"] == 6


@pytest.mark.parametrize(
    "request_",
    [
        raw(b"", None),
        raw(b"", "image/png"),
        raw(b"", "application/json"),
        raw(b"", f"multipart/form-data; boundary={BOUNDARY}"),
        form("file", b""),
        form("photo", PNG),
        raw(b'{"picture": "x"}', "application/json"),
        as_json(None),
        as_json(""),
        as_json("   "),
        as_json("data:image/png;base64,"),
        raw(b"data:image/png;base64,", "text/plain"),
    ],
)
def test_a_request_without_an_image_says_so(client: TestClient, request_: dict[str, Any]) -> None:
    assert problem(client, request_) == (422, "missing-image")


@pytest.mark.parametrize(
    "text",
    [
        "no base64!",
        "iVBORw0KGgo",  # padding cut off
        "data:image/png;base64,data:image/png;base64,iVBORw0KGgo=",  # one prefix too many
        "data:image/png,%89PNG",  # a data URL of the other kind
        "data:image/png;base64 iVBORw0KGgo=",
        "data:",
        "iVBO Rw0KGgo=",
        "data:image/png;base64,iVBO Rw0KGgo=",
        "data:image/png;base64, iVBORw0KGgo=",
        "data:image/png;base64,iVBORw0KGgo= \x00",
        "iVBORw0KGgo=é",
        "\x00",
    ],
)
def test_what_is_not_base64_is_refused_by_name(client: TestClient, text: str) -> None:
    assert problem(client, as_json(text)) == (400, "invalid-base64")
    if text.startswith("data:"):
        assert problem(client, raw(text.encode(), "text/plain")) == (400, "invalid-base64")


@pytest.mark.parametrize(
    "request_",
    [
        raw(b"{", "application/json"),
        raw(b"null", "application/json"),
        raw(b'["x"]', "application/json"),
        raw(b'{"image": 7}', "application/json"),
        raw(b'{"image": {"image": "x"}}', None),
        raw(b'{"image": NaN}', "application/json"),
        raw(b'{"image": 1e999}', "application/json"),
        raw(b'{"image": "\xff"}', "application/json"),
        raw(rb'{"image": "\ud800"}', "application/json"),
        raw(b'{"a":' * 100_000, "application/json"),
        raw(b'{"a": ' + b"9" * 5000 + b"}", "application/json"),
        raw(b"--", "multipart/form-data"),
        raw(b"nonsense", f"multipart/form-data; boundary={BOUNDARY}"),
        raw(b"nonsense", "multipart/form-data"),
        raw(multipart("file", PNG)[:-20], None),
        raw(b"--" + b"b" * 5000 + b"\r\n", None),
    ],
)
def test_a_broken_wrapping_is_refused_by_name(client: TestClient, request_: dict[str, Any]) -> None:
    assert problem(client, request_) == (400, "invalid-body")


@pytest.mark.parametrize("name", FORMS)
def test_what_is_not_an_image_is_unsupported_in_every_form(client: TestClient, name: str) -> None:
    slug = "invalid-body" if name == "raw, declared as JSON" else "unsupported-image"
    assert problem(client, FORMS[name](b"<svg xmlns='http://www.w3.org/2000/svg'/>"))[1] == slug


@pytest.mark.parametrize("name", FORMS)
def test_a_damaged_image_is_corrupt_in_every_form(
    client: TestClient, draw_digit: DrawDigit, name: str
) -> None:
    assert problem(client, FORMS[name](draw_digit(5)[:200])) == (422, "corrupt-image")


@pytest.mark.parametrize("name", FORMS)
def test_the_largest_image_fits_in_every_form(
    client: TestClient, draw_digit: DrawDigit, name: str
) -> None:
    """Bytes after a PNG's end are nobody's business, and make it any size."""
    largest = draw_digit(7).ljust(MAX_BYTES, b"\x00")
    assert client.post(URL, **FORMS[name](largest)).json()["digit"] == 7
    assert problem(client, FORMS[name](largest + b"\x00")) == (413, "image-too-large")


def test_a_body_may_be_as_large_as_base64_makes_the_largest_image(client: TestClient) -> None:
    assert len(base64.b64encode(bytes(MAX_BYTES))) + MAX_WRAPPING_BYTES == MAX_BODY_BYTES
    assert MAX_BODY_BYTES < 6_291_456  # Lambda's own limit
    within = b"{" + b" " * (MAX_BODY_BYTES - 2) + b"}"
    assert problem(client, raw(within, None)) == (422, "missing-image")
    assert problem(client, raw(within + b" ", None)) == (413, "image-too-large")


class Chunks:
    """A body of unknown length, as far as it was asked for."""

    def __init__(self, size: int, declared: str | None = None) -> None:
        self.request: dict[str, Any] = {
            "content": self._chunks(size),
            "headers": {} if declared is None else {"Content-Length": declared},
        }
        self.sent = 0

    def _chunks(self, size: int) -> Any:
        while self.sent < size:
            self.sent += 65536
            yield bytes(65536)


def test_a_body_without_a_length_is_held_to_the_limit(client: TestClient) -> None:
    chunks = Chunks(MAX_BODY_BYTES + 1)
    assert problem(client, chunks.request) == (413, "image-too-large")


def test_a_body_that_declares_too_little_is_held_to_the_limit(client: TestClient) -> None:
    chunks = Chunks(MAX_BODY_BYTES + 1, declared="10")
    assert problem(client, chunks.request) == (413, "image-too-large")


def read_chunks(chunks: Iterator[bytes], *, seconds: float = 60) -> bytes:
    """What `read_body` makes of chunks; after the last of them the client says nothing more."""

    async def receive() -> Message:
        for chunk in chunks:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": chunk, "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("nobody waits for so long")

    request = HttpRequest({"type": "http", "headers": [], "method": "POST"}, receive)
    return asyncio.run(read_body(request, seconds=seconds))


def test_a_body_without_an_end_is_read_in_bounded_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            read_chunks(bytes(65536) for _ in itertools.count())
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_BODY_BYTES
    finally:
        tracemalloc.stop()


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    with pytest.raises(BodyTooSlow):
        read_chunks(iter([PNG]), seconds=0.05)


def test_a_body_that_drips_is_not_waited_for() -> None:
    start = time.monotonic()
    with pytest.raises(BodyTooSlow):
        read_chunks(itertools.repeat(b"x"), seconds=0.2)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("declared", [str(MAX_DISCARDED_BYTES + 1), "9" * 10_000])
def test_a_body_that_declares_far_too_much_is_refused_unread(
    client: TestClient, declared: str
) -> None:
    request = {"content": PNG, "headers": {"Content-Length": declared}}
    assert problem(client, request) == (413, "image-too-large")


def test_a_client_that_waits_for_leave_to_send_too_much_is_refused(client: TestClient) -> None:
    headers = {"Expect": "100-continue", "Content-Length": str(MAX_BODY_BYTES + 1)}
    assert problem(client, {"content": PNG, "headers": headers}) == (413, "image-too-large")


@pytest.mark.parametrize("declared", ["", "-1", "1.5", "ten", "²"])
def test_a_length_that_is_no_number_is_not_asked(
    client: TestClient, draw_digit: DrawDigit, declared: str
) -> None:
    headers = {b"Content-Length": declared.encode()}
    response = client.post(URL, content=draw_digit(3), headers=headers)
    assert response.json()["digit"] == 3


def as_batch(*images: object) -> dict[str, Any]:
    return raw(json.dumps({"images": images}).encode(), "application/json")


def many_files(*images: bytes, name: str = "file") -> Request:
    files = b"".join(multipart(name, image).removesuffix(END) for image in images) + END
    return raw(files, f"multipart/form-data; boundary={BOUNDARY}")


def extract(request: Request) -> list[bytes | InputError]:
    return extract_images(request["content"], request["headers"].get("Content-Type", ""))


@pytest.mark.parametrize(
    "request_",
    [
        many_files(b"1", b"2", b"3"),
        many_files(b"1", b"2", b"3", name="files[]"),
        many_files(*(data_url(image).encode() for image in (b"1", b"2", b"3"))),
        as_batch("MQ==", data_url(b"2"), " Mw==\n"),
        raw(as_batch("MQ==", "Mg==", "Mw==")["content"], None),
    ],
)
def test_a_batch_keeps_its_order(request_: Request) -> None:
    assert extract(request_) == [b"1", b"2", b"3"]


@pytest.mark.parametrize(
    ("image", "error"),
    [
        ("no base64!", InvalidBase64),
        (data_url(b"1") + data_url(b"1"), InvalidBase64),
        ("", MissingImage),
        ("data:image/png;base64,", MissingImage),
        (None, MissingImage),
        (7, InvalidBody),
        (["MQ=="], InvalidBody),
        ({"image": "MQ=="}, InvalidBody),
    ],
)
def test_one_bad_image_of_a_batch_fails_alone(image: object, error: type[InputError]) -> None:
    first, second, third = extract(as_batch("MQ==", image, "Mw=="))
    assert (first, third) == (b"1", b"3")
    assert type(second) is error


@pytest.mark.parametrize(
    ("image", "error"),
    [(b"", MissingImage), (b"data:image/png,x", InvalidBase64)],
)
def test_one_bad_file_of_a_batch_fails_alone(image: bytes, error: type[InputError]) -> None:
    first, second, third = extract(many_files(b"1", image, b"3"))
    assert (first, third) == (b"1", b"3")
    assert type(second) is error


def test_a_file_input_that_was_left_empty_is_no_image_of_a_batch() -> None:
    empty = multipart("file", b"", file_name="").removesuffix(END)
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    assert extract(raw(empty + many_files(b"1")["content"], content_type)) == [b"1"]


def as_json_batch(*images: bytes) -> Request:
    return as_batch(*["MQ=="] * len(images))


def test_the_images_of_a_batch_are_together_as_large_as_one_may_be() -> None:
    """In the cloud a form comes in base64: what is more never gets as far as here."""
    half = bytes(MAX_BYTES // 2)
    assert extract(many_files(half, half)) == [half, half]
    with pytest.raises(BodyTooLarge, match="4 MiB together"):
        extract(many_files(half, half, b"1"))


def test_one_image_that_is_too_large_leaves_the_batch_s_others_alone() -> None:
    large = bytes(MAX_BYTES + 1)
    assert extract(many_files(large, b"1")) == [large, b"1"]  # and whoever reads it says why not


@pytest.mark.parametrize("batch", [many_files, as_json_batch])
def test_a_batch_has_so_many_images_and_no_more(batch: Callable[..., Request]) -> None:
    full = extract(batch(*[b"1"] * MAX_IMAGES))
    assert full == [b"1"] * MAX_IMAGES
    for count in (MAX_IMAGES + 1, MAX_PARTS // 2 if batch is many_files else 1500):
        with pytest.raises(TooManyImages):
            extract(batch(*[b"1"] * count))


def test_a_batch_s_form_has_so_many_parts_whatever_they_are() -> None:
    with pytest.raises(TooManyParts):
        extract(many_files(*[b"1"] * (MAX_PARTS + 1)))
    texts = multipart("mode", b"x", file_name=None).removesuffix(END) * MAX_PARTS
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    with pytest.raises(TooManyParts):
        extract(raw(texts + many_files(b"1")["content"], content_type))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (raw(b"", None), MissingImage),
        (as_batch(), MissingImage),
        (raw(b"{}", None), MissingImage),
        (raw(b'{"images": null}', None), MissingImage),
        (form("mode", b"fast", file_name=None), MissingImage),
        (raw(b'{"images": "MQ=="}', None), InvalidBody),
        (raw(b'{"images": {"0": "MQ=="}}', None), InvalidBody),
        (raw(b'["MQ=="]', "application/json"), InvalidBody),
        (raw(PNG, "image/png"), InvalidBody),
        (raw(data_url(PNG).encode(), None), InvalidBody),
    ],
)
def test_what_is_no_batch_is_refused_whole(request_: Request, error: type[InputError]) -> None:
    with pytest.raises(error):
        extract(request_)


def test_so_many_parts_are_no_image(client: TestClient) -> None:
    request_ = form("file", b"\r\n--a5b1c3\r\n\r\nx" * MAX_PARTS)
    assert problem(client, request_) == (413, "too-many-parts")
    assert problem(client, many_files(*[PNG] * 1500)) == (413, "too-many-parts")


@settings(deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda tail: b"data:image/png;base64," + tail),
        st.binary(max_size=100).map(lambda tail: b'{"image": "' + tail),
        st.binary(max_size=100).map(lambda tail: multipart("file", b"")[:150] + tail),
    ),
    content_type=st.one_of(
        st.sampled_from(
            ["", "application/json", "multipart/form-data; boundary=a5b1c3", "multipart/", ";;"]
        ),
        st.text(st.characters(max_codepoint=255), max_size=60),  # what a header can hold
    ),
)
def test_any_bytes_are_an_image_or_an_input_error(body: bytes, content_type: str) -> None:
    for extract in (
        extract_image,
        extract_images,
        lambda b, t: decode_part(find_field(b, t, ("file",))),
    ):
        with contextlib.suppress(InputError):
            assert extract(body, content_type)


def test_a_data_url_keeps_its_bytes() -> None:
    image = bytes(range(256)) * 4
    assert extract_image(data_url(image).encode(), "") == image
    assert extract_image(b" \r\n" + data_url(image).upper()[:22].encode() + b"/w==", "") == b"\xff"


@pytest.mark.parametrize("url", ["/api/recognitions", "/api/recognitions/batch", "/ocr"])
@pytest.mark.parametrize("encoding", ["gzip", "br, gzip", "identity, gzip", "zebra"])
def test_a_body_that_is_compressed_is_refused_as_such(
    client: TestClient, draw_digit: DrawDigit, url: str, encoding: str
) -> None:
    body = gzip.compress(multipart("file", draw_digit(7)))
    response = client.post(url, content=body, headers={"Content-Encoding": encoding})
    assert response.status_code == 415
    assert response.json()["type"] == "unsupported-encoding"
    assert response.headers["accept-encoding"] == "identity"  # RFC 9110, section 15.5.16
    assert "zebra" not in response.text


@pytest.mark.parametrize("encoding", ["identity", "", " Identity "])
def test_a_body_that_is_not_compressed_may_say_so(
    client: TestClient, draw_digit: DrawDigit, encoding: str
) -> None:
    headers = {"Content-Encoding": encoding}
    response = client.post("/api/recognitions", content=draw_digit(7), headers=headers)
    assert response.json()["digit"] == 7
