"""`price`: what a backlog costs, by AWS's public list.

US East (N. Virginia), without any free tier: Lambda on arm64, Step Functions' standard workflows,
S3 Standard, DynamoDB on demand. Collected in November 2026 from pages that quote AWS's own, of
which only Step Functions' was seen itself: compare before you sign. Storage, logs and metrics are
not in it: they are paid by the month.
"""

from dataclasses import dataclass, fields
from typing import Final

GB_SECOND: Final = 0.0000133334
CALL: Final = 0.20 / 1e6
TRANSITION: Final = 0.025 / 1e3
S3_WRITE: Final = 0.005 / 1e3
"""A PUT, or a page of a listing."""
S3_READ: Final = 0.0004 / 1e3
"""A GET or a HEAD."""
WRITE_UNIT: Final = 0.625 / 1e6
"""DynamoDB's, for each 1 KB of an item, whether its condition holds or not."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used, of each thing that has a price."""

    lambda_seconds: float
    lambda_memory: int
    """MB."""
    lambda_calls: int
    transitions: int
    s3_writes: int
    s3_reads: int
    write_units: int


@dataclass(frozen=True, slots=True)
class Price:
    """In US dollars."""

    lambda_time: float
    lambda_calls: float
    transitions: float
    s3_writes: float
    s3_reads: float
    write_units: float

    @property
    def total(self) -> float:
        return float(sum(getattr(self, field.name) for field in fields(self)))


def price(usage: Usage) -> Price:
    return Price(
        lambda_time=usage.lambda_seconds * usage.lambda_memory / 1024 * GB_SECOND,
        lambda_calls=usage.lambda_calls * CALL,
        transitions=usage.transitions * TRANSITION,
        s3_writes=usage.s3_writes * S3_WRITE,
        s3_reads=usage.s3_reads * S3_READ,
        write_units=usage.write_units * WRITE_UNIT,
    )
