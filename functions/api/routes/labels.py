"""`PUT /api/recognitions/{id}/label`: the right digit, from the person who drew it."""

from typing import Any, Final

from fastapi import FastAPI, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.errors import (
    ApiKeyRequired,
    BodyTooLarge,
    BodyTooSlow,
    InvalidBody,
    InvalidLabel,
    LabelTooLarge,
    UnsupportedEncoding,
)
from api.given_key import GivenKey
from api.inputs import read_body
from api.json_object import parse_json_object
from api.keys import ApiKeys
from api.problem_examples import document_problems
from api.routes.records import (
    RECORD_PROBLEMS,
    RECORD_URL,
    RecordId,
    find_url,
    unknown_record,
)
from api.schemas import KeptRecognition, LabelRequest, describe_record
from storage.archive import Archive
from storage.ids import is_id
from storage.records import new_label

MAX_LABEL_BYTES: Final = 1024
"""One digit, its name and some space: twelve bytes will do."""

_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {"application/json": {"schema": LabelRequest.model_json_schema()}},
}


def add_labels(app: FastAPI, archive: Archive | None, keys: ApiKeys) -> None:
    @app.put(
        RECORD_URL + "/label",
        tags=["records"],
        summary="Say which digit it is",
        description="Whoever has the record's id may label it: the last label counts, and the "
        "same again changes nothing. It's trusted if an API key comes with it.",
        response_description="The record, with its label.",
        responses=document_problems(
            *RECORD_PROBLEMS,
            ApiKeyRequired,
            InvalidBody,
            LabelTooLarge,
            BodyTooSlow,
            UnsupportedEncoding,
            InvalidLabel,
        ),
        openapi_extra={
            "requestBody": _BODY,
            "security": [{}],  # besides the key's: it need not be there
        },
    )
    async def label_recognition(request: Request, id: RecordId, key: GivenKey) -> KeptRecognition:
        trusted = keys.trusts(key)
        label = new_label(parse_label(await read_label(request)), trusted=trusted)
        record = None
        if archive is not None and is_id(id):
            record = await run_in_threadpool(archive.label, id, label)
        if record is None:
            raise unknown_record()
        return describe_record(record, url=find_url(request))


async def read_label(request: Request) -> bytes:
    """A label's JSON. Raises LabelTooLarge or BodyTooSlow."""
    try:
        return await read_body(request, most=MAX_LABEL_BYTES)
    except BodyTooLarge as error:
        raise LabelTooLarge(f"A label has at most {MAX_LABEL_BYTES // 1024} KiB.") from error


def parse_label(body: bytes) -> int:
    """The digit in a label's JSON, 0 to 9. Raises InvalidBody or InvalidLabel."""
    try:
        return LabelRequest.model_validate(parse_json_object(body)).digit
    except ValidationError as error:
        raise InvalidLabel(
            "The JSON must be an object with 'digit', an integer from 0 to 9, and nothing else."
        ) from error
