"""What SnapStart would freeze: a snapshot of the started function, and many that go on from it.

A fork is such a snapshot: two processes with one memory.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.api.events import EVENTS

FUNCTIONS: Final = Path(__file__).parents[2] / "functions"

GO_ON: Final = """
import json, os, random, sys, threading
from pathlib import Path
from api.handler import handler
from storage.ids import new_id

event = json.loads(Path(sys.argv[1]).read_text())
frozen = {
    "modules": sorted({"boto3", "botocore", "urllib3"} & sys.modules.keys()),
    "threads": threading.active_count(),
}
random.seed(1)  # as a snapshot would have it; Python seeds anew after a fork
print(json.dumps(frozen), flush=True)
for _ in range(2):
    child = os.fork()
    if not child:
        random.seed(1)
        answer = handler(event, None)
        line = {
            "status": answer["statusCode"],
            "request": answer["headers"]["x-request-id"],
            "record": new_id(),
        }
        print(json.dumps(line), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_whatever_goes_on_from_one_snapshot_has_ids_of_its_own() -> None:
    stores = {
        "INKLING_RECORDS_TABLE": "records",
        "INKLING_IMAGES_BUCKET": "images",
        "INKLING_UPLOADS_BUCKET": "uploads",
        "INKLING_RESULTS_BUCKET": "results",
    }
    printed = subprocess.run(
        [sys.executable, "-c", GO_ON, str(EVENTS / "get-health.json")],
        cwd=FUNCTIONS,
        env=stores,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    frozen, *answers = [
        line for line in map(json.loads, printed.splitlines()) if "message" not in line
    ]
    assert [answer["status"] for answer in answers] == [200, 200]
    for name in ("request", "record"):
        assert answers[0][name] != answers[1][name]
    # A connection would be dead by then, and a client might hold credentials that have expired.
    assert frozen == {"modules": [], "threads": 1}


@pytest.mark.parametrize("module", ["random", "numpy.random"])
def test_chance_comes_from_the_system_and_not_from_memory(module: str) -> None:
    """A generator's state would be in the snapshot: all would draw the same."""
    for path in FUNCTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert module not in names, path
