"""`parse_json_object`: a body's JSON (RFC 8259), and none of what Python's parser takes besides.

What nobody means to send is refused by one error, before it can surprise what comes later: NaN and
numbers beyond a float, integers of many digits, half of a surrogate pair, a name given twice, an
encoding other than UTF-8.
"""

import json
import math
from typing import Any, Final, NoReturn

from api.errors import InvalidBody

MAX_VALUES: Final = 100_000
"""What has more commas and brackets than this is refused unparsed: six megabytes of them become two
hundred of Python's objects, and hold up the event loop for a second."""

MAX_DIGITS: Final = 20
"""Of an integer: enough for 64 bits. Python's go on, and take the square of their length."""


def parse_json_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object. Raises InvalidBody."""
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise InvalidBody(f"The JSON has more than {MAX_VALUES} values.")
    try:
        content = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_parse_float,
            parse_int=_parse_integer,
            object_pairs_hook=_pair_off,
        )
        if b"\\" in body:
            # An escape may write half of a surrogate pair, which is no text and can't be encoded.
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidBody("The body is not JSON.") from error
    if not isinstance(content, dict):
        raise InvalidBody("The JSON is not an object.")
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _parse_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("beyond a float")
    return number


def _parse_integer(text: str) -> int:
    if len(text.removeprefix("-")) > MAX_DIGITS:
        raise ValueError("too many digits")
    return int(text)


def _pair_off(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name twice")
    return content
