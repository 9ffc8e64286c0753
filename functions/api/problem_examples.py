"""Errors in the API's documentation (OpenAPI): each with an example, as the server says it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from api import errors as api
from api.answer_examples import EXAMPLE_INSTANCE
from api.problems import MEDIA_TYPE, PROBLEMS, Problem, describe_problem, problem_of_status
from recognition import errors as recognition

PROBLEM_SCHEMA: Final = "#/components/schemas/ProblemDetails"

IMAGE_ERRORS: Final = (
    recognition.UnsupportedImage,
    recognition.TooManyBytes,
    recognition.TooManyPixels,
    recognition.ImageTooComplex,
    recognition.TooManyScans,
    recognition.DecodingTooSlow,
    recognition.CorruptImage,
    api.MissingImage,
    api.InvalidBase64,
    api.InvalidBody,
    api.TooManyParts,
    api.BodyTooLarge,
    api.BodyTooSlow,
    api.UnsupportedEncoding,
)
"""What an image may be refused with, in any form that it arrives in."""

DETAILS: Final = {
    "api-key-required": "This needs a valid API key, in the header X-API-Key.",
    "batch-out-of-time": "The batch's time was over before this image's turn came. Send it again "
    "in a smaller one.",
    "corrupt-image": "The PNG image is damaged.",
    "decoding-too-slow": "The image takes more than 2 s to decode.",
    "id-taken": "Another image is kept under this id.",
    "image-too-complex": "The image takes too much memory to decode.",
    "image-too-large": "The image has more than 4 MiB.",
    "internal-error": "The fault is not in the request. It has been logged.",
    "invalid-base64": "The image is not valid base64.",
    "invalid-body": "The body is not JSON.",
    "invalid-cursor": "The cursor is none that a page of records came with.",
    "invalid-id": "The id must be a UUID of version 7 that was made within the last hour.",
    "invalid-label": "The JSON must be an object with 'digit', an integer from 0 to 9, and nothing "
    "else.",
    "invalid-request": "Not valid: query.store.",
    "label-too-large": "A label has at most 1 KiB.",
    "method-not-allowed": "This address answers to GET, HEAD.",
    "missing-image": "The request has no image.",
    "not-found": "No recognition is kept under this id.",
    "rate-limited": "Too many requests. Try again in 60 s.",
    "request-timeout": "The request did not end within 60 s.",
    "storage-unavailable": "The fault is not in the request. It has been logged.",
    "too-many-images": "A batch has at most 64 images.",
    "too-many-parts": "The multipart form has more than 200 parts.",
    "too-many-pixels": "The image has more than 25 megapixels.",
    "too-many-scans": "The JPEG has more than 200 scans.",
    "unsupported-encoding": "The body has a Content-Encoding. Send it as it is.",
    "unsupported-image": "The bytes are not a PNG, JPEG, WebP, GIF or BMP image.",
}
"""A problem's slug to what the server says of one."""

_METHOD: Final = problem_of_status(HTTPStatus.METHOD_NOT_ALLOWED)


def document_problems(*errors: type[Exception]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` for a route that may raise these: one for each status, and any other.

    Without that last, FastAPI documents an error of its own form, which is never answered.
    """
    by_status: dict[int, list[Problem]] = {}
    for error in errors:
        problems = by_status.setdefault(PROBLEMS[error].status, [])
        if PROBLEMS[error] not in problems:
            problems.append(PROBLEMS[error])
    documented: dict[int | str, dict[str, Any]] = {
        status: _document(problems) for status, problems in sorted(by_status.items())
    }
    others = [PROBLEMS[recognition.ModelError], PROBLEMS[api.RateLimited], _METHOD]
    return {**documented, "default": {**_document(others), "description": "Any other error"}}


def write_example(problem: Problem) -> dict[str, Any]:
    """A problem as it's answered."""
    return {**describe_problem(problem, DETAILS[problem.type]), "instance": EXAMPLE_INSTANCE}


def _document(problems: Sequence[Problem]) -> dict[str, Any]:
    examples = {problem.type: {"value": write_example(problem)} for problem in problems}
    return {
        "description": " / ".join(problem.title for problem in problems),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": PROBLEM_SCHEMA},
                "examples": examples,
            }
        },
    }
