"""`/examples/` and `/static/test_digits/`: digits to try without drawing one."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request

from api import schemas
from api.files import StaticFolder
from api.problem_examples import document_problems

IMAGES_URL: Final = "/static/test_digits"


def add_examples(app: FastAPI, folder: Path) -> None:
    """Serve a folder of JPEGs whose names begin with their digit."""
    files = sorted(folder.glob("[0-9]*.jpg"))

    @app.get("/examples", include_in_schema=False)
    @app.get(
        "/examples/",
        tags=["examples"],
        summary="List images of digits to try",
        responses=document_problems(),
    )
    async def list_examples(request: Request) -> schemas.Examples:
        images_url = request.scope.get("root_path", "") + IMAGES_URL
        return schemas.Examples(
            examples=[
                schemas.Example(
                    name=file.stem, url=f"{images_url}/{file.name}", digit=int(file.stem[0])
                )
                for file in files
            ]
        )

    app.mount(IMAGES_URL, StaticFolder(folder))
