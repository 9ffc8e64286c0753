"""A real Chromium, and the local server that it visits."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT: Final = Path(__file__).parents[2]

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS: Final = 60
STOP_SECONDS: Final = 20
PATIENCE: Final = 30_000
"""Milliseconds for what should come at once: a busy machine may take them."""

WORKER_BLOCKED: Final = "Service Worker registration blocked by Playwright"
"""Its own words, on the page's console."""

COLLECT_VIOLATIONS: Final = """
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
"""


@dataclass
class LocalServer:
    """`functions/local_server.py` as a process, on a port of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = ["functions/local_server.py", "--port", str(self.port), "--data", str(self.data)]
        with (self.data.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                log_text = (self.data.parent / "server.log").read_text()
                self.stop()
                pytest.fail(f"The local server did not start:\n{log_text}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(STOP_SECONDS)
            self.process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}api/health", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False


@dataclass
class Watch:
    """What a page asked for and complained of."""

    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    failed_loads: list[str] = field(default_factory=list)
    """Chromium's own note of each answer that is not a success, and of each lack of one."""

    def note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        if message.text == WORKER_BLOCKED:
            return
        if message.text.startswith("Failed to load resource"):
            self.failed_loads.append(message.text)
        elif message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def note_error(self, error: Exception) -> None:
        self.complaints.append(f"uncaught: {error}")

    @property
    def strangers(self) -> list[str]:
        """The addresses outside the page's own origin."""
        return [url for url in self.requests if not self._is_own(url)]

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        if parts.scheme in ("blob", "data"):
            return True
        return f"{parts.scheme}://{parts.netloc}/" == self.origin


OpenPage = Callable[..., Page]


def find_chromium() -> str:
    """Where it is. Skips the test where it isn't."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.skip("No Chromium was found: install chromium, or name it in CHROMIUM.")
    return path


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # Of the package and not the session: while it is open, nothing else in this thread may run an
    # event loop.
    path = find_chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    yield from run_server(tmp_path_factory.mktemp("server"))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LocalServer]:
    """One that a test may stop."""
    yield from run_server(tmp_path)


def run_server(folder: Path) -> Iterator[LocalServer]:
    server = LocalServer(folder / "data", find_free_port())
    server.start()
    yield server
    server.stop()


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def watch(server: LocalServer) -> Watch:
    return Watch(server.url)


@pytest.fixture
def open_page(browser: Browser, server: LocalServer, watch: Watch) -> Iterator[OpenPage]:
    """Opens the page in a context with the given options; afterwards, makes sure that no page
    complained, broke its security policy or looked for anything elsewhere.

    Without a service worker, unless it's asked for by `service_workers="allow"`: what that asks
    for, no test sees or answers."""
    contexts = []
    usual = {"viewport": {"width": 1280, "height": 800}, "service_workers": "block"}

    def open_page(url: str | None = None, **options: Any) -> Page:
        context = browser.new_context(**{**usual, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(COLLECT_VIOLATIONS)
        page.on("request", watch.note_request)
        page.on("console", watch.note_message)
        page.on("pageerror", watch.note_error)
        watch.origin = url or server.url
        page.goto(watch.origin)
        return page

    yield open_page
    violations = [
        violation
        for context in contexts
        for page in context.pages
        for violation in page.evaluate("window.violations")
    ]
    for context in contexts:
        context.close()
    assert violations == []
    assert watch.complaints == []
    assert watch.strangers == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
