"""Stands where NumPy has `numpy.linalg._umath_linalg`, which is LAPACK's part of its algebra.

Nobody here solves equations. What doesn't need LAPACK (`@`, `dot`, `norm`) works as ever.
"""

from typing import NoReturn


def __getattr__(name: str) -> NoReturn:
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"This package's NumPy has no LAPACK, which has {name}.")
