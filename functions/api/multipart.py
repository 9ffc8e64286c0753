"""`read_fields`: the fields of a multipart/form-data body (RFC 7578), all in memory."""

import logging
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.errors import InvalidBody

MAX_PARTS: Final = 100
"""A browser's form has a handful; each part costs a few dozen microseconds."""


def read_fields(body: bytes, content_type: str) -> dict[str, bytes]:
    """Split a form into its fields, files and texts alike.

    The boundary is the declared one; a body whose declaration got lost on its way has it in its
    first line.

    Returns:
        Each field's name and bytes; of two with one name, the first.

    Raises:
        InvalidBody: it's not such a body.
    """
    fields = _Fields()
    try:
        parser = MultipartParser(
            _boundary(body, content_type),
            {
                "on_part_begin": fields.begin_part,
                "on_header_field": fields.add_header,
                "on_header_value": fields.add_header_value,
                "on_header_end": fields.end_header,
                "on_part_data": fields.add_data,
                "on_part_end": fields.end_part,
                "on_end": fields.end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise InvalidBody("The multipart form is damaged.") from error
    if not fields.ended:
        raise InvalidBody("The multipart form is cut short.")
    return fields.values


def _boundary(body: bytes, content_type: str) -> bytes:
    _, options = parse_options_header(content_type)
    first_line = body[: body.find(b"\r\n")]
    boundary = options.get(b"boundary") or first_line.removeprefix(b"--")
    if not boundary:
        raise InvalidBody("The multipart form has no boundary.")
    return boundary


# It warns of every damaged form, with bytes of it; the answer to the request says enough.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


class _Fields:
    """Collects the parser's events."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.ended = False
        self._parts = 0
        self._header = b""
        self._header_value = b""
        self._name = ""
        self._data = bytearray()

    def begin_part(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise InvalidBody(f"The multipart form has more than {MAX_PARTS} parts.")
        self._name = ""
        self._data = bytearray()

    def add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._header_value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._header = self._header_value = b""

    def add_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def end_part(self) -> None:
        self.values.setdefault(self._name, bytes(self._data))

    def end(self) -> None:
        self.ended = True
