"""Bare Python: a function that does nothing."""

import json
from typing import Any


def handler(event: Any, context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "body": json.dumps({"digit": 3})}
