"""The log: one JSON object a line, one line a request, with an id that the response has too.

What a request comes to know of itself is noted on the way, with `note` and `time_stages`, and goes
out with its line. It holds no image, no file name, no address of a client, and no id of a record:
who has that id may delete the record, so an address is logged as its route.
"""

import json
import logging
import re
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from starlette.datastructures import MutableHeaders
from starlette.types import Receive, Scope, Send

from api.http_middleware import HttpMiddleware, edit_start

log: Final = logging.getLogger("inkling")

REQUEST_ID_HEADER: Final = "x-request-id"
TIMING_HEADER: Final = "server-timing"

_GATEWAY_ID: Final = re.compile(r"[0-9A-Za-z=-]{1,64}")
"""What API Gateway's own ids are made of. An event may hold anything."""

_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)
"""Any other is the client's own words, kilobytes of them if it likes."""

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class Notes:
    """What is known of one request by the time that it's answered."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        """Of each stage; of one that came twice, both together."""


# A thread that works for a request has a copy of its context, so that what it sets there is lost:
# it has to find something to write in.
_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


class JsonFormatter(logging.Formatter):
    """A record as a JSON object, with what it was given as `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if request_id := _request_id.get():
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line["error"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(line)


def write_log_to(stream: TextIO) -> None:
    """Send the log's lines to a stream, and nowhere else."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


def write_every_log_to(stream: TextIO) -> None:
    """Send there also what others have to say, from a warning on: the event loop of a connection
    that broke, Python of its warnings, a thread of what ended it. For a process of our own."""
    write_log_to(stream)
    logging.basicConfig(handlers=log.handlers, force=True)
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_end


def _log_end(ended: threading.ExceptHookArgs) -> None:
    log.error("A thread ended before its time", exc_info=ended.exc_value)


@contextmanager
def identify_request() -> Iterator[str]:
    """Give a request its id, which every line that's written meanwhile has too."""
    request_id = str(uuid.uuid4())
    token = _request_id.set(request_id)
    try:
        yield request_id
    finally:
        _request_id.reset(token)


def find_request_id() -> str | None:
    """The id of the request that is being answered, or None outside of any."""
    return _request_id.get()


def note(**fields: Any) -> None:
    """Add fields to the line of the request that is being answered, from any of its threads."""
    if notes := _notes.get():
        notes.fields.update(fields)


def time_stages() -> Callable[[str], None]:
    """Begin to time stages: tell the function that's returned each one's name when it is over."""
    notes = _notes.get()
    start = time.perf_counter()

    def end_stage(name: str) -> None:
        nonlocal start
        end = time.perf_counter()
        if notes:
            notes.seconds[name] = notes.seconds.get(name, 0.0) + end - start
        start = end

    return end_stage


class RequestLog(HttpMiddleware):
    """ASGI middleware: gives each request its id, and logs it once it's answered.

    An answer to an image tells its client too how long the stages took.
    """

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = time.perf_counter()
        notes = Notes()
        status = 0

        def measure() -> dict[str, float]:
            """Milliseconds until now, of it all and of each stage."""
            # Copied: a thread that was not waited for may still be writing.
            seconds = {"total": time.perf_counter() - start, **notes.seconds}
            return {stage: round(s * 1000, 2) for stage, s in seconds.items()}

        def add_headers(answered: int, headers: MutableHeaders) -> None:
            nonlocal status
            status = answered
            headers[REQUEST_ID_HEADER] = request_id
            if notes.seconds:  # else the total says no more than the client's own clock
                headers[TIMING_HEADER] = format_timing(measure())

        with identify_request() as request_id:
            token = _notes.set(notes)
            try:
                await self.app(scope, receive, edit_start(send, add_headers))
            finally:
                _notes.reset(token)
                fields = {
                    "method": scope["method"] if scope["method"] in _METHODS else "other",
                    "route": _route(scope),
                    "status": status,
                    **_gateway_id(scope),
                    **_version(scope),
                    **notes.fields,
                    "milliseconds": measure(),
                }
                log.info("request", extra={"fields": fields})


def format_timing(milliseconds: dict[str, float]) -> str:
    """Of a request's stages, as `Server-Timing` has them: browsers show it beside the request."""
    return ", ".join(f"{stage};dur={duration}" for stage, duration in milliseconds.items())


def _gateway_id(scope: Scope) -> dict[str, str]:
    """The id that API Gateway gave the request, and answers with too."""
    context = scope.get("aws.event", {}).get("requestContext", {})
    gateway_id = context.get("requestId") if isinstance(context, dict) else None
    if isinstance(gateway_id, str) and _GATEWAY_ID.fullmatch(gateway_id):
        return {"gateway_request_id": gateway_id}
    return {}


def _version(scope: Scope) -> dict[str, str]:
    """The function's version that answers, in the cloud: its failures are counted by it."""
    version = getattr(scope.get("aws.context"), "function_version", None)
    return {"version": version} if version else {}


def _route(scope: Scope) -> str | None:
    """The address that we gave what answered, or None if nothing is there."""
    if route := scope.get("route"):
        # As documented: without the words that only the router needs.
        return str(getattr(route, "path_format", route.path))
    if "endpoint" not in scope:
        return None
    if "app_root_path" in scope:
        # A mount has made its own address the root. What comes after is the client's own words,
        # even of a file that is there: `secret/../main.js` is one of its names.
        return str(scope["root_path"]).removeprefix(scope["app_root_path"])
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))
