"""`POST /api/recognitions`: read the digit in an image."""

from typing import Annotated, Final

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from api.errors import InvalidId
from api.inputs import extract_image, read_body
from api.keeping import Keeping, Keepsake
from api.logs import note
from api.parameters import only_parameters
from api.problem_examples import IMAGE_ERRORS, document_problems
from api.reading import read_image
from api.request_bodies import ANY_FORM
from api.schemas import Answer, ExplainedAnswer, describe_recognition, explain_recognition
from recognition.recognizer import Recognizer
from recognition.result import Recognition
from storage.errors import IdTaken
from storage.ids import is_new, new_id

_PROBLEMS: Final = document_problems(*IMAGE_ERRORS, RequestValidationError, InvalidId, IdTaken)

Explain = Annotated[
    bool,
    Query(description="Add what the model saw, where the ink was, and its `strangeness`."),
]
Store = Annotated[bool, Query(description="Keep image and answer, where there is a store.")]

GivenId = Annotated[
    str | None,
    Query(
        description="The answer's id, of your own making: a UUID of version 7 (RFC 9562) of this "
        "moment. Who has it before the answer can delete what was kept if no answer comes, or send "
        "the image again: the same under the same id is kept once. Without it, the id is made here."
    ),
]

HOW_TO_ANSWER: Final = only_parameters("store", "explain")


def add_recognitions(app: FastAPI, recognizer: Recognizer, keeping: Keeping) -> None:
    model = recognizer.card.version

    @app.post(
        "/api/recognitions",
        tags=["recognitions"],
        summary="Read the digit in an image",
        response_description="What the image holds. A letter or a blank sheet is an answer too.",
        responses=_PROBLEMS,
        openapi_extra={"requestBody": ANY_FORM},
        dependencies=[only_parameters("store", "explain", "id")],
    )
    async def create_recognition(
        request: Request, store: Store = True, explain: Explain = False, id: GivenId = None
    ) -> ExplainedAnswer | Answer:
        record_id = new_id() if id is None else take_id(id)
        body = await read_body(request)
        content_type = request.headers.get("content-type", "")
        image = await run_in_threadpool(extract_image, body, content_type)
        reading = await read_image(recognizer, image)
        keepsakes = [Keepsake(record_id, reading.recognition, image)] if store else []
        stored = any(await keeping.keep(keepsakes))
        note(stored=stored)
        return make_answer(
            reading.recognition,
            record_id=record_id,
            model=model,
            seconds=reading.seconds,
            stored=stored,
            explain=explain,
        )


def take_id(given: str) -> str:
    """An id that came with an image, as it's kept. Raises InvalidId."""
    record_id = given.lower()  # RFC 9562, section 4
    if not is_new(record_id):
        raise InvalidId("The id must be a UUID of version 7 that was made within the last hour.")
    return record_id


def make_answer(
    recognition: Recognition,
    *,
    record_id: str,
    model: str,
    seconds: float,
    stored: bool,
    explain: bool,
) -> ExplainedAnswer | Answer:
    """The answer to one image, with what it was decided by or without."""
    fields = describe_recognition(
        recognition, record_id=record_id, model=model, seconds=seconds, stored=stored
    )
    if explain:
        return ExplainedAnswer(**fields, **explain_recognition(recognition))
    return Answer(**fields)
