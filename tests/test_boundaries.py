"""Who may import whom. The arrows point inwards: towards `recognition`, which knows nobody."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parent.parent
FUNCTIONS: Final = PROJECT / "functions"

WEB: Final = {"fastapi", "starlette", "pydantic", "python_multipart"}

ROOMS: Final[dict[Path, set[str]]] = {
    FUNCTIONS / "recognition": {"recognition", "numpy", "PIL", "ai_edge_litert"},
    FUNCTIONS / "storage": {"storage", "recognition.result"},
    FUNCTIONS / "api": {"api", "recognition", "storage", *WEB},
    FUNCTIONS / "predictor": {"predictor", "recognition", "storage"},
    FUNCTIONS / "rehearsal": {"rehearsal"},
    FUNCTIONS / "local_server.py": {
        *("api", "recognition", "storage", "local_connection", "uvicorn"),
        *WEB,
    },
    FUNCTIONS / "local_connection.py": {"api", "uvicorn", "h11", *WEB},
    PROJECT / "model_export": {
        "model_export",
        "recognition",
        "ai_edge_litert",
        "keras",
        "matplotlib",
        "numpy",
        "PIL",
        "tensorflow",
        "tqdm",
    },
    PROJECT / "lambda_package": {"lambda_package"},
    PROJECT / "backlog": {"backlog", "boto3", "botocore"},
    PROJECT / "costs": {"costs"},
    PROJECT / "deployment": {"deployment", "backlog.errors", "boto3", "botocore"},
}
"""Each room to what it may import besides the standard library."""

ALSO: Final[dict[Path, set[str]]] = {
    FUNCTIONS / "api/handler.py": {"mangum"},
    FUNCTIONS / "api/machine.py": {"psutil"},
    FUNCTIONS / "storage/dynamodb.py": {"boto3", "botocore"},
    FUNCTIONS / "storage/s3.py": {"boto3", "botocore"},
    FUNCTIONS / "storage/s3_client.py": {"boto3", "botocore"},
    FUNCTIONS / "predictor/dead_letters.py": {"boto3", "botocore"},
    FUNCTIONS / "rehearsal/handler.py": {"boto3", "botocore"},
    PROJECT / "lambda_package/elf.py": {"elftools"},
    PROJECT / "lambda_package/settling.py": {"samcli"},
    PROJECT / "lambda_package/stripping.py": {"elftools"},
    PROJECT / "deployment/lean.py": {"tinycss2", "tree_sitter", "tree_sitter_javascript"},
    PROJECT / "deployment/live.py": {"urllib3"},
    PROJECT / "deployment/template_file.py": {"yaml"},
}
"""What one file may import that its room may not."""

LOADERS: Final = {"__import__", "import_module"}
"""Calls that import what no reader of the imports can see."""


@dataclass(frozen=True, slots=True)
class Import:
    line: int
    name: str
    """Dotted, down to what is imported: `from storage import records` is `storage.records`."""


def find_imports(source: str, package: str = "") -> Iterator[Import]:
    """Every import in a module, wherever it stands; `package` is what relative ones start at."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            for alias in node.names:
                yield Import(node.lineno, f"{base}.{alias.name}")
        elif isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in LOADERS:
                yield Import(node.lineno, f"{name}()")


def may_import(name: str, allowed: set[str]) -> bool:
    standard = name.partition(".")[0] in sys.stdlib_module_names
    return standard or any(f"{name}.".startswith(f"{prefix}.") for prefix in allowed)


def list_modules(room: Path) -> list[Path]:
    return [room] if room.suffix == ".py" else sorted(room.rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.stem)
def test_room_imports_only_what_its_row_allows(room: Path) -> None:
    modules = list_modules(room)
    assert modules, f"there is no {room}"
    trespasses = []
    for module in modules:
        package = ".".join(module.relative_to(room.parent).parent.parts)
        allowed = ROOMS[room] | ALSO.get(module, set())
        for found in find_imports(module.read_text(encoding="utf-8"), package):
            if not may_import(found.name, allowed):
                place = module.relative_to(PROJECT)
                trespasses.append(f"{place}:{found.line} imports {found.name}")
    assert not trespasses, f"not allowed in {room.stem}: " + "; ".join(trespasses)


def test_every_room_has_a_row() -> None:
    found = {path for path in FUNCTIONS.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    found |= {init.parent for init in PROJECT.glob("*/__init__.py")} - {PROJECT / "tests"}
    assert found <= ROOMS.keys(), "give it a row in ROOMS"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import boto3", "boto3"),
        ("from api.app import create_app", "api.app.create_app"),
        ("def late():\n    import tensorflow.lite", "tensorflow.lite"),
        ("from .. import api", "functions.api"),
        ("import importlib\nimportlib.import_module(name)", "import_module()"),
        ("import recognition_extras", "recognition_extras"),
    ],
)
def test_trespass_is_found_in_any_form(source: str, name: str) -> None:
    found = [found.name for found in find_imports(source, "functions.recognition")]
    assert name in found
    assert not may_import(name, ROOMS[FUNCTIONS / "recognition"])


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("import os.path", set()),
        ("from recognition.result import Recognition", {"recognition.result"}),
        ("from recognition import result", {"recognition.result"}),
        ("import numpy as np", {"numpy"}),
    ],
)
def test_allowed_import_passes(source: str, allowed: set[str]) -> None:
    (found,) = find_imports(source)
    assert may_import(found.name, allowed)
