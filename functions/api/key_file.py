"""`find_api_key`: a laptop's own API key, in a file that only its owner may read."""

import os
import secrets
from contextlib import suppress
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
            is_new = _write_key(path, secrets.token_urlsafe(_BYTES))
        _take_from_others(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise SettingsError(f"{path} can't be used: {reason}.") from error
    if not key.isprintable() or not 0 < len(key) <= _MAX_LENGTH:
        raise SettingsError(f"{path} holds no API key. Without the file, a new key is made.")
    return key, is_new


def _write_key(path: Path, key: str) -> bool:
    """All of it or nothing, however the process ends.

    Returns whether it's there: of two at once, the first one's is.
    """
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # unlike a renaming, it replaces nothing
        except FileExistsError:
            if path.stat().st_size > 0:
                return False
            unfinished.replace(path)
        except OSError:  # there are file systems without a second name for a file
            unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def _take_from_others(path: Path) -> None:
    """Let nobody but its owner read a file; who isn't its owner can't."""
    with suppress(PermissionError):
        if path.is_file() and path.stat().st_mode & 0o077:
            path.chmod(0o600)
