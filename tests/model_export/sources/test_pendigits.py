"""Pen digits are read as they were drawn, and damage is named."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from model_export.errors import DataError
from model_export.sources.pendigits import PEN_DIGITS_FILE, PenDigits, read_pendigits

HEADER = '.INCLUDE dene.doc\n\n.LEXICON "0" "1"\n.HIERARCHY DIGIT\n\n'
SEVEN = """.SEGMENT DIGIT 0-1 ? "7"
.COMMENT 7 12  224
.PEN_DOWN
 100  300
 160  300
 120  180
.PEN_UP
.DT 100
.PEN_DOWN
 110  240
 150  240
.PEN_UP
.DT 100
"""
ONE = """.SEGMENT DIGIT 2 ? "1"
.COMMENT 1 30    5
.PEN_DOWN
 10  90
 10  20
.PEN_UP
.DT 100
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "pendigits-orig.tra.gz"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def test_strokes_stand_upright_in_their_own_box(tmp_path: Path) -> None:
    digits = read_pendigits(write(tmp_path, HEADER + SEVEN + ONE))
    hook, bar = digits.strokes[0]
    assert hook.tolist() == [[0, 0], [0.5, 0], [20 / 120, 1]]
    assert bar.tolist() == [[10 / 120, 0.5], [50 / 120, 0.5]]
    assert [stroke.tolist() for stroke in digits.strokes[1]] == [[[0, 0], [0, 1]]]


def test_label_and_writer_stay_with_their_digit(tmp_path: Path) -> None:
    digits = read_pendigits(write(tmp_path, HEADER + SEVEN + ONE))
    assert digits.labels.dtype == np.uint8
    assert digits.labels.tolist() == [7, 1]
    assert digits.writers.dtype == np.int32
    assert digits.writers.tolist() == [12, 30]
    chosen = digits.select(digits.writers == 30)
    assert (len(chosen), chosen.labels.tolist(), len(chosen.strokes)) == (1, [1], 1)


def test_checksum_is_the_files(tmp_path: Path) -> None:
    one = read_pendigits(write(tmp_path, HEADER + ONE)).checksum
    assert len(one) == 64
    assert read_pendigits(write(tmp_path, HEADER + SEVEN)).checksum != one


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pendigits-orig.tra.gz is not in"):
        read_pendigits(tmp_path / "pendigits-orig.tra.gz")


def test_truncated_file_is_called_truncated(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + SEVEN + ONE)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="truncated"):
        read_pendigits(path)


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pendigits-orig.tra.gz"
    path.write_bytes(b"7,494 digits")
    with pytest.raises(DataError, match="not a gzip file"):
        read_pendigits(path)
    path.write_bytes(gzip.compress(b"\xff\xfe"))
    with pytest.raises(DataError, match="other than UNIPEN text"):
        read_pendigits(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no digits"),
        (ONE.replace('"1"', '"x"'), "line 1"),
        (ONE.replace('"1"', '"10"'), "line 1"),
        (ONE.replace(".COMMENT 1", ".COMMENT 4"), "line 2"),
        (ONE.replace(" 10  90", " 10  up"), "line 4"),
        (ONE.replace(".PEN_DOWN\n", ""), "line 3"),
        (".PEN_DOWN\n", "line 1"),
        (".VELOCITY 3\n", "line 1"),
        (SEVEN + ONE.replace(".PEN_UP\n.DT 100\n", ""), "within digit 2 of 2"),
        (SEVEN + ONE.replace(".COMMENT 1 30    5\n", ""), "within digit 2 of 2"),
    ],
)
def test_damage_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_pendigits(write(tmp_path, text))


@pytest.fixture(scope="module")
def published() -> PenDigits:
    data = os.environ.get("INKLING_DATA")
    if data is None or not (Path(data) / PEN_DIGITS_FILE).is_file():
        pytest.skip("INKLING_DATA names no folder of the pen digits")
    return read_pendigits(Path(data) / PEN_DIGITS_FILE)


def test_published_digits_are_all_there(published: PenDigits) -> None:
    assert len(published) == len(published.strokes) == 7494
    assert set(published.labels) == set(range(10))
    assert set(published.writers) == set(range(1, 31))


def test_published_digits_fill_their_boxes(published: PenDigits) -> None:
    for strokes in published.strokes:
        points = np.concatenate(strokes)
        assert points.min(axis=0).tolist() == [0, 0]
        assert points.max() == 1
        assert 1 <= len(strokes) <= 4


def test_published_sevens_have_their_bar_above_their_foot(published: PenDigits) -> None:
    sevens = published.select(published.labels == 7)
    starts_high = [strokes[0][0, 1] < strokes[0][-1, 1] for strokes in sevens.strokes]
    assert np.mean(starts_high) > 0.9
