"""The IDX format: a magic number that names type and rank, the sizes, then the values."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model_export.errors import DataError

UNSIGNED_BYTE: Final = 0x08
INT_32: Final = 0x0C
_TYPES: Final[dict[int, np.dtype[Any]]] = {
    UNSIGNED_BYTE: np.dtype(">u1"),
    INT_32: np.dtype(">i4"),
}


def read_idx(path: Path, *, value_type: int, rank: int) -> NDArray[Any]:
    """Read one gzipped IDX file.

    Args:
        value_type: the code that the file must declare, `UNSIGNED_BYTE` or `INT_32`.
        rank: how many dimensions it must have.

    Returns:
        An array of uint8 or int32 in the sizes that the file declares.

    Raises:
        DataError: not found, not gzip, truncated, too long, or another magic number.
    """
    try:
        data = gzip.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise DataError(f"{path} is not there.") from error
    except EOFError as error:
        raise DataError(f"{path.name} is truncated: its compressed data ends too early.") from error
    except (OSError, zlib.error) as error:
        raise DataError(f"{path.name} can't be read: {error}.") from error
    return parse_idx(data, name=path.name, value_type=value_type, rank=rank)


def parse_idx(data: bytes, *, name: str, value_type: int, rank: int) -> NDArray[Any]:
    """Parse an IDX file's content; see `read_idx`."""
    header = struct.Struct(f">I{rank}I")
    if len(data) < header.size:
        raise DataError(f"{name} is truncated: its header has {len(data)} of {header.size} bytes.")
    magic, *sizes = header.unpack_from(data)
    expected_magic = value_type << 8 | rank
    if magic != expected_magic:
        raise DataError(f"{name} has magic number {magic:#010x}, not {expected_magic:#010x}.")
    dtype = _TYPES[value_type]
    body = memoryview(data)[header.size :]
    expected = math.prod(sizes) * dtype.itemsize
    if len(body) != expected:
        fault = "truncated" if len(body) < expected else "too long"
        raise DataError(f"{name} is {fault}: {len(body):,} bytes of values, not {expected:,}.")
    values: NDArray[Any] = np.frombuffer(body, dtype).reshape(sizes)
    return values.astype(dtype.newbyteorder("="))


def format_idx(values: NDArray[Any]) -> bytes:
    """A gzipped IDX file of an array of uint8 or int32, the same for the same array."""
    code = next(code for code, dtype in _TYPES.items() if dtype == values.dtype.newbyteorder(">"))
    header = struct.pack(f">I{values.ndim}I", code << 8 | values.ndim, *values.shape)
    return gzip.compress(header + values.astype(_TYPES[code]).tobytes(), mtime=0)
