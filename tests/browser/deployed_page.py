"""`DeployedPage`: a page of which a test deploys one version after another, or half of one."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import anyio
from playwright.sync_api import Page, expect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app
from recognition.recognizer import Recognizer
from tests.api.conftest import PAGE
from tests.serving import serve_application

MARKS: Final = {
    "index.html": '<meta name="version" content="{}">',
    "styles.css": ":root {{ --version: {}; }}",
    "styles/answer.css": ":root {{ --answer: {}; }}",
    "js/main.js": 'document.documentElement.dataset.main = "{}";',
    "js/ink.js": 'document.documentElement.dataset.ink = "{}";',
    "js/strings/fr.js": 'document.documentElement.dataset.french = "{}";',
}
"""What each of these files says of its version, once it's loaded."""

READ_MARKS: Final = """() => {
  const root = document.documentElement;
  const style = getComputedStyle(root);
  return [
    document.querySelector('meta[name="version"]').content,
    style.getPropertyValue("--version").trim(),
    style.getPropertyValue("--answer").trim(),
    root.dataset.main,
    root.dataset.ink,
    ...(root.dataset.french ? [root.dataset.french] : []),
  ];
}"""


ANY: Final = re.compile(".+")


def read_versions(page: Page) -> set[str]:
    """The versions of the files that a page was put together from."""
    expect(page.locator("html")).to_have_attribute("data-main", ANY)
    return set(page.evaluate(READ_MARKS))


class DeployedPage:
    """An ASGI application: the API, with a page that changes below its feet."""

    def __init__(self, folder: Path, recognizer: Recognizer, stage: str = "") -> None:
        self._folder = folder
        self._stage = stage
        self.broken: set[str] = set()
        """Paths that are answered with 500."""
        self.missing: set[str] = set()
        """Likewise with 404."""
        self.fixed: dict[str, bytes] = {}
        """Likewise with what the edge still has."""
        self.delay = 0.0
        """Seconds, before each answer."""
        self.headers: dict[str, str] = {}
        """In place of the page's own."""
        self.asked: list[str] = []
        """Paths, as often as each was asked for."""
        self.deploy("1")
        self._app: ASGIApp = create_app(recognizer, page=folder)

    def deploy(self, version: str, *names: str) -> None:
        """Put a version in the place of what is there: all of it, or only some of its files."""
        for source in sorted(PAGE.rglob("*")):
            name = source.relative_to(PAGE).as_posix()
            if not source.is_file() or (names and name not in names):
                continue
            target = self._folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            if name in MARKS:
                with target.open("a") as file:
                    file.write(f"\n{MARKS[name].format(version)}\n")

    def put(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text)

    def change(self, name: str, added: str) -> None:
        with (self._folder / name).open("a") as file:
            file.write(added)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await anyio.sleep(self.delay)
        path = scope["path"].removeprefix(self._stage)
        self.asked.append(path)
        if not scope["path"].startswith(self._stage) or path in self.broken | self.missing:
            status = 500 if path in self.broken else 404
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if path in self.fixed:
            await Response(self.fixed[path])(scope, receive, send)
            return

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start" and path == "/":
                changed = {name.encode(): value.encode() for name, value in self.headers.items()}
                kept = [each for each in message["headers"] if each[0] not in changed]
                message["headers"] = [*kept, *changed.items()]
            await send(message)

        await self._app({**scope, "root_path": self._stage}, receive, send_changed)

    @contextmanager
    def online(self) -> Iterator[str]:
        """Be reachable. Yields the page's address."""
        with serve_application(self) as origin:
            yield f"{origin}{self._stage}/"
