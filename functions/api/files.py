"""Files over HTTP: with an ETag, so that a browser asks again and is told that nothing changed.

They are small, and sent whole: who asks for a range gets everything, as HTTP allows.
"""

import hashlib
import mimetypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_CACHING: Final = "no-cache"
"""Keep, but ask before use: the names of the files hold no version."""

_TYPES: Final = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
"""What Python's own table lacks, or has otherwise on some machine."""


class StaticFolder(StaticFiles):
    """A folder's files. Raises RuntimeError at once if there is no such folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        stamp = (stat_result.st_mtime_ns, stat_result.st_size)
        return _answer(_read_file(os.fspath(full_path), stamp), scope, status_code)


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    etag: str
    media_type: str


@lru_cache(maxsize=256)
def _read_file(path: str, stamp: tuple[int, int]) -> _File:
    """A file, read once for as long as its stamp stays."""
    return _make_file(Path(path).read_bytes(), find_type(path))


def _make_file(content: bytes, media_type: str) -> _File:
    return _File(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"', media_type)


def find_type(path: str) -> str:
    """A file's media type by its name."""
    suffix = Path(path).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _answer(file: _File, scope: Scope, status_code: int = 200) -> Response:
    response = Response(
        b"" if scope["method"] == "HEAD" else file.content,
        status_code,
        media_type=file.media_type,
        headers={
            "Content-Length": str(len(file.content)),
            # Of the content alone, and no Last-Modified beside it. A package's files all have
            # the same time, so that a new release would pass for the old one.
            "ETag": file.etag,
            "Cache-Control": _CACHING,
        },
    )
    asked = Headers(scope=scope).get("if-none-match", "")
    if file.etag in [tag.strip(" W/") for tag in asked.split(",")]:
        return NotModifiedResponse(response.headers)
    return response


def add_file(app: FastAPI, url: str, file: Path) -> None:
    """Serve one file at one address."""
    folder = StaticFolder(file.parent)

    async def serve_file(request: Request) -> Response:
        return await folder.get_response(file.name, request.scope)

    app.add_route(url, serve_file, methods=["GET"], include_in_schema=False)


def add_content(app: FastAPI, url: str, media_type: str, make: Callable[[], bytes]) -> None:
    """Serve at one address what is made anew for each request, by the rules of a file."""

    async def serve_content(request: Request) -> Response:
        return _answer(_make_file(make(), media_type), request.scope)

    app.add_route(url, serve_content, methods=["GET"], include_in_schema=False)
