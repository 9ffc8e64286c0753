"""`Report`: what each case was answered on each transport, as a table."""

from collections.abc import Iterator
from typing import Final

_ALL: Final = 3
"""Transports. The table is long: it's for when there is nothing more to compare."""


class Report:
    def __init__(self) -> None:
        self._cells: dict[str, dict[str, str]] = {}

    def note(self, case: str, transport: str, cell: str) -> None:
        self._cells.setdefault(case, {})[transport] = cell

    def write_table(self) -> Iterator[str]:
        """Lines: a case a row, a transport a column; with fewer transports, one line for each."""
        transports = list(dict.fromkeys(name for row in self._cells.values() for name in row))
        if len(transports) < _ALL:
            for name in transports:
                answered = sum(name in row for row in self._cells.values())
                yield f"contract: {answered} cases on {name}"
            return
        width = max(map(len, self._cells))
        columns = {
            name: max(len(name), *(len(row.get(name, "")) for row in self._cells.values()))
            for name in transports
        }
        yield "contract: status of each answer, case by transport"
        for title, row in {
            "case": dict(zip(transports, transports, strict=True)),
            **self._cells,
        }.items():
            cells = "  ".join(row.get(name, "-").ljust(columns[name]) for name in transports)
            yield f"{title.ljust(width)}  {cells}".rstrip()
