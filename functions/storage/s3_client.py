"""`make_patient_client`: S3, for work that nobody waits for."""

from typing import Any

from storage.service import PATIENT_OPTIONS


def make_patient_client() -> Any:
    import boto3  # noqa: PLC0415 - see Service
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("s3", config=Config(**PATIENT_OPTIONS))
