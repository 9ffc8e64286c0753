"""`Settings`: what the environment decides, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from api.errors import SettingsError
from storage.records import RETENTION

PAGE_VARIABLE: Final = "INKLING_PAGE"
API_KEYS_VARIABLE: Final = "INKLING_API_KEY_SHA256"
RECORDS_VARIABLE: Final = "INKLING_RECORDS_TABLE"
IMAGES_VARIABLE: Final = "INKLING_IMAGES_BUCKET"
UPLOADS_VARIABLE: Final = "INKLING_UPLOADS_BUCKET"
RESULTS_VARIABLE: Final = "INKLING_RESULTS_BUCKET"
RETENTION_VARIABLE: Final = "INKLING_RETENTION_DAYS"
UPLOAD_RETENTION_VARIABLE: Final = "INKLING_UPLOAD_RETENTION_DAYS"
START_VARIABLE: Final = "AWS_LAMBDA_INITIALIZATION_TYPE"
"""Lambda's own: `on-demand` where a request waits for the start, `snap-start` or
`provisioned-concurrency` where none does."""

_FUNCTIONS: Final = Path(__file__).parents[1]
_PAGES: Final = (_FUNCTIONS / "frontend", _FUNCTIONS.parent / "frontend")
"""Where the page is: in a Lambda package beside the code, in a checkout beside its folder."""

_SHA256: Final = re.compile("[0-9a-f]{64}")
_DAYS: Final = re.compile("[0-9]{1,4}")
_MAX_RETENTION_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class UploadBuckets:
    """Where images go that are too large for a request: two buckets of S3."""

    uploads: str
    results: str
    """What the predictor makes of them."""


@dataclass(frozen=True, slots=True)
class CloudStores:
    """Where the cloud keeps what was recognised."""

    table: str
    """Of DynamoDB, for the records."""
    bucket: str
    """Of S3, for the images."""
    uploads: UploadBuckets | None = None
    """Without them, no image may be larger than a request."""


@dataclass(frozen=True, slots=True)
class Settings:
    page: Path
    """The page's folder, with an index.html and a folder of examples in it."""
    api_keys: frozenset[str] = frozenset()
    """The SHA-256 of each key that is valid, in lower-case hexadecimals."""
    stores: CloudStores | None = None
    """Without them nothing is kept, save by a server that has stores of its own."""
    retention: timedelta = RETENTION
    """Whole days, 1 or more, after which what was kept is gone."""
    upload_retention: timedelta = RETENTION
    """Likewise, for an image in the bucket of uploads: so old it may be when it's read."""
    starts_ahead: bool = False
    """Whether the function starts before there is a request to wait for it."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings. A variable that is empty counts as one that isn't there.

    Raises:
        SettingsError: one can't be used; the message names its variable.
    """
    return Settings(
        page=_find_page(environment.get(PAGE_VARIABLE)),
        api_keys=_read_api_keys(environment.get(API_KEYS_VARIABLE, "")),
        stores=_read_stores(environment),
        retention=_read_days(environment, RETENTION_VARIABLE),
        upload_retention=_read_days(environment, UPLOAD_RETENTION_VARIABLE),
        starts_ahead=(environment.get(START_VARIABLE) or "on-demand") != "on-demand",
    )


def _find_page(named: str | None) -> Path:
    candidates = (Path(named),) if named else _PAGES
    for page in candidates:
        if (page / "index.html").is_file() and (page / "examples").is_dir():
            return page
    places = " or ".join(str(page) for page in candidates)
    raise SettingsError(f"{PAGE_VARIABLE}: there is no page (index.html and examples) in {places}.")


def _read_api_keys(text: str) -> frozenset[str]:
    digests = frozenset(part for each in text.split(",") if (part := each.strip().lower()))
    if not all(map(_SHA256.fullmatch, digests)):
        # Said without the value: someone may have put the key itself there.
        raise SettingsError(
            f"{API_KEYS_VARIABLE} is not a SHA-256 in hexadecimals, or several with commas."
        )
    return digests


def _read_stores(environment: Mapping[str, str]) -> CloudStores | None:
    stores = _read_pair(environment, RECORDS_VARIABLE, IMAGES_VARIABLE)
    uploads = _read_pair(environment, UPLOADS_VARIABLE, RESULTS_VARIABLE)
    if stores is None:
        if uploads is not None:
            raise _missing(RECORDS_VARIABLE, UPLOADS_VARIABLE)
        return None
    return CloudStores(*stores, uploads=uploads and UploadBuckets(*uploads))


def _read_pair(environment: Mapping[str, str], first: str, second: str) -> tuple[str, str] | None:
    """Two settings, or neither. Raises SettingsError for one alone."""
    one, other = environment.get(first), environment.get(second)
    if one and other:
        return one, other
    if one or other:
        raise _missing(second, first) if one else _missing(first, second)
    return None


def _missing(variable: str, named: str) -> SettingsError:
    return SettingsError(f"{variable} is missing: {named} is of no use without it.")


def _read_days(environment: Mapping[str, str], variable: str) -> timedelta:
    text = environment.get(variable)
    if not text:
        return RETENTION
    if _DAYS.fullmatch(text) and 1 <= int(text) <= _MAX_RETENTION_DAYS:
        return timedelta(days=int(text))
    raise SettingsError(f"{variable} is not a number of days from 1 to {_MAX_RETENTION_DAYS}.")
