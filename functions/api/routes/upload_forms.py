"""`POST /api/uploads/form`: what S3 does with an upload's form, on a server that has no S3.

It answers as S3 does, so that who sends the form need not know which of them it's for. What is
different: the image is read at once, so that it's no longer pending when this answers.
"""

from datetime import timedelta
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from api.errors import BodyTooLarge
from api.inputs import MAX_WRAPPING_BYTES, read_body
from api.logs import note
from api.multipart import Part, read_parts
from api.reading import read_image
from recognition.errors import ImageError, name_reason
from recognition.image import sniff_format
from recognition.limits import MAX_UPLOADED_BYTES
from recognition.recognizer import Recognizer
from recognition.result import Recognition
from recognition.stripping import strip_metadata
from storage.archive import Archive
from storage.errors import UploadTooLarge
from storage.local_uploads import LocalUploads
from storage.records import UNREADABLE, new_record, new_refusal
from storage.uploads import FILE_FIELD

FORM_URL: Final = "/api/uploads/form"

_MAX_BODY_BYTES: Final = MAX_UPLOADED_BYTES + MAX_WRAPPING_BYTES


def add_upload_form(
    app: FastAPI,
    recognizer: Recognizer,
    archive: Archive,
    uploads: LocalUploads,
    retention: timedelta,
) -> None:
    # Not in the documentation: it's no more a part of this API than S3 is.
    @app.post(FORM_URL, status_code=204, include_in_schema=False)
    async def receive_upload(request: Request) -> Response:
        fields, image = await read_form(request)
        permit = uploads.check_form(fields)
        permit.check_size(len(image))
        try:
            reading = await read_image(recognizer, lambda: image, max_bytes=permit.max_bytes)
        except ImageError as error:
            reason = name_reason(error)
            note(outcome=UNREADABLE, reason=reason)
            refusal = new_refusal(reason, record_id=permit.record_id, retention=retention)
            await run_in_threadpool(archive.settle, refusal)
        else:
            await run_in_threadpool(settle, permit.record_id, reading.recognition, image)
        return Response(status_code=204)

    def settle(record_id: str, recognition: Recognition, image: bytes) -> None:
        """Keep it, unless it was deleted or another image was faster. Raises StorageError."""
        image_key: str | None = f"{record_id}.{(sniff_format(image) or '').lower()}"
        try:
            picture = strip_metadata(image)
        except ImageError:  # it was read, but nothing says where its picture ends
            picture, image_key = b"", None
        record = new_record(
            recognition,
            record_id=record_id,
            model=recognizer.card.version,
            image_key=image_key,
            retention=retention,
        )
        archive.settle(record, picture)


async def read_form(request: Request) -> tuple[dict[str, str], bytes]:
    """A form's fields and its image, which is the last that counts.

    Raises InputError, and UploadTooLarge for a body that is longer than any form may be.
    """
    try:
        body = await read_body(request, most=_MAX_BODY_BYTES)
    except BodyTooLarge as error:
        raise UploadTooLarge(f"The image has more than {MAX_UPLOADED_BYTES:,} bytes.") from error
    parts = await run_in_threadpool(read_parts, body, request.headers.get("content-type", ""))
    fields: dict[str, str] = {}
    for part in parts:
        if part.name == FILE_FIELD:
            return fields, part.content
        fields[part.name] = _read_text(part)
    return fields, b""


def _read_text(part: Part) -> str:
    return part.content.decode("utf-8", "replace")
