"""`/shell.json`: which files make up the page, and the hash of each.

The page's service worker keeps them by it, and so never the files of two versions together. Their
names hold no version.
"""

import hashlib
import json
from pathlib import Path
from typing import Final

SHELL_LIST: Final = "shell.json"

_KINDS: Final = frozenset({".html", ".css", ".js", ".svg", ".webmanifest"})
"""What the page opens with. Its icons are the system's to keep, its examples the API's to list."""
_WORKER: Final = "sw.js"
"""The browser itself looks for a new one."""
_DIGITS: Final = 32
"""Of each SHA-256, in hexadecimals."""


def list_shell(folder: Path) -> bytes:
    """The list of a page's folder as it is now: a JSON object, from paths to hashes."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix not in _KINDS or any(part.startswith(".") for part in name.parts):
            continue
        if str(name) != _WORKER:
            hashes[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]
    return json.dumps(hashes, separators=(",", ":")).encode()
