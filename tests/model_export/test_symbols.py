"""The page's symbols are the example digits' own strokes."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from model_export.symbols import describe_path, write_symbols

COMMITTED = Path(__file__).parents[2] / "frontend" / "digits.svg"
SYMBOL = "{http://www.w3.org/2000/svg}symbol"


def test_the_committed_symbols_are_what_the_strokes_draw(tmp_path: Path) -> None:
    write_symbols(tmp_path / "digits.svg")
    assert (tmp_path / "digits.svg").read_text() == COMMITTED.read_text()


def test_there_is_a_symbol_of_each_digit() -> None:
    symbols = ElementTree.parse(COMMITTED).iter(SYMBOL)
    assert [symbol.get("id") for symbol in symbols] == [f"digit-{d}" for d in range(10)]


def test_a_path_is_the_strokes_one_after_another() -> None:
    first = np.array([[0.5, 0.25], [0.5, 0.125]])
    second = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert describe_path((first, second)) == "M500 250l0-125M100 200l200 200"
