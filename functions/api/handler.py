"""`handler`: the API as a Lambda function, behind API Gateway.

The recogniser is built at import, which Lambda does once for many requests. Where the environment
names a table and a bucket, what is read is kept there.
"""

import gc

gc.disable()  # what is imported stays: to look it through for garbage is a fifteenth of a start

import asyncio
import logging
import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import keys, problems
from api.answering import Answering
from api.errors import InvalidEvent
from api.keeping import Keeping
from api.logs import REQUEST_ID_HEADER, identify_request, log, write_log_to
from api.middleware import add_headers
from api.native_words import log_native_words
from api.problems import answer_error
from api.reading import run_here
from api.settings import Settings, read_settings
from api.shortcut import Shortcut
from recognition.freed_memory import return_freed_memory
from recognition.recognizer import Recognizer
from storage.archive import Archive
from storage.dynamodb import DynamoRecords
from storage.s3 import S3Images
from storage.s3_uploads import S3Uploads

_PREFIX_HEADER: Final = "X-Forwarded-Prefix"
"""Says what proxies take to be the root. The template's distribution sends it; so may anyone."""

return_freed_memory()
write_log_to(sys.stdout)
# Mangum's own line for each request has the path, and so a record's id.
logging.getLogger("mangum.http").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the cloud keeps what was read."""

    records: DynamoRecords
    images: S3Images
    uploads: S3Uploads | None

    def open(self) -> None:
        """Make the clients. Not before something is to be kept: importing boto3 takes longer than
        all the rest of a cold start."""
        self.records.open()
        self.images.open()


def find_stores(settings: Settings) -> Stores | None:
    if settings.stores is None:
        return None
    # An upload's record is as old as the image, and kept from when that was read.
    oldest = settings.retention + settings.upload_retention
    buckets = settings.stores.uploads
    return Stores(
        DynamoRecords(settings.stores.table, oldest),
        S3Images(settings.stores.bucket),
        None if buckets is None else S3Uploads(buckets.uploads, buckets.results),
    )


def build_app(settings: Settings) -> Shortcut:
    """The application, with the cloud's stores where the settings name them."""
    with log_native_words():
        recognizer = Recognizer.load()
    stores = find_stores(settings)
    keeping = Keeping(
        None if stores is None else Archive(stores.records, stores.images, stores.uploads),
        model=recognizer.card.version,
        retention=settings.retention,
        open_stores=None if stores is None else stores.open,
    )

    def build_whole() -> ASGIApp:
        from api.app import create_app  # noqa: PLC0415 - see Shortcut

        build = partial(
            create_app,
            recognizer,
            page=settings.page,
            api_keys=settings.api_keys,
            retention=settings.retention,
        )
        if stores is None:
            return build()
        return build(
            records=stores.records,
            images=stores.images,
            uploads=stores.uploads,
            open_stores=stores.open,
        )

    # Lambda gives a process one request at a time.
    app = Shortcut(Answering(recognizer, keeping, run=run_here), build_whole)
    if settings.starts_ahead:
        app.open()
    return app


app = build_app(read_settings(os.environ))
gc.freeze()
gc.enable()


async def _answer_below_stage(scope: Scope, receive: Receive, send: Send) -> None:
    """The application, told of the stage as ASGI has it: as the root of each path.

    API Gateway takes the stage off the path, but the client's address has it; save behind a proxy
    that puts it there, and says so. No other root is taken from a header.
    """
    event, headers = scope["aws.event"], scope["headers"]
    root, path = split_address(event, scope["path"])
    if Headers(scope=scope).get(_PREFIX_HEADER) == "/":
        root, path = "", scope["path"]
        if _asks_for_keys(event):  # and this one is the proxy's: its callers have none
            headers = [each for each in headers if each[0] != keys.HEADER.lower().encode()]
    await app({**scope, "root_path": root, "path": root + path, "headers": headers}, receive, send)


def _asks_for_keys(event: dict[str, Any]) -> bool:
    """Whether API Gateway does, by the header in which the application has keys of its own."""
    identity = event["requestContext"].get("identity")
    return isinstance(identity, dict) and bool(identity.get("apiKeyId"))


# Mangum asks for the thread's event loop, and Python 3.12 and later warn, or raise, where there is
# none yet. It's set again for each event: whatever ran a loop in between has unset it.
_loop: Final = asyncio.new_event_loop()
asyncio.set_event_loop(_loop)
_mangum: Final = Mangum(
    _answer_below_stage,
    lifespan="off",
    text_mime_types=[
        *(*DEFAULT_TEXT_MIME_TYPES, problems.MEDIA_TYPE),
        *("image/svg+xml", "application/manifest+json"),
    ],
)


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer an event of API Gateway's REST API (or an HTTP API's stage $default, or a load
    balancer).

    Whatever the event is, there is an answer: an exception would become a 502 without a word.
    """
    try:
        asyncio.set_event_loop(_loop)
        return _mangum(complete_event(event), context)
    except Exception as error:
        # The application answers its own errors; what gets here is Mangum's trouble with an event
        # that no gateway sends: a port that is no number, a body that is not base64.
        response = _refuse(error)
        return {
            "statusCode": response.status_code,
            "headers": dict(response.headers),
            "body": bytes(response.body).decode(),
            "isBase64Encoded": False,
        }


def _refuse(error: Exception) -> Response:
    with identify_request() as request_id:
        # The error's name alone: its text has what the client wrote.
        fields = {"error": type(error).__name__}
        log.warning("The event is not a request", extra={"fields": fields})
        response = answer_error(InvalidEvent("The event can't be understood as an HTTP request."))
    response.headers[REQUEST_ID_HEADER] = request_id
    add_headers(response.headers)
    return response


def split_address(event: dict[str, Any], path: str) -> tuple[str, str]:
    """The stage as the root of a request's address, and what comes after it.

    There is none below a domain of one's own or behind sam local. After a stage without its slash
    comes nothing, though API Gateway makes it one.
    """
    context = event["requestContext"]
    address, root = context.get("path"), f"/{context.get('stage')}"
    if address == root and path == "/":
        return root, ""
    return (root if address == root + str(event.get("path")) else ""), path


def complete_event(event: Any) -> Any:
    """Add what Mangum needs of a REST event and hand-written ones lack.

    Raises InvalidEvent when it's one with a method or a path that is no text, or no gateway's at
    all: Mangum takes CloudFront's too, whose functions are no such thing as this.
    """
    if not isinstance(event, dict) or "httpMethod" not in event:
        if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
            raise InvalidEvent("The event is of no gateway.")
        return event
    if not isinstance(event["httpMethod"], str) or not isinstance(event.get("path"), str):
        raise InvalidEvent("A REST event has no method or no path.")
    defaults: dict[str, Any] = {"resource": event.get("path"), "headers": {}, "requestContext": {}}
    return {**defaults, **{key: value for key, value in event.items() if value is not None}}
