"""A table that a spreadsheet opens without running anything, and a program reads back whole."""

import csv
from pathlib import Path
from typing import Any

import pytest

from predictor.tables import COLUMNS, ENCODING, TableWriter

FORMULAS = {
    "equals": '=HYPERLINK("http://evil.example","7")',
    "plus": "+1+1",
    "minus": "-2",
    "at": "@SUM(A1)",
    "tab": "\t=1",
    "return": "\r=1",
    "newline": "\n=1",
    "wide equals": "＝1+1",
    "apostrophe": "'=1",
}
PLAIN = {
    "comma and quotes": 'a, "b".png',
    "newline within": "a\nb.png",
    "return within": "a\r\nb.png",
    "umlauts": "Übergröße ä.png",
    "emoji": "👩🏽‍🔬.png",
    "equals within": "scans/1=2.png",
    "spaces": "  .png ",
    "semicolon": "a;b.png",
    "zero": "\x00.png",
}
ALL = {**FORMULAS, **PLAIN}


def write(path: Path, *rows: dict[str, Any]) -> list[dict[str, str]]:
    """Write a table, and read it as a program does."""
    with path.open("w", encoding=ENCODING, newline="") as file:
        table = TableWriter(file)
        for row in rows:
            table.write(row)
    with path.open(encoding=ENCODING, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
@pytest.mark.parametrize("column", ["key", "reason"])
def test_what_a_spreadsheet_would_run_is_text(tmp_path: Path, column: str, text: str) -> None:
    (row,) = write(tmp_path / "table", {column: text})
    assert row[column] == f"'{text}"


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_every_key_can_be_had_back(tmp_path: Path, text: str) -> None:
    (row,) = write(tmp_path / "table", {"key": text})
    assert row["key"].removeprefix("'") == text


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_other_keys_are_as_they_are(tmp_path: Path, text: str) -> None:
    (row,) = write(tmp_path / "table", {"key": text})
    assert row["key"] == text


def test_rows_have_a_cell_for_each_column_and_none_for_what_is_not_there(tmp_path: Path) -> None:
    full = {"key": "a", "outcome": "digit", "digit": 7, "confidence": 0.5, "id": "x", "more": 1}
    (one, two) = write(tmp_path / "table", full, {"key": "b", "digit": None})
    assert one == {
        **{"key": "a", "outcome": "digit", "digit": "7", "confidence": "0.5"},
        **{"reason": "", "id": "x"},
    }
    assert two == dict.fromkeys(COLUMNS, "") | {"key": "b"}


def test_spreadsheets_are_told_that_it_is_unicode(tmp_path: Path) -> None:
    write(tmp_path / "table", {"key": "ä"})
    data = (tmp_path / "table").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfkey,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\xef\xbb\xbf") == 1
