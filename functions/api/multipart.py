"""`read_parts`: the parts of a multipart/form-data body (RFC 7578), all in memory."""

import logging
from dataclasses import dataclass
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.errors import InvalidBody, TooManyParts

MAX_PARTS: Final = 200
"""A batch has 64 images, and a form may say something of each. Each part costs a few dozen
microseconds. The parser itself bounds a boundary (256 bytes), and a part's headers (8 of 4 KiB)."""

MAX_PREAMBLE_BYTES: Final = 1024
"""Before the first boundary. It's for people whose mail program knows no multipart: a sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a form: a file, or a text."""

    name: str
    file_name: str | None
    """As it was sent, which is any text at all; None for what is no file."""
    content: bytes


def read_parts(body: bytes, content_type: str) -> list[Part]:
    """Split a form into its parts, files and texts alike, in their order.

    The boundary is the declared one; a body whose declaration got lost on its way has it in its
    first line.

    Raises:
        TooManyParts: over `MAX_PARTS`.
        InvalidBody: it's not such a body.
    """
    parts = _Parts()
    boundary = _boundary(body, content_type)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin_part,
                "on_header_field": parts.add_header,
                "on_header_value": parts.add_header_value,
                "on_header_end": parts.end_header,
                "on_part_data": parts.add_data,
                "on_part_end": parts.end_part,
                "on_end": parts.end,
            },
        )
        parser.write(_skip_preamble(body, boundary))
        parser.finalize()
    except FormParserError as error:
        raise InvalidBody("The multipart form is damaged.") from error
    if not parts.ended:
        raise InvalidBody("The multipart form is cut short.")
    return parts.parts


def _boundary(body: bytes, content_type: str) -> bytes:
    _, options = parse_options_header(content_type)
    first_line = body[: body.find(b"\r\n")]
    boundary = options.get(b"boundary") or first_line.removeprefix(b"--")
    if not boundary:
        raise InvalidBody("The multipart form has no boundary.")
    return boundary


def _skip_preamble(body: bytes, boundary: bytes) -> bytes:
    """A body from its first boundary on, which the parser wants at once. RFC 2046, section 5.1.1,
    has whatever is before it ignored."""
    line = b"--" + boundary
    start = body.find(line, 0, MAX_PREAMBLE_BYTES + len(line))
    # Elsewhere than at a line's start it's no boundary, and what comes after it would be lost.
    return body[start:] if start > 0 and body[:start].endswith(b"\r\n") else body


# It warns of every damaged form, with bytes of it; the answer to the request says enough.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


class _Parts:
    """Collects the parser's events."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._header = b""
        self._header_value = b""
        self._name = ""
        self._file_name: str | None = None
        self._content = bytearray()

    def begin_part(self) -> None:
        if len(self.parts) == MAX_PARTS:
            raise TooManyParts(f"The multipart form has more than {MAX_PARTS} parts.")
        self._name = ""
        self._file_name = None
        self._content = bytearray()

    def add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._header_value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                self._file_name = options[b"filename"].decode("utf-8", "replace")
        self._header = self._header_value = b""

    def add_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def end_part(self) -> None:
        self.parts.append(Part(self._name, self._file_name, bytes(self._content)))

    def end(self) -> None:
        self.ended = True
