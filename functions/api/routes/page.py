"""`/` and what belongs to it: the page's files, each under its own name."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from api.files import StaticFolder, add_file

INDEX: Final = "index.html"


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve a folder: its index at `/`, its files and folders beside it, as any web server would.

    One route for each, and none for all: a route for all would answer for addresses that are not
    the page's, and hide that a method is wrong there.
    """
    add_file(app, "/", folder / INDEX)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            app.mount(f"/{entry.name}", StaticFolder(entry))
        else:
            add_file(app, f"/{entry.name}", entry)
