"""`python products.py OPERANDS RESULTS`: what NumPy, whichever is on the path, multiplies to.

Runs on the Lambda's Python with the package's NumPy, and is imported by the tests for the wheel's.
"""

import sys
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def main() -> None:
    operands, results = sys.argv[1:]
    with np.load(operands) as loaded:
        np.savez(results, *multiply_all(dict(loaded)))


def multiply_all(operands: dict[str, Array]) -> list[Array]:
    """Products of each type's two matrices (24, 32) and two rows of 32, however they lie."""
    return [np.asarray(each) for name in "fdFD" for each in _multiply(operands, name)]


def _multiply(operands: dict[str, Array], name: str) -> Iterator[Any]:
    first, second, row, other = (operands[f"{name}{index}"] for index in range(4))
    for a, b in product(_views(first), _views(second.T)):
        # Unlike shapes, one of them a column or a row, or nothing at all.
        for rows, columns in ((24, 24), (1, 24), (24, 1), (3, 5), (0, 2)):
            depth = min(a.shape[1], b.shape[0])
            yield a[:rows, :depth] @ b[:depth, :columns]
        yield a[:, :0] @ b[:0]
    for a in _views(first):
        yield a @ a.T
        yield a.T @ a
        yield a @ a.conj().T
        yield np.dot(a[:1, :1], a[:1])
        for x in _views(row):
            yield a[:, : len(x)] @ x[: a.shape[1]]
            yield x[: len(a)] @ a[: len(x)]
    for x, y in product(_views(row), _views(other)):
        length = min(len(x), len(y))
        yield x[:length] @ y[:length]
        yield np.vdot(x[:length], y[:length])
    yield first.reshape(4, 6, 32) @ second.T
    yield np.inner(first, second)
    yield np.dot(first, second.T, out=np.full((24, 24), np.nan, first.dtype))
    yield np.linalg.norm(first)


def _views(array: Array) -> Iterator[Array]:
    """The same numbers, or some of them, as they may lie in memory."""
    yield array
    yield np.asfortranarray(array)
    yield array[::2]
    yield array[::-1]
    if array.ndim == 2:
        yield array[:, ::2]
        yield array[1:20, 1:30]


if __name__ == "__main__":
    main()
