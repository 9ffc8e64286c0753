"""Files over HTTP: with an ETag, so that a browser asks again and is told that nothing changed."""

import os
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
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
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = _CACHING
        return response


def add_file(app: FastAPI, url: str, file: Path) -> None:
    """Serve one file at one address."""
    folder = StaticFolder(file.parent)

    async def serve_file(request: Request) -> Response:
        return await folder.get_response(file.name, request.scope)

    app.add_route(url, serve_file, methods=["GET"], include_in_schema=False)
