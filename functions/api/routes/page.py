"""`/` and what belongs to it: the page's files, each under its own name."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from api.files import StaticFolder, add_content, add_file
from api.shell import SHELL_LIST, list_shell

INDEX: Final = "index.html"


def add_page(app: FastAPI, folder: Path) -> None:
    """Serve a folder: its index at `/`, its files and folders beside it, as any web server would.

    One route for each, and none for all: a route for all would answer for addresses that are not
    the page's, and hide that a method is wrong there.
    """
    add_file(app, "/", folder / INDEX)
    # Made anew each time: who edits the page sees what they did.
    add_content(app, f"/{SHELL_LIST}", "application/json", lambda: list_shell(folder))
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            app.mount(f"/{entry.name}", StaticFolder(entry))
        else:
            add_file(app, f"/{entry.name}", entry)
