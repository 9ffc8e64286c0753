"""`ApiKeys`: who may list everything, and whose labels are trusted."""

import hashlib
import hmac
from typing import Final

from api.errors import ApiKeyRequired

HEADER: Final = "X-API-Key"


class ApiKeys:
    """The valid keys. They're not known here, only their digests: who reads those has no key."""

    def __init__(self, digests: frozenset[str] = frozenset()) -> None:
        """
        Args:
            digests: SHA-256 of each key, in hex. Without any, no key is valid.
        """
        self._digests = digests

    def require(self, key: str | None) -> None:
        """Raises ApiKeyRequired unless the key is valid."""
        if not self._has(key or ""):
            raise ApiKeyRequired(f"This needs a valid API key, in the header {HEADER}.")

    def trusts(self, key: str | None) -> bool:
        """Whether a key was given. Raises ApiKeyRequired if it isn't valid."""
        if key is None:
            return False
        self.require(key)
        return True

    def _has(self, key: str) -> bool:
        digest = hash_key(key)
        found = False
        for valid in self._digests:  # all of them: the time must not tell which one was near
            found |= hmac.compare_digest(digest, valid)
        return found


def hash_key(key: str) -> str:
    """The digest by which a key is known: SHA-256, in hex.

    A plain hash is enough for what is random to begin with; it would not be for a password.
    """
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
