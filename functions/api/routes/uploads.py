"""`POST /api/uploads`: leave to send an image that is too large for a request."""

from datetime import timedelta
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.errors import (
    BodyTooLarge,
    BodyTooSlow,
    InvalidBody,
    NoUploads,
    UnknownParameter,
    UnsupportedEncoding,
)
from api.inputs import read_body
from api.json_object import parse_json_object
from api.problem_examples import document_problems
from api.schemas import Upload, UploadRequest, describe_upload
from recognition.errors import TooManyBytes, UnsupportedImage
from recognition.limits import MAX_UPLOADED_BYTES, check_bytes
from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.ids import new_id
from storage.records import new_pending

URL: Final = "/api/uploads"

MAX_REQUEST_BYTES: Final = 1024

_BODY: Final[dict[str, Any]] = {
    "content": {"application/json": {"schema": UploadRequest.model_json_schema()}},
}


def add_uploads(app: FastAPI, archive: Archive | None, retention: timedelta) -> None:
    @app.post(
        URL,
        tags=["uploads"],
        summary="Get a form that lets one image in",
        description="For an image that is too large for a request, up to "
        f"{MAX_UPLOADED_BYTES // 1024**2} MiB: send it with the form, and then ask for its "
        "recognition by the id until it's no longer pending. The first image that is read counts.",
        response_description="The form, and the id.",
        status_code=201,
        responses=document_problems(
            InvalidBody,
            NoUploads,
            BodyTooSlow,
            UnsupportedEncoding,
            TooManyBytes,
            UnsupportedImage,
            UnknownParameter,
            StorageUnavailable,
        ),
        openapi_extra={"requestBody": _BODY},
    )
    async def create_upload(request: Request) -> Upload:
        if archive is None or archive.uploads is None:
            raise NoUploads("This installation takes no uploads.")
        wanted = parse_upload(await read_request(request))
        pending = new_pending(new_id(), retention=retention)
        form = await run_in_threadpool(archive.invite, pending, wanted.type, MAX_UPLOADED_BYTES)
        root = request.scope.get("root_path", "")
        return describe_upload(pending.id, form, root=root, max_bytes=MAX_UPLOADED_BYTES)


async def read_request(request: Request) -> bytes:
    """What is to be uploaded, as JSON, or nothing. Raises InvalidBody or BodyTooSlow."""
    try:
        return await read_body(request, most=MAX_REQUEST_BYTES)
    except BodyTooLarge as error:
        raise InvalidBody(f"The JSON has more than {MAX_REQUEST_BYTES} bytes.") from error


def parse_upload(body: bytes) -> UploadRequest:
    """What is to be uploaded.

    Raises:
        InvalidBody: it's not JSON.
        UnsupportedImage, TooManyBytes: such an image would be refused.
        RequestValidationError: it's something else than it may be.
    """
    try:
        wanted = UploadRequest.model_validate(parse_json_object(body) if body.strip() else {})
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        if any(each["type"] == "literal_error" for each in faults):
            raise UnsupportedImage("An image of this type is not read.") from error
        raise RequestValidationError(
            [{"loc": ("body", *each["loc"])} for each in faults]
        ) from error
    if wanted.size is not None:
        check_bytes(wanted.size, MAX_UPLOADED_BYTES)
    return wanted
