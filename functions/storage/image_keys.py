"""`require_key`: which keys an image may have, the same in every store."""

import re
from typing import Final

from storage.errors import InvalidKey

_KEY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""No segment begins with a point, so that none is `..`, and none a folder of the store's own."""
_MAX_KEY: Final = 200


def require_key(key: str) -> None:
    """Raises InvalidKey for what could lead out of a store, or differ from store to store."""
    if len(key) > _MAX_KEY or _KEY.fullmatch(key) is None:
        raise InvalidKey("An image's key has a form that no store takes.")
