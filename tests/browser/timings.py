"""How long the page takes, as a table: `PYTHONPATH=.:functions python -m tests.browser.timings`.

Each figure is the median of several visits in real Chromium, to a local server of its own. Needs a
machine that has nothing else to do.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, LocalServer, find_chromium, find_free_port
from tests.browser.hand import write_digit

VISITS: Final = 7
PATIENCE: Final = 60_000

WATCH: Final = """
  window.largest = 0;
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) largest = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
"""

READ: Final = """() => {
  const [{ loadEventEnd }] = performance.getEntriesByType("navigation");
  const [{ startTime }] = performance.getEntriesByName("first-contentful-paint");
  return { "first paint": startTime, "largest paint": largest,
           "page and scripts ready": loadEventEnd };
}"""

ANSWER: Final = """() => new Promise((resolve) => {
  let lifted = 0;
  addEventListener("pointerup", ({ timeStamp }) => { lifted = timeStamp; }, { capture: true });
  const figure = document.querySelector('[data-part="numeral"]');
  new MutationObserver(() => {
    if (figure.textContent !== "7") return;
    requestAnimationFrame(() => resolve(performance.now() - lifted));
  }).observe(figure, { childList: true, characterData: true, subtree: true });
  window.isWatched = true;
})"""


@dataclass(frozen=True, slots=True)
class Profile:
    """A device and its network."""

    name: str
    options: dict[str, Any]
    slowness: int = 1
    """How many times slower than this machine's processor."""
    latency: int = 0
    """Milliseconds."""
    kilobits: int = 0
    """Per second, down; 0 for no limit."""


PROFILES: Final = (
    Profile("laptop", {"viewport": {"width": 1280, "height": 800}}),
    # Lighthouse's: "slow 4G", and a phone of the middle.
    Profile(
        "phone, slow 4G",
        {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
        slowness=4,
        latency=150,
        kilobits=1638,
    ),
)


def throttle(page: Page, profile: Profile) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": profile.slowness})
    if profile.kilobits:
        rate = profile.kilobits * 1024 / 8
        devtools.send("Network.enable")
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                **{"offline": False, "latency": profile.latency},
                **{"downloadThroughput": rate, "uploadThroughput": rate * 0.45},
            },
        )


def measure_visit(page: Page, address: str) -> dict[str, float]:
    """Milliseconds, and bytes on the wire."""
    sizes: list[int] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found: dict[str, float] = page.evaluate(READ)
    return {**found, "kilobytes": sum(sizes) / 1000}


def measure_answer(page: Page) -> float:
    """Milliseconds from the pen's lifting to the figure on the screen."""
    page.evaluate(f"window.answered = ({ANSWER})()" + ", undefined")
    write_digit(page, 7)
    milliseconds: float = page.evaluate("window.answered")
    return milliseconds


def visit(context: BrowserContext, address: str, profile: Profile) -> dict[str, float]:
    """A first visit, an answer, and the next visit, by which the page is kept."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH)
    throttle(page, profile)
    first = measure_visit(page, address)
    answer = measure_answer(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.close()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH)
    throttle(page, profile)
    again = measure_visit(page, address)
    return {
        **first,
        "pen lifted to answer": answer,
        "next visit, first paint": again["first paint"],
        "next visit, ready": again["page and scripts ready"],
    }


def measure(browser: Browser, address: str, profile: Profile) -> dict[str, float]:
    """The medians of several visits, each of a browser that knows nothing yet."""
    visits = []
    for _ in range(VISITS):
        context = browser.new_context(**profile.options)
        visits.append(visit(context, address, profile))
        context.close()
    return {name: statistics.median(each[name] for each in visits) for name in visits[0]}


def format_table(columns: dict[str, dict[str, float]]) -> str:
    """In Markdown, a row for each figure."""
    names = list(next(iter(columns.values())))
    lines = [f"| | {' | '.join(columns)} |", f"| --- |{' ---: |' * len(columns)}"]
    for name in names:
        unit: Callable[[float], str] = format_size if name == "kilobytes" else format_time
        label = "on the wire" if name == "kilobytes" else name
        lines.append(f"| {label} | {' | '.join(unit(each[name]) for each in columns.values())} |")
    return "\n".join(lines)


def format_size(kilobytes: float) -> str:
    return f"{kilobytes:.1f} KB"


def format_time(milliseconds: float) -> str:
    return f"{milliseconds:,.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the page in Chromium.")
    parser.add_argument("--address", help="of a page; without it, a local server is started")
    address: str | None = parser.parse_args().address
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        server = LocalServer(Path(folder) / "data", find_free_port())
        if address is None:
            server.start()
        columns = {
            profile.name: measure(browser, address or server.url, profile) for profile in PROFILES
        }
        server.stop()
        browser.close()
    print(format_table(columns))


if __name__ == "__main__":
    main()
