"""`GET` and `DELETE /api/recognitions…`: what was kept, for those who may see it."""

from typing import Annotated, Final

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor

from api.errors import ApiKeyRequired, UnknownRecord
from api.keys import ApiKeys, GivenKey
from api.problems import document_problems
from api.schemas import KeptRecognition, KeptRecognitions, describe_page, describe_record
from recognition.image import sniff_format
from storage.archive import Archive
from storage.errors import InvalidCursor, StorageUnavailable
from storage.ids import is_id
from storage.records import Page, RecognitionRecord

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

MAX_PAGE: Final = 100
"""A DynamoDB query gives a megabyte, about a thousand records; Lambda's answer may have six."""
_PAGE: Final = 50

_IMAGE_TYPES: Final = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")


class RecordConvertor(Convertor[str]):
    """Any one segment of an address, but not the batch's: that has methods of its own."""

    regex = "(?!batch(?:/|$))[^/]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("record", RecordConvertor())


def add_records(app: FastAPI, archive: Archive | None, keys: ApiKeys) -> None:
    @app.get(
        URL,
        tags=["records"],
        summary="List what was kept, newest first",
        responses=document_problems(
            ApiKeyRequired, InvalidCursor, RequestValidationError, StorageUnavailable
        ),
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
        responses=document_problems(*RECORD_PROBLEMS),
    )
    async def read_recognition(request: Request, id: RecordId) -> KeptRecognition:
        return describe_record(await find(id), url=find_url(request))

    @app.get(
        RECORD_URL + "/image",
        tags=["records"],
        summary="Fetch the image of a recognition that was kept, without its metadata",
        description="The pixels as they were sent, in their format; of several frames the first, "
        "of EXIF the orientation. A file that had no more than that is the same, byte for byte.",
        response_class=Response,
        responses={
            **document_problems(*RECORD_PROBLEMS),
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
        assert archive is not None  # something was found
        image = await run_in_threadpool(archive.read_image, record)
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
        summary="Remove a recognition that was kept, and its image",
        status_code=204,
        responses=document_problems(*RECORD_PROBLEMS),
    )
    async def delete_recognition(id: RecordId) -> Response:
        if archive is None or not is_id(id) or not await run_in_threadpool(archive.remove, id):
            raise unknown_record()
        return Response(status_code=204)

    async def find(record_id: str) -> RecognitionRecord:
        record = None
        if archive is not None and is_id(record_id):
            record = await run_in_threadpool(archive.find, record_id)
        if not isinstance(record, RecognitionRecord):
            raise unknown_record()
        return record


def find_url(request: Request) -> str:
    """Of all recognitions on this server, below whatever prefix it's reached at."""
    return f"{request.scope.get('root_path', '')}{URL}"


def unknown_record() -> UnknownRecord:
    return UnknownRecord("No recognition is kept under this id.")
