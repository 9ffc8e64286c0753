"""The log: one JSON object a line, one line a request, with an id that the response has too.

It holds no image, no file name, no address of a client, and no id of a record: who has that id may
delete the record, so an address is logged as its route.
"""

import json
import logging
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log: Final = logging.getLogger("inkling")

REQUEST_ID_HEADER: Final = "x-request-id"

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


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


class RequestLog:
    """ASGI middleware: gives each request its id, and logs it once it's answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        token = _request_id.set(request_id)
        start = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                header = (REQUEST_ID_HEADER.encode(), request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            fields = {
                "method": scope["method"],
                "route": _route(scope, status),
                "status": status,
                "milliseconds": round((time.perf_counter() - start) * 1000, 1),
            }
            log.info("request", extra={"fields": fields})
            _request_id.reset(token)


def _route(scope: Scope, status: int) -> str | None:
    if route := scope.get("route"):
        return str(route.path)
    # A file that is there has the address that we gave it; any other is the client's own words.
    return str(scope["path"]) if status < 400 else None
