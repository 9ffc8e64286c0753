"""`load_event`: the events that API Gateway sends, as `sam local invoke` takes them too."""

import json
from pathlib import Path
from typing import Any, Final

EVENTS: Final = Path(__file__).parents[2] / "events"


def load_event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event
