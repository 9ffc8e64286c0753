"""The predictor in a process of its own, as Lambda has it: events in, answers out.

python tests/predictor/predictor_process.py LOG SECONDS

A line has a list of events, which are answered at once, each in a thread; the answers are a line,
too. What the predictor prints goes to the file LOG.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

answers = os.fdopen(os.dup(1), "w")
log = Path(sys.argv[1]).open("a", encoding="utf-8")  # noqa: SIM115 - for as long as the process
os.dup2(log.fileno(), 1)
sys.stdout = os.fdopen(1, "w", buffering=1)

sys.path.insert(0, str(Path(__file__).parents[2] / "functions"))

from predictor.handler import handler  # noqa: E402 - its log must not be among the answers

SECONDS = float(sys.argv[2])
"""That are left to each invocation, as Lambda tells them."""


def answer(event: Any) -> Any:
    context = SimpleNamespace(
        aws_request_id="8f5e1f2c-0000-4000-8000-000000000001",
        get_remaining_time_in_millis=lambda: SECONDS * 1000,
    )
    try:
        return {"answer": handler(event, context)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


print("ready", file=answers, flush=True)
for line in sys.stdin:
    events = json.loads(line)
    with ThreadPoolExecutor(len(events)) as threads:
        print(json.dumps(list(threads.map(answer, events))), file=answers, flush=True)
