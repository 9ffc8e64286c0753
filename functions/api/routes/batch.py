"""`POST /api/recognitions/batch`: read the digits in many images."""

import time
from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Final

from fastapi import FastAPI, Request

from api.answers import describe_recognition, explain_recognition
from api.errors import (
    BatchOutOfTime,
    BodyTooLarge,
    BodyTooSlow,
    InputError,
    InvalidBody,
    MissingImage,
    TooManyImages,
    TooManyParts,
    UnknownParameter,
    UnsupportedEncoding,
)
from api.inputs import extract_images, read_body
from api.keeping import Keeping, Keepsake
from api.logs import note, time_stages
from api.problem_examples import document_problems
from api.problems import describe_problem, explain_error, problem_of
from api.reading import run_reading
from api.request_bodies import BATCH_FORM
from api.routes.recognitions import HOW_TO_ANSWER, Explain, Store
from api.schemas import Answer, BatchAnswer, ExplainedAnswer, ProblemDetails
from recognition.preprocessing import NormalizedDigit
from recognition.recognizer import Recognizer
from recognition.result import Recognition
from storage.ids import new_id

MAX_BATCH_SECONDS: Final = 5.0
"""Of reading, after which no image of a batch is begun. The last one may take two and a half more
(decoding's own limit, and the preprocessing of 25 megapixels), and the stores one: Lambda ends it
all at 10. There no one else's images are read in between; elsewhere, those take none of this."""

_PROBLEMS: Final = document_problems(
    MissingImage,
    BodyTooLarge,
    BodyTooSlow,
    TooManyImages,
    TooManyParts,
    UnsupportedEncoding,
    InvalidBody,
    UnknownParameter,
)

Result = Recognition | Exception


def add_batch(app: FastAPI, recognizer: Recognizer, keeping: Keeping) -> None:
    model = recognizer.card.version

    @app.post(
        "/api/recognitions/batch",
        tags=["recognitions"],
        summary="Read the digits in many images",
        description="Each image has its own result, and fails alone. Images that are not begun "
        f"after {MAX_BATCH_SECONDS:g} seconds of reading fail as `batch-out-of-time`: send them "
        "again.",
        response_description="One result for each image, in their order.",
        responses=_PROBLEMS,
        openapi_extra={"requestBody": BATCH_FORM},
        dependencies=[HOW_TO_ANSWER],
    )
    async def create_recognitions(
        request: Request, store: Store = True, explain: Explain = False
    ) -> BatchAnswer:
        body = await read_body(request)
        content_type = request.headers.get("content-type", "")
        start = time.perf_counter()
        images = await run_reading(partial(extract_images, body, content_type))
        results = await read_images(recognizer, images)
        seconds = round(time.perf_counter() - start, 6)
        note(
            images=len(images),
            bytes=sum(len(image) for image in images if isinstance(image, bytes)),
            **count_results(results),
        )
        ids = [new_id() for _ in images]
        keepsakes = [
            Keepsake(record_id, result, image)
            for record_id, result, image in zip(ids, results, images, strict=True)
            if store and isinstance(result, Recognition) and isinstance(image, bytes)
        ]
        kept = await keeping.keep(keepsakes)
        stored = {each.record_id for each, is_kept in zip(keepsakes, kept, strict=True) if is_kept}
        note(stored=len(stored))

        explain_once = cache(explain_error)  # a fault is logged, which many may have in common

        def describe(record_id: str, result: Result) -> ExplainedAnswer | Answer | ProblemDetails:
            if not isinstance(result, Recognition):
                return ProblemDetails(**describe_problem(*explain_once(result)))
            fields = describe_recognition(
                result,
                record_id=record_id,
                model=model,
                seconds=seconds,
                stored=record_id in stored,
            )
            if explain:
                return ExplainedAnswer(**fields, **explain_recognition(result))
            return Answer(**fields)

        return BatchAnswer(
            results=[
                describe(record_id, result) for record_id, result in zip(ids, results, strict=True)
            ]
        )


def count_results(results: Sequence[Result]) -> dict[str, Any]:
    """What the log's line has of a batch: how many images were read, with which outcomes, and which
    problems the others have."""
    read = [result for result in results if isinstance(result, Recognition)]
    errors = [result for result in results if not isinstance(result, Recognition)]
    return {
        "read": len(read),
        "outcomes": Counter(each.outcome for each in read),
        "problems": Counter(problem_of(error).type for error in errors),
    }


async def read_images(recognizer: Recognizer, images: Sequence[bytes | InputError]) -> list[Result]:
    """Read what there is to read, for as long as there is time.

    Each image waits for its turn anew. A batch that held its thread from first to last would keep
    everyone else waiting for seconds.

    Args:
        images: whole files, or what is wrong with their wrapping.

    Returns:
        For each its recognition, or why there is none: a fault of our own, too, is one image's.
    """
    late = BatchOutOfTime(
        "The batch's time was over before this image's turn came. Send it again in a smaller one."
    )
    seconds = 0.0

    def normalize(image: bytes) -> NormalizedDigit | Exception | None:
        nonlocal seconds
        start = time.perf_counter()
        try:
            return recognizer.normalize(image, time_stages())
        except Exception as error:
            return error
        finally:
            seconds += time.perf_counter() - start

    def recognize(digits: Sequence[NormalizedDigit | None]) -> Sequence[Result]:
        try:
            return recognizer.recognize_normalized(digits, time_stages())
        except Exception as error:
            return [error] * len(digits)

    normalized: list[NormalizedDigit | Exception | None] = []
    for image in images:
        if not isinstance(image, bytes):
            normalized.append(image)
        elif seconds > MAX_BATCH_SECONDS:
            normalized.append(late)
        else:
            normalized.append(await run_reading(partial(normalize, image)))
    digits = [each for each in normalized if not isinstance(each, Exception)]
    read = iter(await run_reading(partial(recognize, digits)))
    return [each if isinstance(each, Exception) else next(read) for each in normalized]
