"""The tools from npm, which check the page and are no part of it."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

PROJECT: Final = Path(__file__).parents[1]
LIST: Final = "package-lock.json"

NPM: Final = """#!/bin/sh
test "$*" = "ci --silent" || exit 2
rm -rf node_modules
mkdir node_modules
grep -q good package-lock.json
"""
"""npm's part in an installation: it starts afresh, and may fail."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the installer and a list."""
    (tmp_path / "requirements").mkdir()
    script = (PROJECT / "requirements/install-node.sh").read_text()
    (tmp_path / "requirements/install-node.sh").write_text(script)
    (tmp_path / LIST).write_text("good")
    (tmp_path / "bin").mkdir()
    npm = tmp_path / "bin/npm"
    npm.write_text(NPM)
    npm.chmod(0o755)
    return tmp_path


def install(checkout: Path) -> subprocess.CompletedProcess[str]:
    # Of the machine's own programs only those that the script calls: it may have npm as well.
    for name in ("sh", "cmp", "cp", "dirname", "grep", "mkdir", "rm"):
        link = checkout / "bin" / name
        if not link.exists():
            link.symlink_to(
                next(p for p in (Path("/bin") / name, Path("/usr/bin") / name) if p.exists())
            )
    return subprocess.run(
        [checkout / "bin/sh", checkout / "requirements/install-node.sh"],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_tools_are_installed_once_and_again_when_their_list_changes(checkout: Path) -> None:
    assert "Installing" in install(checkout).stdout
    again = install(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    (checkout / LIST).write_text("good, and newer")
    assert "Installing" in install(checkout).stdout


def test_failed_installation_counts_for_nothing(checkout: Path) -> None:
    (checkout / LIST).write_text("damaged")
    for _ in range(2):
        failed = install(checkout)
        assert failed.returncode == 1
        assert failed.stderr.strip() == f"{LIST} could not be installed into node_modules."


def test_who_has_no_npm_is_told_what_to_install(checkout: Path) -> None:
    (checkout / "bin/npm").unlink()
    failed = install(checkout)
    assert failed.returncode == 1
    assert "apt-get install nodejs npm" in failed.stderr


def test_list_pins_each_package_with_a_hash_and_names_no_index() -> None:
    listed: dict[str, Any] = json.loads((PROJECT / LIST).read_text())["packages"]
    root = listed.pop("")
    asked = json.loads((PROJECT / "package.json").read_text())
    assert root["devDependencies"] == asked["devDependencies"]
    assert "dependencies" not in asked
    for name, version in asked["devDependencies"].items():
        assert listed[f"node_modules/{name}"]["version"] == version, "run npm install"
    for name, package in listed.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_every_script_of_the_page_has_its_types_checked() -> None:
    scripts = sorted((PROJECT / "frontend").rglob("*.js"))
    assert len(scripts) >= 10
    assert [
        path.name for path in scripts if not re.match(r"// @ts-check\n", path.read_text())
    ] == []
