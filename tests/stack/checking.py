"""checkov, on templates as CloudFormation is given them; offline."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.stack.conftest import PROJECT

PYTHON: Final = PROJECT / ".venv-checkov/bin/python"
OFFLINE: Final = PROJECT / "tests/stack/offline"
"""Has Python refuse whatever is not of this machine, before the program begins."""

Finding = tuple[str, str]
"""A resource's name and a check's: `("Images", "CKV_AWS_21")`."""


def find_faults(folder: Path, *templates: dict[str, Any]) -> set[Finding]:
    """What checkov finds in any of these, whatever they say is to be skipped."""
    if not PYTHON.exists():
        pytest.skip("checkov is missing: make test puts it into .venv-checkov")
    paths = []
    for number, template in enumerate(templates):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(without_skips(template)))
        paths.append(str(path))
    command = [
        *(str(PYTHON), "-m", "checkov.main", "--framework", "cloudformation"),
        *("--compact", "--quiet", "--skip-download", "--output", "json", "--file", *paths),
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(OFFLINE),
        "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE",
    }
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "a connection to" not in result.stderr, result.stderr
    assert result.returncode in {0, 1}, result.stderr
    report = json.loads(result.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] >= sum(len(each["Resources"]) for each in templates)
    return {
        (each["resource"].rpartition(".")[2], each["check_id"])
        for each in report["results"]["failed_checks"]
    }


def read_skips(template: dict[str, Any]) -> dict[Finding, str]:
    """What a template says is to be skipped, and why."""
    return {
        (name, skip["id"]): skip["comment"]
        for name, resource in template["Resources"].items()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    }


def without_skips(template: dict[str, Any]) -> dict[str, Any]:
    resources = {
        name: {key: value for key, value in resource.items() if key != "Metadata"}
        for name, resource in template["Resources"].items()
    }
    return {**template, "Resources": resources}
