"""Lighthouse's marks, by its own profile of a phone on a slow network."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.browser.conftest import ROOT, LocalServer, find_chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIGHTHOUSE: Final = ROOT / "node_modules/lighthouse/cli/index.js"
ATTEMPTS: Final = 3
"""A busy machine takes its time from the page's: the best of these counts for the speed."""
PATIENCE: Final = 300
"""Seconds."""

MARKS: Final = {"performance": 95, "accessibility": 100, "best-practices": 100}
"""The least that the page has."""


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed, and Lighthouse runs on it.")
    if not LIGHTHOUSE.is_file():
        pytest.skip("Lighthouse is not installed: it comes with npm ci, which make test runs.")
    return {**os.environ, "CHROME_PATH": find_chromium()}


@pytest.fixture(params=["server", "edge_origin"], ids=["local server", "as it is deployed"])
def address(request: pytest.FixtureRequest) -> str:
    found = request.getfixturevalue(request.param)
    return found.url if isinstance(found, LocalServer) else f"{found}/"


def run_lighthouse(address: str, environment: dict[str, str], report: Path) -> dict[str, Any]:
    command = [
        *("node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={report}"),
        *(f"--only-categories={','.join(MARKS)}", "--no-enable-error-reporting"),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def list_faults(report: dict[str, Any], category: str) -> list[str]:
    """What costs a category marks."""
    audits = report["audits"]
    counted = [each["id"] for each in report["categories"][category]["auditRefs"] if each["weight"]]
    return [
        f"{name}: {audits[name]['title']} {audits[name].get('displayValue', '')}"
        for name in counted
        if audits[name]["score"] is not None and audits[name]["score"] < 1
    ]


def test_page_has_lighthouse_s_marks(
    address: str, environment: dict[str, str], tmp_path: Path
) -> None:
    best = 0
    for attempt in range(ATTEMPTS):
        report = run_lighthouse(address, environment, tmp_path / f"{attempt}.json")
        marks = {name: round(100 * report["categories"][name]["score"]) for name in MARKS}
        for name in ("accessibility", "best-practices"):
            assert marks[name] >= MARKS[name], list_faults(report, name)
        best = max(best, marks["performance"])
        if best >= MARKS["performance"]:
            return
    pytest.fail(f"performance {best}: {list_faults(report, 'performance')}")
