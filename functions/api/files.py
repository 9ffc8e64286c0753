"""Files over HTTP: with an ETag, so that a browser asks again and is told that nothing changed."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

_CACHING: Final = "no-cache"
"""Keep, but ask before use: the names of the files hold no version."""


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
        response = FileResponse(full_path, status_code=status_code, stat_result=stat_result)
        # Starlette's own ETag is made of size and time. A package's files all have the same time,
        # so that a new release of the same size would pass for the old one.
        stamp = (stat_result.st_mtime_ns, stat_result.st_size)
        response.headers["ETag"] = _hash_file(os.fspath(full_path), stamp)
        del response.headers["Last-Modified"]
        response.headers["Cache-Control"] = _CACHING
        if self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response


@lru_cache(maxsize=256)
def _hash_file(path: str, stamp: tuple[int, int]) -> str:
    """An ETag of a file's content, read once for as long as its stamp stays."""
    return f'"{hashlib.sha256(Path(path).read_bytes()).hexdigest()[:32]}"'


def add_file(app: FastAPI, url: str, file: Path) -> None:
    """Serve one file at one address."""
    folder = StaticFolder(file.parent)

    async def serve_file(request: Request) -> Response:
        return await folder.get_response(file.name, request.scope)

    app.add_route(url, serve_file, methods=["GET"], include_in_schema=False)
