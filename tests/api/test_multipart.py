"""Forms as browsers and curl write them, and forms that nobody writes in earnest."""

import time
import tracemalloc

import pytest

from api.errors import InvalidBody, TooManyParts
from api.inputs import MAX_BODY_BYTES
from api.multipart import MAX_PARTS, MAX_PREAMBLE_BYTES, Part, read_parts
from tests.api.forms import BOUNDARY, multipart

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
END = f"\r\n--{BOUNDARY}--\r\n".encode()


def part(headers: bytes, content: bytes = b"x") -> bytes:
    return f"\r\n--{BOUNDARY}\r\n".encode() + headers + b"\r\n\r\n" + content


def form(*parts: bytes) -> bytes:
    return b"".join(parts).removeprefix(b"\r\n") + END


def field(name: str, content: bytes = b"x") -> bytes:
    return part(f'Content-Disposition: form-data; name="{name}"'.encode(), content)


def test_parts_come_in_their_order_with_their_names() -> None:
    body = form(
        field("mode", b"fast"),
        part(b'Content-Disposition: form-data; name="file"; filename="7.png"', b"\x89PNG"),
        part(b'content-disposition: form-data; NAME=file; filename=""', b""),
        field("mode", b"\r\n--\r\n"),
    )
    assert read_parts(body, TYPE) == [
        Part("mode", None, b"fast"),
        Part("file", "7.png", b"\x89PNG"),
        Part("file", "", b""),
        Part("mode", None, b"\r\n--\r\n"),
    ]


def test_a_form_may_have_so_many_parts_and_no_more() -> None:
    assert len(read_parts(form(*[field("a")] * MAX_PARTS), TYPE)) == MAX_PARTS
    with pytest.raises(TooManyParts):
        read_parts(form(*[field("a")] * (MAX_PARTS + 1)), TYPE)
    with pytest.raises(TooManyParts):
        read_parts(form(*[field("a")] * 1500), TYPE)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=another",
        "multipart/form-data; boundary=" + "b" * 257,
        "multipart/form-data; boundary=" + "b" * 60_000,
        'multipart/form-data; boundary="' + "\\" * 60_000,
        "multipart/form-data; boundary=\xff",
        "multipart/form-data; boundary=a5b1c",
        "multipart/form-data; boundary=a5b1c34",
        "multipart/form-data; charset=a5b1c3, boundary",
    ],
)
def test_a_boundary_that_is_not_the_body_s_is_refused(content_type: str) -> None:
    body = multipart("file", b"x")
    if content_type.endswith(("boundary=", ", boundary")):  # as good as none: the body tells it
        assert [each.name for each in read_parts(body, content_type)] == ["mode", "file"]
        return
    with pytest.raises(InvalidBody):
        read_parts(body, content_type)


@pytest.mark.parametrize(
    "preamble",
    [
        b"This is a message in several parts.\r\n",
        b"\r\n\r\n",
        b"--\r\n--a5b1\r\n",
        b"-" * (MAX_PREAMBLE_BYTES - 2) + b"\r\n",
    ],
)
def test_what_is_before_the_first_boundary_or_after_the_last_is_ignored(preamble: bytes) -> None:
    """As RFC 2046 has it, section 5.1.1."""
    epilogue = b"The end.\r\n--a5b1c3\r\n\r\nx"
    body = preamble + form(field("a"), field("b")) + epilogue
    assert read_parts(body, TYPE) == [Part("a", None, b"x"), Part("b", None, b"x")]


@pytest.mark.parametrize(
    "preamble",
    [
        b"x" * (MAX_PREAMBLE_BYTES - 1) + b"\r\n",
        b"x" * MAX_BODY_BYTES + b"\r\n",
        b"x",  # not a line of its own: a first part that is not read would be lost
        b"x\n",
    ],
    ids=len,
)
def test_a_preamble_that_is_long_or_no_line_is_refused(preamble: bytes) -> None:
    start = time.process_time()
    with pytest.raises(InvalidBody):
        read_parts(preamble + form(field("a"), field("b")), TYPE)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("length", [1, 70, 254, 255])
def test_a_boundary_may_be_long(length: int) -> None:
    boundary = b"b" * length
    body = b"--" + boundary + b"\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--"
    body += boundary + b"--\r\n"
    assert read_parts(body, "") == [Part("a", None, b"x")]


BOMBS = {
    "one long header": part(b"X: " + b"y" * 5_000_000),
    "one long header's name": part(b"y" * 5_000_000),
    "many headers": part(b"\r\n".join([b"X: y"] * 800_000)),
    "nine headers": part(b"\r\n".join([b"X: y"] * 9)),
    "a long file name": part(b'Content-Disposition: form-data; filename="' + b"y" * 5_000 + b'"'),
    "many options": part(b"Content-Disposition: form-data" + b"; a=b" * 1_000),
    "a header without a value": part(b"X"),
    "no end": b"",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_headers_are_bounded(bomb: bytes) -> None:
    body = form(bomb) if bomb else field("a").removeprefix(b"\r\n")
    start = time.process_time()
    with pytest.raises(InvalidBody):
        read_parts(body, TYPE)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("pattern", [b"\0", b"\r", b"\r\n", b"\r\n--", b"\r\n--a5b1c", b"--"])
def test_what_looks_like_a_boundary_costs_no_more_than_its_bytes(pattern: bytes) -> None:
    room = MAX_BODY_BYTES - len(form(field("file", b"")))
    content = pattern * (room // len(pattern))
    start = time.process_time()
    assert read_parts(form(field("file", content)), TYPE) == [Part("file", None, content)]
    assert time.process_time() - start < 1


def test_memory_is_bounded_by_the_body() -> None:
    body = form(field("file", bytes(MAX_BODY_BYTES)))
    tracemalloc.start()
    try:
        read_parts(body, TYPE)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BODY_BYTES
    finally:
        tracemalloc.stop()


def test_names_are_any_text_at_all() -> None:
    hostile = "../../\u202egnp\x00\x1b[31m<script>é"
    disposition = f'Content-Disposition: form-data; name="{hostile}"; filename="{hostile}"'
    assert read_parts(form(part(disposition.encode())), TYPE) == [Part(hostile, hostile, b"x")]
    broken = disposition.encode().replace("é".encode(), b"\xff")
    (read,) = read_parts(form(part(broken)), TYPE)
    assert read.name == hostile.replace("é", "\ufffd")
