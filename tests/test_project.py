"""What the project promises of itself: its commands, and the lists of what it runs on."""

import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

PROJECT: Final = Path(__file__).parent.parent
LISTS: Final = sorted((PROJECT / "requirements").glob("*.txt"))

OF_THEIR_OWN: Final = {"stack", "package", "bench", "checkov", "load", "lock"}
"""Lists for environments that nothing else goes into."""

FLOORS: Final = {"pillow": "12.3.0", "starlette": "1.3.1", "python-multipart": "0.0.31"}
"""Earlier releases have known holes."""

NOT_FOR_SERVING: Final = {"tensorflow", "keras", "matplotlib"}


@dataclass(frozen=True, slots=True)
class Pin:
    name: str
    version: Version
    marker: str
    hashes: int


def read_pins(text: str) -> list[Pin]:
    """The pins of a list: `name[extras]==version ; marker`, and hashes on the lines that follow."""
    pins = []
    for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        line = re.sub(r"\n? +#.*", "", entry).strip()
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line.partition("--hash=")[0].strip())
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", f"not pinned: {requirement}"
        marker = str(requirement.marker or "")
        hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line))
        pins.append(Pin(requirement.name, Version(specifier.version), marker, hashes))
    return pins


def read_pins_of(name: str) -> list[Pin]:
    return read_pins((PROJECT / f"requirements/{name}.txt").read_text())


def read_groups() -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = tomllib.loads((PROJECT / "pyproject.toml").read_text())[
        "dependency-groups"
    ]
    return groups


def list_requirements(group: str) -> list[Requirement]:
    """A group's dependencies, with those of the groups that it includes."""
    found = []
    for entry in read_groups()[group]:
        if isinstance(entry, dict):
            found += list_requirements(entry["include-group"])
        else:
            found.append(Requirement(entry))
    return found


def list_targets() -> list[str]:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    return str(phony).split()


def test_pins_are_read_with_extras_markers_and_hashes() -> None:
    digest = "0" * 64
    text = (
        f"one[extra, more]==1.0 ; python_version < '3.12' \\\n    --hash=sha256:{digest} \\\n"
        f"    --hash=sha256:{digest}\n    # via two\ntwo==2.0\n"
    )
    assert read_pins(text) == [
        Pin("one", Version("1.0"), 'python_version < "3.12"', 2),
        Pin("two", Version("2.0"), "", 0),
    ]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_list_pins_each_package_with_hashes(path: Path) -> None:
    pins = read_pins(path.read_text())
    assert pins
    assert [pin.name for pin in pins if not pin.hashes] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_list_names_no_address(path: Path) -> None:
    assert re.findall(r".*(?:://|^-).*", path.read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_list_holds_what_its_group_asks_for(path: Path) -> None:
    pinned = {pin.name: pin.version for pin in read_pins(path.read_text())}
    for asked in list_requirements(path.stem):
        assert asked.name in pinned, "run make requirements"
        assert asked.specifier.contains(pinned[asked.name]), "run make requirements"


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_list_is_written_by_make_requirements(path: Path) -> None:
    plan = subprocess.run(
        ["make", "--dry-run", "requirements"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"requirements/{path.name}" in plan.stdout


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", FLOORS)
def test_list_holds_no_release_with_known_holes(path: Path, name: str) -> None:
    below = [
        pin
        for pin in read_pins(path.read_text())
        if pin.name == name and pin.version < Version(FLOORS[name])
    ]
    assert below == []


@pytest.mark.parametrize(
    "name", [path.stem for path in LISTS if path.stem not in {"dev", *OF_THEIR_OWN}]
)
def test_list_has_the_versions_that_the_tests_run_with(name: str) -> None:
    tested = {(pin.name, pin.version) for pin in read_pins_of("dev")}
    assert {(pin.name, pin.version) for pin in read_pins_of(name)} <= tested


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_training_packages_stay_in_their_own_lists(path: Path) -> None:
    found = NOT_FOR_SERVING & {pin.name for pin in read_pins(path.read_text())}
    assert found == (NOT_FOR_SERVING if path.stem in {"model", "dev"} else set())


def test_one_python_runs_the_functions_and_all_tests_run_on_it() -> None:
    printed = subprocess.run(
        ["sh", "lambda_package/python-version.sh"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.fullmatch(r"3\.\d+\n", printed)
    workflow = (PROJECT / ".github/workflows/ci.yml").read_text()
    assert f'python-version: "{printed.strip()}"' in workflow


def test_lambda_gets_no_web_server() -> None:
    assert not {"uvicorn", "h11"} & {pin.name for pin in read_pins_of("api")}


def test_help_lists_every_target() -> None:
    output = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    listed = {line.split()[0]: line.split()[1:] for line in output.splitlines()}
    assert sorted(listed) == sorted(list_targets())
    assert [target for target, words in listed.items() if len(words) < 3] == []


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PROJECT.glob("*.md")) if path.name != "CHANGELOG.md"],
    ids=lambda path: path.name,
)
def test_documents_name_only_targets_that_exist(path: Path) -> None:
    text = path.read_text()
    code = re.findall(r"^```.*?^```|`[^`\n]+`", text, re.MULTILINE | re.DOTALL)
    named = {target for part in code for target in re.findall(r"\bmake ([a-z]+)", part)}
    assert named <= set(list_targets())


def test_variables_that_tests_read_are_documented() -> None:
    sources = "".join(path.read_text() for path in (PROJECT / "tests").rglob("*.py"))
    read = set(re.findall(r'(?:environ(?:\.get\(|\[)|_VARIABLE: Final = )"([A-Z_]+)"', sources))
    assert {"INKLING_DATA", "SAM_LOCAL_INVOKE_IMAGE"} < read
    guide = (PROJECT / "CONTRIBUTING.md").read_text()
    assert {name for name in read - {"PATH"} if f"`{name}`" not in guide} == set()


def install(environment: Path, *, python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installer beside an (empty) list, as `make` does."""
    return subprocess.run(
        ["sh", "requirements/install.sh", str(environment), "local"],
        cwd=environment.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": str(environment.parent), "PYTHON": python},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the installer and a list of nothing."""
    folder = tmp_path / "requirements"
    folder.mkdir()
    for script in ("install.sh", "find-python.sh"):
        (folder / script).write_text((PROJECT / "requirements" / script).read_text())
    (folder / "local.txt").write_text("# nothing\n")
    return tmp_path


def collect(seed: str) -> set[str]:
    """The tests' names, as a process with such hashes has them."""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--quiet"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in result.stdout.splitlines() if "::" in line}


@pytest.mark.slow
def test_every_test_has_the_same_name_in_each_process() -> None:
    """`make quick` has several, which must agree on what there is to run."""
    assert len(first := collect("1")) > 1000
    assert first == collect("2")


@pytest.mark.slow
def test_environment_is_made_once_and_again_when_its_list_changes(checkout: Path) -> None:
    environment = checkout / ".venv"
    first = install(environment, python=sys.executable)
    assert first.returncode == 0, first.stderr
    assert "Making" in first.stdout
    again = install(environment)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    (checkout / "requirements/local.txt").write_text("# still nothing\n")
    changed = install(environment)
    assert "Making" not in changed.stdout
    assert "Installing" in changed.stdout
    assert install(environment).stdout == ""


@pytest.mark.slow
def test_environment_that_several_ask_for_at_once_is_made_once(checkout: Path) -> None:
    """As sam does, which builds the functions side by side."""
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(install, checkout / ".venv", python=sys.executable) for _ in range(4)]
    results = [each.result() for each in asked]
    assert [result.returncode for result in results] == [0] * 4, results
    assert "".join(result.stdout for result in results).count("Making") == 1
    assert not (checkout / ".venv.lock").is_symlink()


@pytest.mark.slow
def test_installation_that_was_killed_holds_nobody_up(checkout: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (checkout / ".venv.lock").symlink_to(str(gone.pid))
    assert install(checkout / ".venv", python=sys.executable).returncode == 0


@pytest.mark.slow
def test_failed_installation_leaves_nothing_that_counts(checkout: Path) -> None:
    environment = checkout / ".venv"
    (checkout / "requirements/local.txt").write_text("no-hash==1.0\n")
    failed = install(environment, python=sys.executable)
    assert failed.returncode != 0
    assert "local.txt could not be installed" in failed.stderr
    (checkout / "requirements/local.txt").write_text("# nothing\n")
    mended = install(environment, python=sys.executable)
    assert mended.returncode == 0, mended.stderr
    assert "Making" in mended.stdout


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            'case "$*" in *version_info*) exit 1;; -V) echo Python 3.8.18;; esac',
            "Inkling needs Python 3.11 or later; {python} is Python 3.8.18.",
        ),
        (
            'case "$*" in *ensurepip*) exit 1;; esac',
            "{python} can't make virtual environments; "
            "on Debian and Ubuntu: apt-get install python3-venv",
        ),
        ("exit 127", "PYTHON={python} is not a Python interpreter that runs."),
    ],
    ids=["old", "without venv", "broken"],
)
def test_unfit_python_is_told_in_one_sentence(checkout: Path, script: str, sentence: str) -> None:
    python = checkout / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    result = install(checkout / ".venv", python=str(python))
    assert result.returncode != 0
    assert result.stderr.strip() == sentence.format(python=python)
    assert not (checkout / ".venv").exists()
