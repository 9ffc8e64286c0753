"""`describe_message`: a line of a log for a person. Ours are JSON, and so are Lambda's own."""

import json
from typing import Any, Final

_FIRST: Final = ("time", "timestamp", "level", "message", "_aws", "milliseconds", "error", "type")
"""Fields that have a place of their own, or none."""
_REQUEST: Final = ("method", "route", "status")


def describe_message(message: str) -> str:
    """A message in one line, and what an error has to say below it; no control characters."""
    text = message.rstrip("\n")
    try:
        line = json.loads(text)
    except ValueError:
        return tame(text)
    if not isinstance(line, dict):
        return tame(text)
    if str(line.get("type", "")).startswith("platform."):
        return tame(describe_platform(line["type"], line.get("record") or {}))
    return describe_own(line)


def describe_own(line: dict[str, Any]) -> str:
    """A line of the API's or the predictor's."""
    level = str(line.get("level", "")).upper()
    words = [level] if level not in {"", "INFO"} else []
    rest = {name: value for name, value in line.items() if name not in _FIRST}
    if line.get("message") == "request" and set(_REQUEST) <= rest.keys():
        words += [str(rest.pop(name)) for name in _REQUEST]
    else:
        words.append(str(line.get("message", "")))
    if (milliseconds := read_total(line.get("milliseconds"))) is not None:
        words.append(f"{milliseconds:g} ms")
    words += [f"{name}={show(value)}" for name, value in rest.items()]
    shown = tame(" ".join(words))
    if error := line.get("error"):
        below = "\n".join(f"    {tame(part)}" for part in str(error).splitlines())
        shown = f"{shown}\n{below}"
    return shown


def read_total(milliseconds: Any) -> float | None:
    """Of a line that has one time, or several with their total among them."""
    found = milliseconds.get("total") if isinstance(milliseconds, dict) else milliseconds
    return found if isinstance(found, int | float) else None


def describe_platform(kind: str, record: dict[str, Any]) -> str:
    """A line of Lambda's own, which it writes when a function starts, and after each call."""
    metrics = record.get("metrics") or {}
    words = [kind.replace("platform.", "lambda ")]
    if "initDurationMs" in metrics:
        words.append(f"cold start {metrics['initDurationMs']:g} ms")
    if "restoreDurationMs" in metrics:
        words.append(f"restored in {metrics['restoreDurationMs']:g} ms")
    if "durationMs" in metrics:
        words.append(f"{metrics['durationMs']:g} ms")
    if "maxMemoryUsedMB" in metrics:
        words.append(f"{metrics['maxMemoryUsedMB']} of {metrics.get('memorySizeMB')} MB")
    words += [
        f"{name}={show(record[name])}"
        for name in ("status", "errorType", "version", "requestId")
        if record.get(name) not in (None, "success")
    ]
    return " ".join(words)


def show(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def tame(text: str) -> str:
    """A text that a terminal shows and does not obey."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )
