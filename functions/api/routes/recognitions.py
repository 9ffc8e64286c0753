"""`POST /api/recognitions`: read the digit in an image."""

from typing import Annotated, Final

from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from api.answering import Answering
from api.errors import InvalidId, UnknownParameter
from api.parameters import only_parameters
from api.problem_examples import IMAGE_ERRORS, document_problems
from api.request_bodies import ANY_FORM
from api.schemas import Answer, ExplainedAnswer
from storage.errors import IdTaken

_PROBLEMS: Final = document_problems(*IMAGE_ERRORS, UnknownParameter, InvalidId, IdTaken)

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


def add_recognitions(app: FastAPI, answering: Answering) -> None:
    @app.post(
        "/api/recognitions",
        tags=["recognitions"],
        summary="Read the digit in an image",
        response_description="What the image holds. A letter or a blank sheet is an answer too.",
        response_model=ExplainedAnswer | Answer,
        responses=_PROBLEMS,
        openapi_extra={"requestBody": ANY_FORM},
        dependencies=[only_parameters("store", "explain", "id")],
    )
    async def create_recognition(
        request: Request, store: Store = True, explain: Explain = False, id: GivenId = None
    ) -> Response:
        return await answering.answer(request, store=store, explain=explain, id=id)
