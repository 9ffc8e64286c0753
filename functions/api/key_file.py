"""`find_api_key`: a laptop's own API key, in a file that only its owner may read."""

import os
import secrets
from pathlib import Path
from typing import Final

from api.errors import SettingsError

_BYTES: Final = 32
"""Of a new key, at random: too many to guess."""
_MAX_LENGTH: Final = 1000


def find_api_key(path: Path) -> tuple[str, bool]:
    """Read the key in a file, or make both.

    Returns:
        The key, and whether it's new.

    Raises:
        SettingsError: the file can't be read or written, or holds no key.
    """
    try:
        is_new = not path.exists() or path.stat().st_size == 0
        if is_new:
            _write_key(path, secrets.token_urlsafe(_BYTES))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise SettingsError(f"{path} can't be used: {reason}.") from error
    if not key.isprintable() or not 0 < len(key) <= _MAX_LENGTH:
        raise SettingsError(f"{path} holds no API key. Without the file, a new key is made.")
    return key, is_new


def _write_key(path: Path, key: str) -> None:
    """All of it or nothing, however the process ends; of two at once, one wins."""
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key}\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
