"""`/api/recognitions`: read an image; see or remove what was kept of it."""

from typing import Annotated

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from api.errors import BodyTooLarge, InvalidBase64, InvalidBody, MissingImage, UnknownRecord
from api.inputs import extract_image, read_body
from api.logs import log
from api.problems import document_problems
from api.reading import Reading, read_image
from api.request_bodies import ANY_FORM
from api.schemas import (
    Answer,
    ExplainedAnswer,
    KeptRecognition,
    describe_recognition,
    describe_record,
    explain_recognition,
)
from recognition.errors import CorruptImage, ImageTooComplex, ImageTooLarge, UnsupportedImage
from recognition.image import sniff_format
from recognition.recognizer import Recognizer
from storage.archive import Archive
from storage.errors import StorageUnavailable
from storage.records import is_id, new_id, new_record

_INPUT_PROBLEMS = document_problems(
    UnsupportedImage,
    ImageTooLarge,
    ImageTooComplex,
    CorruptImage,
    MissingImage,
    InvalidBase64,
    BodyTooLarge,
    InvalidBody,
    RequestValidationError,
)
_RECORD_PROBLEMS = document_problems(UnknownRecord, StorageUnavailable)

RecordId = Annotated[str, Path(description="The `id` of an answer whose `stored` was true.")]


def add_recognitions(app: FastAPI, recognizer: Recognizer, archive: Archive | None) -> None:
    model = recognizer.card.version

    @app.post(
        "/api/recognitions",
        tags=["recognitions"],
        summary="Read the digit in an image",
        response_description="What the image holds. A letter or a blank sheet is an answer too.",
        responses=_INPUT_PROBLEMS,
        openapi_extra={"requestBody": ANY_FORM},
    )
    async def create_recognition(
        request: Request,
        explain: Annotated[
            bool,
            Query(description="Add what the model saw, where the ink was, and its `strangeness`."),
        ] = False,
        store: Annotated[
            bool, Query(description="Keep image and answer, where there is a store.")
        ] = True,
    ) -> ExplainedAnswer | Answer:
        body = await read_body(request)
        image = extract_image(body, request.headers.get("content-type", ""))
        reading = await read_image(recognizer, image)
        record_id = new_id()
        fields = describe_recognition(
            reading.recognition,
            record_id=record_id,
            model=model,
            seconds=reading.seconds,
            stored=store and archive is not None and await keep(archive, record_id, reading, image),
        )
        if explain:
            return ExplainedAnswer(**fields, **explain_recognition(reading.recognition))
        return Answer(**fields)

    @app.get(
        "/api/recognitions/{id}",
        tags=["recognitions"],
        summary="See a recognition that was kept",
        responses=_RECORD_PROBLEMS,
    )
    async def read_recognition(id: RecordId) -> KeptRecognition:
        record = None
        if archive is not None and is_id(id):
            record = await run_in_threadpool(archive.find, id)
        if record is None:
            raise _unknown_record()
        return describe_record(record)

    @app.delete(
        "/api/recognitions/{id}",
        tags=["recognitions"],
        summary="Remove a recognition that was kept, and its image",
        status_code=204,
        responses=_RECORD_PROBLEMS,
    )
    async def delete_recognition(id: RecordId) -> Response:
        if archive is None or not is_id(id) or not await run_in_threadpool(archive.remove, id):
            raise _unknown_record()
        return Response(status_code=204)

    async def keep(archive: Archive, record_id: str, reading: Reading, image: bytes) -> bool:
        """Returns whether it worked: a store that fails must not cost the answer."""
        image_format = sniff_format(image)
        assert image_format is not None  # it was read
        image_key = f"{record_id}.{image_format.lower()}"
        record = new_record(
            reading.recognition, record_id=record_id, model=model, image_key=image_key
        )
        try:
            await run_in_threadpool(archive.keep, record, image)
        except Exception as error:  # whatever a store may raise
            log.error("A recognition could not be kept", exc_info=error)
            return False
        return True


def _unknown_record() -> UnknownRecord:
    return UnknownRecord("No recognition is kept under this id.")
