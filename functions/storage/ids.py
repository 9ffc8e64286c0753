"""Ids of records: UUIDs of version 7, which sort by time."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LONGEST_WAY: Final = timedelta(hours=1)
_CLOCK_SKEW: Final = timedelta(minutes=1)
_LAST_TIME: Final = "e677d21f-dbff"
"""The last millisecond of the year 9999, as an id begins with it: what `datetime` ends at."""


def new_id(now: datetime | None = None) -> str:
    """An id that can't be guessed and sorts by time: a UUID of version 7.

    RFC 9562, section 5.7: 48 bits of milliseconds since 1970, 4 bits of version, 12 random bits,
    2 bits of variant, 62 random bits.
    """
    return _write_version_7(now or datetime.now(UTC), secrets.randbits(12), secrets.randbits(62))


def derive_id(moment: datetime, *names: str) -> str:
    """The one id of whatever has these names: a UUID of version 7, the same each time.

    As `new_id`, with the first bits of SHA-256 over the names for random ones. It can be guessed by
    whoever can guess all of the names.
    """
    digest = sha256()
    for name in names:  # each with its length, so that no two lists of names are one text
        data = name.encode()
        digest.update(len(data).to_bytes(8) + data)
    bits = int.from_bytes(digest.digest())
    return _write_version_7(moment, bits >> 244, bits >> 182)


def lowest_id(moment: datetime) -> str:
    """What no id of this moment or a later one is below, and every id of an earlier one is."""
    return _write_version_7(moment, 0, 0)


def is_id(text: str) -> bool:
    """Tell whether a text has the form of `new_id`'s, and a time that `created_at` can tell."""
    return _ID.fullmatch(text) is not None and text[: len(_LAST_TIME)] <= _LAST_TIME


def is_new(record_id: str) -> bool:
    """Tell whether an id may have been made now, elsewhere: by a clock that is a minute fast, or an
    hour ago, for what has been on its way since.

    A record lives as long as its id says, and is listed once that time has come.
    """
    now = datetime.now(UTC)
    if not is_id(record_id):
        return False
    return now - _LONGEST_WAY <= created_at(record_id) <= now + _CLOCK_SKEW


def created_at(record_id: str) -> datetime:
    """When an id of `new_id` was made: in UTC, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=int(record_id.replace("-", "")[:12], 16))


def _write_version_7(moment: datetime, first: int, second: int) -> str:
    """Of `first` the last 12 bits are taken, of `second` the last 62."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    high = 0x7 << 12 | first & (1 << 12) - 1
    low = 0b10 << 62 | second & (1 << 62) - 1
    digits = f"{milliseconds:012x}{high:04x}{low:016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
