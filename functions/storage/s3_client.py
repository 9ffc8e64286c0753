"""`make_patient_client`: S3, for work that nobody waits for."""

from typing import Any, Final

_OPTIONS: Final[dict[str, Any]] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    # The waits between them are botocore's: up to one second, then up to two.
    "retries": {"mode": "standard", "total_max_attempts": 3},
    # One for each thread of the predictor.
    "max_pool_connections": 16,
}
"""Seconds; `storage.service` has the options of a client that somebody waits for."""


def make_patient_client() -> Any:
    import boto3  # noqa: PLC0415 - see Service
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("s3", config=Config(**_OPTIONS))
