"""`/docs`: the API's documentation, with nothing from another server and no inline script.

Swagger UI comes from the package `fastapi-offline`; the page that starts it is ours, because
FastAPI's own has its script inline and its addresses absolute.
"""

from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.files import add_file

DOCS_URL: Final = "/docs"
_PAGE: Final = Path(__file__).parents[1] / "docs"


def add_docs(app: FastAPI) -> None:
    add_file(app, DOCS_URL, _PAGE / "index.html")
    app.add_route(f"{DOCS_URL}/", _redirect, methods=["GET"], include_in_schema=False)
    add_file(app, f"{DOCS_URL}/start.js", _PAGE / "start.js")
    swagger = _swagger_folder()
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        add_file(app, f"{DOCS_URL}/{name}", swagger / name)


async def _redirect(request: Request) -> Response:
    """To the address without the slash, which is what the page's own are relative to."""
    return RedirectResponse(f"..{DOCS_URL}", HTTPStatus.PERMANENT_REDIRECT)


def _swagger_folder() -> Path:
    # The package itself is not imported: it imports all of FastAPI's own documentation.
    package = find_spec("fastapi_offline")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fastapi-offline is not installed", name="fastapi_offline")
    return Path(package.origin).parent / "static"
