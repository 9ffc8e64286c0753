"""JSON as its standard has it, and nothing that it leaves to each parser."""

import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.errors import InvalidBody
from api.inputs import MAX_BODY_BYTES
from api.json_object import MAX_DIGITS, MAX_VALUES, parse_json_object

_FEW = 4
"""Of what is in a list or an object: more of the same say nothing new, and take 2 s to make up."""
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 10**MAX_DIGITS, 10**MAX_DIGITS - 1)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=_FEW) | st.dictionaries(st.text(), inner, max_size=_FEW),
)


@given(st.dictionaries(st.text(), st.text() | _VALUES, max_size=_FEW), st.booleans())
def test_what_json_can_say_is_understood(content: dict[str, Any], escaped: bool) -> None:
    assert parse_json_object(json.dumps(content, ensure_ascii=escaped).encode()) == content


HOSTILE = {
    "NaN": b'{"image": NaN}',
    "Infinity": b'{"image": "x", "mode": Infinity}',
    "-Infinity": b'{"mode": [-Infinity]}',
    "1e999": b'{"mode": 1e999}',
    "-1e999": b'{"mode": [{"a": -1e999}]}',
    "a lone surrogate": rb'{"image": "\ud800"}',
    "a lone surrogate in a list": rb'{"mode": ["\uDC00"]}',
    "a lone surrogate for a name": rb'{"\udfff": 1}',
    "surrogates in the wrong order": rb'{"mode": "\udc00\ud800"}',
    "a lone surrogate as UTF-8": b'{"mode": "\xed\xa0\x80"}',
    "no UTF-8": b'{"image": "\xff"}',
    "nested objects": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "nested lists": b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "nested as deep as may be": b'{"a":' * (MAX_VALUES - 1) + b"1" + b"}" * (MAX_VALUES - 1),
    "nested without an end": b'{"a":' * 90_000,
    "a long integer": b'{"mode": ' + b"9" * 10_000 + b"}",
    "a long negative integer": b'{"mode": -' + b"9" * 10_000 + b"}",
    "an integer of a digit too many": b'{"mode": ' + b"9" * 21 + b"}",
    "a negative integer of a digit too many": b'{"mode": [-' + b"9" * 21 + b"]}",
    "UTF-8 with a byte order mark": '\ufeff{"image": "x"}'.encode(),
    "UTF-16": '{"image": "x"}'.encode("utf-16"),
    "UTF-16, little endian": '{"image": "x"}'.encode("utf-16-le"),
    "UTF-16, big endian": '{"image": "x"}'.encode("utf-16-be"),
    "UTF-32": '{"image": "x"}'.encode("utf-32"),
    "UTF-32, little endian": '{"image": "x"}'.encode("utf-32-le"),
    "a name twice": b'{"image": "x", "image": "y"}',
    "a name twice, escaped": rb'{"image": "x", "\u0069mage": "y"}',
    "a name twice, inside": b'{"mode": [{"a": 1, "a": 1}]}',
    "a list": b'["x"]',
    "a text": b'"x"',
    "a number": b"7",
    "null": b"null",
    "nothing": b"",
    "a half": b'{"image": "x"',
    "a comma too many": b'{"image": "x",}',
    "single quotes": b"{'image': 'x'}",
    "a comment": b'{"image": "x"} // y',
    "two objects": b'{"image": "x"}{}',
    "a control character": b'{"image": "x\ny"}',
    "a NUL after it": b'{"image": "x"}\0',
    "too many values": b'{"image": [' + b"1," * MAX_VALUES + b"1]}",
    "as many objects as fit": b'{"image": [' + b"{}," * (MAX_BODY_BYTES // 3 - 6) + b"{}]}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_strictly_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidBody):
        parse_json_object(body)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("url", ["/api/recognitions", "/api/recognitions/batch", "/api/predict"])
def test_every_route_refuses_it_briefly(client: TestClient, url: str, body: bytes) -> None:
    response = client.post(url, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    assert len(response.content) < 1024
    assert len(str(response.headers)) < 2048


def test_as_many_values_as_may_be_are_parsed_in_bounded_time_and_memory() -> None:
    body = b'{"mode": [' + b"1.5," * (MAX_VALUES - 4) + b'{"a": 1}]}'
    start = time.process_time()
    assert len(parse_json_object(body)["mode"]) == MAX_VALUES - 3
    assert time.process_time() - start < 1
    tracemalloc.start()
    try:
        parse_json_object(body)
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_long_text_is_no_matter() -> None:
    text = "A" * (MAX_BODY_BYTES - 20)
    assert parse_json_object(json.dumps({"image": text}).encode()) == {"image": text}
