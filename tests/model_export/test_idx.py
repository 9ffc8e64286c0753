"""A data file that is not what it should be is named, with what is wrong."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from model_export.errors import DataError
from model_export.idx import INT_32, UNSIGNED_BYTE, parse_idx, read_idx
from tests.model_export.conftest import write_idx


def test_bytes_come_back_as_written(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "a.gz", values)
    np.testing.assert_array_equal(
        read_idx(tmp_path / "a.gz", value_type=UNSIGNED_BYTE, rank=3), values
    )


def test_integers_are_big_endian(tmp_path: Path) -> None:
    values = np.array([[1, -2], [70_000, 4]], np.int32)
    write_idx(tmp_path / "a.gz", values)
    read = read_idx(tmp_path / "a.gz", value_type=INT_32, rank=2)
    np.testing.assert_array_equal(read, values)
    assert read.dtype == np.int32


def test_a_missing_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.gz is not there"):
        read_idx(tmp_path / "nothing.gz", value_type=UNSIGNED_BYTE, rank=1)


def test_a_file_cut_in_its_compressed_data_is_truncated(tmp_path: Path) -> None:
    write_idx(tmp_path / "a.gz", np.arange(200, dtype=np.uint8))
    (tmp_path / "a.gz").write_bytes((tmp_path / "a.gz").read_bytes()[:-20])
    with pytest.raises(DataError, match="truncated"):
        read_idx(tmp_path / "a.gz", value_type=UNSIGNED_BYTE, rank=1)


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x08"])
def test_a_file_without_a_whole_header_is_truncated(content: bytes) -> None:
    with pytest.raises(DataError, match="truncated"):
        parse_idx(content, name="a", value_type=UNSIGNED_BYTE, rank=1)


@pytest.mark.parametrize(("extra", "fault"), [(-1, "truncated"), (1, "too long")])
def test_the_declared_size_must_be_the_real_one(extra: int, fault: str) -> None:
    content = struct.pack(">II", 0x0801, 10) + bytes(10 + extra)
    with pytest.raises(DataError, match=fault):
        parse_idx(content, name="a", value_type=UNSIGNED_BYTE, rank=1)


def test_another_magic_number_is_named() -> None:
    labels = struct.pack(">II", 0x0801, 1) + b"\x07"
    with pytest.raises(DataError, match="magic number 0x00000801, not 0x00000803"):
        parse_idx(labels + bytes(20), name="a", value_type=UNSIGNED_BYTE, rank=3)


@pytest.mark.parametrize("content", [b"not gzip", gzip.compress(b"abc")[:3] + b"junk"])
def test_what_is_no_gzip_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(DataError):
        read_idx(tmp_path / "a.gz", value_type=UNSIGNED_BYTE, rank=1)
