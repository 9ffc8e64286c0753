"""The function in a process of its own, as Lambda has it: an event a line in, an answer a line out.

python tests/contract/lambda_process.py LOG

What the function itself prints goes to the file LOG.
"""

import json
import os
import sys
from pathlib import Path

answers = os.fdopen(os.dup(1), "w")
log = Path(sys.argv[1]).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process
os.dup2(log.fileno(), 1)

sys.path.insert(0, str(Path(__file__).parents[2] / "functions"))

from api.handler import handler  # noqa: E402 - its log must not be among the answers

print("ready", file=answers, flush=True)
for line in sys.stdin:
    print(json.dumps(handler(json.loads(line), None)), file=answers, flush=True)
