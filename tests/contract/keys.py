"""The API key that every transport takes."""

import hashlib
from typing import Final

KEY: Final = "a key for the contract's tests"
DIGEST: Final = hashlib.sha256(KEY.encode()).hexdigest()
