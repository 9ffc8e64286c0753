"""`Service`: a running API, asked for what people labelled."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final

from model_export.errors import DataError
from recognition.classifier import DIGITS
from recognition.limits import MAX_UPLOADED_BYTES

_TIMEOUT_SECONDS: Final = 20
_PAGE: Final = 100
"""Records in a page; as many as the API gives."""
_MAX_JSON: Final = 1 << 23
_ATTEMPTS: Final = 5
_MAX_WAIT_SECONDS: Final = 60
_BUSY: Final = {429, 502, 503, 504}
"""Statuses that another attempt may do without."""
_NO_IMAGE: Final = {404: "removed meanwhile", 413: "too large to be fetched"}
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """A recognition that somebody labelled, as the API tells of it."""

    id: str
    digit: int
    """What it is: 0 to 9."""
    trusted: bool
    """Whether the label came with an API key."""
    labelled_at: datetime
    read: int | None
    """What it was read as; None where no digit was."""
    model: str
    """The version of the model that read it."""


class Service:
    """An API, and the key to its records."""

    def __init__(self, url: str, key: str) -> None:
        """
        Args:
            url: as a browser shows it, a stage's prefix included.

        Raises:
            DataError: it is no http or https address, or the key is no key.
        """
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise DataError(f"{url!r} is not an address that begins with http:// or https://.")
        if not key.isascii() or not key.isprintable():
            raise DataError("An API key has printable ASCII characters alone.")
        self._url = f"{url.rstrip('/')}/api/recognitions"
        self._key = key
        self._opener = urllib.request.build_opener(_NoRedirect)

    def list_labelled(self) -> Iterator[LabelledRecord]:
        """Every record with a label, newest first. Raises DataError."""
        after: str | None = None
        while True:
            page = self._fetch_page(after)
            try:
                records = [_parse_record(each) for each in page["recognitions"] if each["label"]]
                following = page["next"]
            except (KeyError, TypeError, ValueError) as error:
                raise DataError(f"{self._url} does not answer as Inkling's API does.") from error
            yield from records
            if following is None:
                return
            if not isinstance(following, str) or following == after:
                raise DataError(f"{self._url} gives no end of pages.")
            after = following

    def fetch_image(self, record: LabelledRecord) -> bytes | str:
        """A record's image as it was kept, or why it can't be had. Raises DataError."""
        try:
            # The first type decides whether API Gateway sends bytes or base64.
            return self._fetch(f"/{record.id}/image", accept="image/png", limit=MAX_UPLOADED_BYTES)
        except urllib.error.HTTPError as error:
            if error.code in _NO_IMAGE:
                return _NO_IMAGE[error.code]
            raise self._failure(error) from error

    def _fetch_page(self, after: str | None) -> Any:
        query = {"labelled": "true", "limit": str(_PAGE), **({"after": after} if after else {})}
        try:
            data = self._fetch(
                f"?{urllib.parse.urlencode(query)}", accept="application/json", limit=_MAX_JSON
            )
            return json.loads(data)
        except urllib.error.HTTPError as error:
            raise self._failure(error) from error
        except (ValueError, RecursionError) as error:
            raise DataError(f"{self._url} does not answer as Inkling's API does.") from error

    def _fetch(self, path: str, *, accept: str, limit: int) -> bytes:
        """Raises HTTPError for a status that another attempt won't change, else DataError."""
        request = urllib.request.Request(  # noqa: S310 - http or https, as made sure of above
            self._url + path, headers={"X-API-Key": self._key, "Accept": accept}
        )
        for attempt in range(1, _ATTEMPTS + 1):
            wait = float(2 ** (attempt - 1))
            try:
                with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as response:
                    data: bytes = response.read(limit + 1)
                if len(data) > limit:
                    raise DataError(f"{self._url} answers with more than {limit:,} bytes.")
                return data
            except urllib.error.HTTPError as error:
                if error.code not in _BUSY or attempt == _ATTEMPTS:
                    raise
                wait = _read_wait(error) or wait
            except (OSError, HTTPException) as error:
                if attempt == _ATTEMPTS:
                    raise DataError(f"{self._url} can't be reached: {error}.") from error
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _failure(self, error: urllib.error.HTTPError) -> DataError:
        if error.code == 401:
            return DataError("The API does not know the key.")
        return DataError(f"{self._url} answers {error.code} {error.reason}.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no one: the key is for the address that was given."""

    def redirect_request(  # noqa: PLR0917 - urllib's own
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _read_wait(error: urllib.error.HTTPError) -> float | None:
    """The seconds that a busy service asks for, as far as that is to be borne."""
    asked = error.headers.get("Retry-After", "")
    return min(float(asked), _MAX_WAIT_SECONDS) if asked.isdecimal() else None


def _parse_record(content: Any) -> LabelledRecord:
    """Raises KeyError, TypeError or ValueError for what is no record."""
    label = content["label"]
    labelled_at = datetime.fromisoformat(label["labelled_at"])
    if labelled_at.tzinfo is None:
        raise ValueError("a time without its zone")
    record = LabelledRecord(
        id=content["id"],
        digit=label["digit"],
        trusted=label["trusted"],
        labelled_at=labelled_at.astimezone(UTC),
        read=content["digit"],
        model=content["model"],
    )
    if not _ID.fullmatch(record.id) or not isinstance(record.trusted, bool):
        raise ValueError("no record")
    if type(record.digit) is not int or not 0 <= record.digit < DIGITS:
        raise ValueError("no digit")
    return record
