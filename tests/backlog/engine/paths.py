"""Reference paths, the context, intrinsic functions and templates, as far as they are used."""

import json
import re
from typing import Any, Final

from tests.backlog.engine.errors import StateFailed, Unsupported

_PATH: Final = re.compile(r"\$\$?(\.[A-Za-z_][A-Za-z0-9_]*)*")
_CALL: Final = re.compile(r"States\.(\w+)\((.*)\)")
_ARGUMENT: Final = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\$[$.\w]*)\s*(?:,|$)")


def read_path(path: str, data: Any, context: dict[str, Any]) -> Any:
    """What a path leads to: `$.a.b` in the data, `$$.a.b` in the context."""
    if not _PATH.fullmatch(path):
        raise Unsupported(f"the path {path}")
    node = context if path.startswith("$$") else data
    for name in path.split(".")[1:]:
        if not isinstance(node, dict) or name not in node:
            raise StateFailed("States.ParameterPathFailure", f"{path} leads nowhere")
        node = node[name]
    return node


def leads_somewhere(path: str, data: Any, context: dict[str, Any]) -> bool:
    try:
        read_path(path, data, context)
    except StateFailed:
        return False
    return True


def fill_template(template: Any, data: Any, context: dict[str, Any]) -> Any:
    """A payload template with its `name.$` fields filled in."""
    if isinstance(template, list):
        return [fill_template(each, data, context) for each in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for name, value in template.items():
        if name.endswith(".$"):
            filled[name.removesuffix(".$")] = evaluate(value, data, context)
        else:
            filled[name] = fill_template(value, data, context)
    return filled


def evaluate(expression: str, data: Any, context: dict[str, Any]) -> Any:
    """What a path leads to, or an intrinsic function gives."""
    call = _CALL.fullmatch(expression)
    if call is None:
        return read_path(expression, data, context)
    arguments = [_read_argument(text, data, context) for text in _split(call[2])]
    match call[1]:
        case "StringToJson":
            (text,) = arguments
            return json.loads(text)
        case "Format":
            pattern, *values = arguments
            assert pattern.count("{}") == len(values)
            return pattern.format(*values)
    raise Unsupported(f"States.{call[1]}")


def _split(text: str) -> list[str]:
    found = _ARGUMENT.findall(text)
    if ",".join(found).replace(" ", "") != text.replace(" ", ""):
        raise Unsupported(f"the arguments {text}")
    return [str(each) for each in found]


def _read_argument(text: str, data: Any, context: dict[str, Any]) -> Any:
    if text.startswith("'"):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return read_path(text, data, context)


def put_result(path: str | None, data: Any, result: Any) -> Any:
    """A state's result in its input's place (`$`), within it (`$.name`), or nowhere (None)."""
    if path is None:
        return data
    if path == "$":
        return result
    if not _PATH.fullmatch(path) or path.count(".") != 1 or not isinstance(data, dict):
        raise Unsupported(f"the ResultPath {path}")
    return {**data, path.removeprefix("$."): result}
