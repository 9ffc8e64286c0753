"""A function in a process of its own, as Lambda has it. Standard library alone.

    python worker.py HANDLER EVENTS once NAME
    python worker.py HANDLER EVENTS serve

EVENTS is a file with a JSON object of events. Once the function is imported, it says "ready".
`once` then answers one of them with a line and ends; `serve` takes lines. `{"event": name,
"calls": n}` is answered with the seconds of each call and the last answer, `{}` with the most
memory that the process has held, in bytes. What the function itself prints goes nowhere.
"""

import os
import sys

answers = os.fdopen(os.dup(1), "w")
nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(nowhere, 1)

import json  # noqa: E402 - the function's log must not be among the answers
import time  # noqa: E402
from importlib import import_module  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    module, _, name = sys.argv[1].rpartition(".")
    with open(sys.argv[2], encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
        events = json.load(file)
    handler = getattr(import_module(module), name)
    tell("ready")
    if sys.argv[3] == "once":
        tell(handler(events[sys.argv[4]], None))
        return
    for line in sys.stdin:
        order = json.loads(line)
        if "event" not in order:
            tell(find_peak())
            continue
        event = events[order["event"]]
        seconds = []
        answer = None
        for _ in range(order["calls"]):
            started = time.perf_counter()
            answer = handler(event, None)
            seconds.append(time.perf_counter() - started)
        tell({"seconds": seconds, "answer": answer})


def tell(answer: "Any") -> None:
    print(json.dumps(answer), file=answers, flush=True)


def find_peak() -> int:
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123
        (line,) = [line for line in file if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
