"""One process of a function: an event a line in, an answer a line out.

python tests/backlog/engine/function_process.py MODULE LOG

An answer has the handler's result or its error, as Lambda writes it, and its seconds.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

answers = os.fdopen(os.dup(1), "w")
log = Path(sys.argv[2]).open("a", encoding="utf-8")  # noqa: SIM115 - for as long as the process
os.dup2(log.fileno(), 1)

PROJECT = Path(__file__).parents[3]
sys.path[:0] = [str(PROJECT / "functions"), str(PROJECT)]


class Context:
    """What of Lambda's a handler may ask for."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"
    function_name = "local"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


handler = importlib.import_module(sys.argv[1]).handler
for line in sys.stdin:
    began = time.perf_counter()
    answer: dict[str, Any]
    try:
        answer = {"result": handler(json.loads(line), Context)}
    except Exception as error:
        answer = {"error": {"errorMessage": str(error), "errorType": type(error).__name__}}
    answer["seconds"] = time.perf_counter() - began
    print(json.dumps(answer), file=answers, flush=True)
