"""`GET` and `DELETE /api/recognitions…`: what was kept, for those who may see it."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path, Query, Request, Response
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor

from api.errors import ApiKeyRequired, UnknownParameter, UnknownRecord
from api.given_key import GivenKey
from api.keys import ApiKeys
from api.parameters import only_parameters
from api.problem_examples import document_problems
from api.schemas import (
    KeptRecognition,
    KeptRecognitions,
    PendingRecognition,
    UnreadableUpload,
    describe_finished,
    describe_page,
    describe_pending,
)
from recognition.errors import ImageError, TooManyBytes
from recognition.image import MAX_BYTES, sniff_format
from recognition.stripping import strip_metadata
from storage.archive import Archive
from storage.errors import InvalidCursor, StorageUnavailable
from storage.ids import is_id
from storage.records import Page, PendingUpload, RecognitionRecord, Record

URL: Final = "/api/recognitions"
RECORD_URL: Final = URL + "/{id:record}"
RECORD_PROBLEMS: Final = (UnknownRecord, StorageUnavailable)

_ID_PATTERN: Final = "^[0-9a-d][0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
"""For whoever makes up requests from the documentation. Any other id is an unknown one."""
_FORM: Final[dict[str, JsonValue]] = {"pattern": _ID_PATTERN}

RecordId = Annotated[
    str,
    Path(description="The `id` of an answer whose `stored` was true.", json_schema_extra=_FORM),
]

_RETRY_SECONDS: Final = "1"
"""When to ask again for what is pending. An image is read within a second or two of its coming."""
_PENDING: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "model": PendingRecognition,
        "description": "It's pending: its image has not come, or nobody has read it yet.",
        "headers": {
            "Retry-After": {
                "description": "Seconds after which to ask again.",
                "schema": {"type": "integer"},
            }
        },
    }
}

MAX_PAGE: Final = 100
"""A DynamoDB query gives a megabyte, about a thousand records; Lambda's answer may have six."""
_PAGE: Final = 50

_IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")


class RecordConvertor(Convertor[str]):
    """Any one segment of an address, but not the batch's: that has methods of its own.

    Ids are written in small letters, and read in capitals too (RFC 9562, section 4).
    """

    regex = "(?!batch(?:/|$))[^/]+"

    def convert(self, value: str) -> str:
        return value.lower()

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("record", RecordConvertor())


def add_records(app: FastAPI, archive: Archive | None, keys: ApiKeys) -> None:
    @app.get(
        URL,
        tags=["records"],
        summary="List what was kept, newest first",
        responses=document_problems(
            ApiKeyRequired, InvalidCursor, UnknownParameter, StorageUnavailable
        ),
        dependencies=[only_parameters("limit", "after", "labelled")],
    )
    async def list_recognitions(
        request: Request,
        key: GivenKey,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="At most so many.")] = _PAGE,
        after: Annotated[
            str | None,
            Query(
                description="The `next` of the page before; the first page is without.",
                json_schema_extra=_FORM,
            ),
        ] = None,
        labelled: Annotated[bool, Query(description="Only those that have a label.")] = False,
    ) -> KeptRecognitions:
        keys.require(key)
        page = Page((), None)
        if archive is not None:
            page = await run_in_threadpool(archive.list, limit, after, labelled)
        return describe_page(page, url=find_url(request))

    @app.get(
        RECORD_URL,
        tags=["records"],
        summary="See a recognition that was kept",
        response_description="What was read, or why nothing could be.",
        responses={**_PENDING, **document_problems(*RECORD_PROBLEMS)},
        response_model=KeptRecognition | UnreadableUpload,
    )
    async def read_recognition(
        request: Request, id: RecordId
    ) -> KeptRecognition | UnreadableUpload | Response:
        record = await find(id)
        if isinstance(record, PendingUpload):
            return Response(
                describe_pending(record).model_dump_json(),
                HTTPStatus.ACCEPTED,
                {"Retry-After": _RETRY_SECONDS},
                media_type="application/json",
            )
        return describe_finished(record, url=find_url(request))

    @app.get(
        RECORD_URL + "/image",
        tags=["records"],
        summary="Fetch the image of a recognition that was kept, without its metadata",
        description="The pixels as they were sent, in their format; of several frames the first, "
        "of EXIF the orientation. A file that had no more than that is the same, byte for byte. An "
        f"upload of more than {MAX_BYTES // 1024**2} MiB can't be fetched so.",
        response_class=Response,
        responses={
            **document_problems(*RECORD_PROBLEMS, TooManyBytes),
            200: {
                "description": "The image. Its type is what its bytes say.",
                "content": {
                    media_type: {"schema": {"type": "string", "format": "binary"}}
                    for media_type in _IMAGE_TYPES
                },
            },
        },
    )
    async def read_recognition_image(id: RecordId) -> Response:
        record = await find(id)
        image = None
        if isinstance(record, RecognitionRecord):
            assert archive is not None  # something was found
            image = await run_in_threadpool(read_picture, archive, record)
        if image is None:
            raise unknown_record()
        name = (sniff_format(image) or "").lower()
        return Response(
            image,
            media_type=f"image/{name}" if name else "application/octet-stream",
            # To be saved, never shown as a page of ours: it is somebody else's.
            headers={"Content-Disposition": f'attachment; filename="{record.id}.{name}"'},
        )

    @app.delete(
        RECORD_URL,
        tags=["records"],
        summary="Remove a recognition that was kept, or is pending, and its image",
        status_code=204,
        responses=document_problems(*RECORD_PROBLEMS),
    )
    async def delete_recognition(id: RecordId) -> Response:
        if archive is None or not is_id(id) or not await run_in_threadpool(archive.remove, id):
            raise unknown_record()
        return Response(status_code=204)

    async def find(record_id: str) -> Record:
        record = None
        if archive is not None and is_id(record_id):
            record = await run_in_threadpool(archive.find, record_id)
        if record is None:
            raise unknown_record()
        return record


def read_picture(archive: Archive, record: RecognitionRecord) -> bytes | None:
    """A record's image without its metadata; None where it's gone.

    Raises StorageError, and TooManyBytes for what would not fit into an answer of a Lambda's.
    """
    image = archive.read_image(record)
    if image is None or record.upload is None:
        return image  # what was kept has none
    try:
        picture = strip_metadata(image)
    except ImageError:  # it was read, but nothing says where its picture ends
        return None
    if len(picture) > MAX_BYTES:
        raise TooManyBytes(f"The image has more than {MAX_BYTES // 1024**2} MiB.")
    return picture


def find_url(request: Request) -> str:
    """Of all recognitions on this server, below whatever prefix it's reached at."""
    return f"{request.scope.get('root_path', '')}{URL}"


def unknown_record() -> UnknownRecord:
    return UnknownRecord("No recognition is kept under this id.")
