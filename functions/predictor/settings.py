"""`Settings`: what the environment decides, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from predictor.errors import SettingsError
from predictor.logs import NAMESPACE
from storage.records import RETENTION

RECORDS_VARIABLE: Final = "INKLING_RECORDS_TABLE"
UPLOADS_VARIABLE: Final = "INKLING_UPLOADS_BUCKET"
RESULTS_VARIABLE: Final = "INKLING_RESULTS_BUCKET"
DEAD_LETTERS_VARIABLE: Final = "INKLING_DEAD_LETTERS_URL"
RETENTION_VARIABLE: Final = "INKLING_RETENTION_DAYS"
NAMESPACE_VARIABLE: Final = "INKLING_METRICS_NAMESPACE"

_DAYS: Final = re.compile("[0-9]{1,4}")
_MAX_RETENTION_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Settings:
    table: str
    """Of DynamoDB, for the records."""
    uploads: str
    """The bucket that images come through."""
    results: str
    """The bucket for what was read from them."""
    dead_letters: str
    """The address of the queue for what failed too often."""
    retention: timedelta = RETENTION
    """Whole days, 1 or more, that a record is kept after its image was read."""
    namespace: str = NAMESPACE
    """Of the metrics, in CloudWatch: each stack's own."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. A variable that is empty counts as one that isn't there.

    Raises:
        SettingsError: one is missing or can't be used; the message names its variable.
    """
    return Settings(
        table=_require(environment, RECORDS_VARIABLE),
        uploads=_require(environment, UPLOADS_VARIABLE),
        results=_require(environment, RESULTS_VARIABLE),
        dead_letters=_require(environment, DEAD_LETTERS_VARIABLE),
        retention=_read_retention(environment.get(RETENTION_VARIABLE)),
        namespace=environment.get(NAMESPACE_VARIABLE) or NAMESPACE,
    )


def _require(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise SettingsError(f"{name} is missing.")
    return value


def _read_retention(text: str | None) -> timedelta:
    if not text:
        return RETENTION
    if _DAYS.fullmatch(text) and 1 <= int(text) <= _MAX_RETENTION_DAYS:
        return timedelta(days=int(text))
    raise SettingsError(
        f"{RETENTION_VARIABLE} is not a number of days from 1 to {_MAX_RETENTION_DAYS}."
    )
