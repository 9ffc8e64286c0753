"""`TableWriter`: rows as CSV that a spreadsheet can be trusted with.

RFC 4180, in UTF-8 with its mark: without it, a spreadsheet takes umlauts for something else.
"""

import csv
from typing import Any, Final, TextIO

COLUMNS: Final = ("key", "outcome", "digit", "confidence", "reason", "id")
ENCODING: Final = "utf-8-sig"

_ACTIVE: Final = "=+-@\t\r\n＝＋－＠'"
"""What a text may not begin with: a spreadsheet takes the rest for a formula, and runs it.

OWASP, "CSV Injection". The apostrophe is the mark of what follows, so that it can be taken off
again: a text that begins with one has had it put there, always.
"""


class TableWriter:
    """Writes rows under a heading to a file that was opened with `ENCODING` and newline=""."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(COLUMNS)

    def write(self, row: dict[str, Any]) -> None:
        """Write a row: one cell a column, empty for what it doesn't have."""
        self._writer.writerow([_disarm(row.get(column)) for column in COLUMNS])


def _disarm(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple(_ACTIVE)) else value
