"""`list_page_files`: the page as the bucket holds it, with the headers that each file is sent with.

No file's name has a version in it. So a browser asks each time for what must be of one version,
page, styles and scripts; the edge keeps them until it is told that they changed. One file more is
made of all the others: the list by which the service worker keeps them.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deployment.errors import DeploymentError
from deployment.lean import shrink

FRONTEND: Final = Path(__file__).parents[1] / "frontend"
INDEX: Final = "index.html"

ALWAYS_ASK: Final = "public, max-age=0, s-maxage=31536000, must-revalidate"
A_DAY: Final = "public, max-age=86400, s-maxage=31536000, stale-while-revalidate=604800"

KINDS: Final = {
    ".html": ("text/html; charset=utf-8", ALWAYS_ASK),
    ".css": ("text/css; charset=utf-8", ALWAYS_ASK),
    ".js": ("text/javascript; charset=utf-8", ALWAYS_ASK),
    ".webmanifest": ("application/manifest+json", ALWAYS_ASK),
    ".svg": ("image/svg+xml", A_DAY),
    ".jpg": ("image/jpeg", A_DAY),
    ".png": ("image/png", A_DAY),
}
"""A file's ending to its type and its caching. Written out: Python's own table of types depends on
the machine, and a script of the wrong type is not run under nosniff."""

ALSO_AT: Final = {"examples/": "static/test_digits/"}
"""Folders that have a second address: the examples' own, as the API's contract has it."""

SHELL_LIST: Final = "shell.json"
SHELL_KINDS: Final = frozenset({".html", ".css", ".js", ".svg", ".webmanifest"})
WORKER: Final = "sw.js"
SHELL_DIGITS: Final = 32
"""As the API makes the list: functions/api/shell.py."""


@dataclass(frozen=True, slots=True)
class PageFile:
    key: str
    content: bytes
    media_type: str
    caching: str

    @property
    def etag(self) -> str:
        """What S3 makes of such content: the MD5 of what is sent in one piece."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


def list_page_files(folder: Path = FRONTEND, *, edge: bool = True) -> list[PageFile]:
    """Every file of the page, the index last.

    Args:
        edge: whether the edge sends them, from the bucket. Without it the API does, from its own
            package, and with their comments.

    Raises:
        DeploymentError: a file is of no kind that the page has.
    """
    files = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or any(part.startswith(".") for part in parts):
            continue
        if path.suffix not in KINDS:
            raise DeploymentError(f"{path} is of no kind that the page has: see KINDS in page.py.")
        key = "/".join(parts)
        second = [key.replace(a, b, 1) for a, b in ALSO_AT.items() if key.startswith(a)]
        content = path.read_bytes()
        if edge:
            content = shrink(content, path.suffix)
        files += [PageFile(name, content, *KINDS[path.suffix]) for name in [key, *second]]
    if not any(file.key == INDEX for file in files):
        raise DeploymentError(f"{folder} has no {INDEX}.")
    files.append(PageFile(SHELL_LIST, list_shell(files), "application/json", ALWAYS_ASK))
    return sorted(files, key=lambda file: (file.key == INDEX, file.key))


def list_shell(files: Sequence[PageFile]) -> bytes:
    """The list of what the page opens with: a JSON object, from paths to hashes."""
    hashes = {
        file.key: hashlib.sha256(file.content).hexdigest()[:SHELL_DIGITS]
        for file in sorted(files, key=lambda file: Path(file.key))
        if Path(file.key).suffix in SHELL_KINDS and file.key != WORKER
    }
    return json.dumps(hashes, separators=(",", ":")).encode()
