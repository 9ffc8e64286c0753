"""Clients of S3: for work that somebody waits for, for what nobody does, and for signing forms."""

from typing import Any

from storage.service import CLIENT_OPTIONS, PATIENT_OPTIONS


def make_quick_client() -> Any:
    return _make_client(CLIENT_OPTIONS)


def make_patient_client() -> Any:
    return _make_client(PATIENT_OPTIONS)


def make_signing_client() -> Any:
    """For forms that browsers send.

    By default, botocore names the bucket without its region. S3 redirects such a request for a
    bucket that is young, and a browser takes no such answer from another origin.
    """
    signing = {"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}}
    return _make_client(CLIENT_OPTIONS | signing)


def _make_client(options: dict[str, Any]) -> Any:
    import boto3  # noqa: PLC0415 - see Service
    from botocore.config import Config  # noqa: PLC0415

    return boto3.client("s3", config=Config(**options))
