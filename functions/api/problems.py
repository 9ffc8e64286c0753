"""Errors as `application/problem+json` (RFC 9457): one table from exception to problem.

A problem's `type` is a slug that clients may rely on. Its texts are ours: nothing of the request is
ever said back, and nothing of the inside is said at all.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from api import errors as api
from api.logs import find_request_id, log, note
from recognition import errors as recognition
from storage import errors as storage

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of error, as clients see it."""

    type: str
    """A slug, as stable as the API."""
    status: int
    title: str


def _refuse(error: type[recognition.ImageError], status: int, title: str) -> Problem:
    """The problem of an image, by the word that records and results have for it, too."""
    return Problem(recognition.REASONS[error], status, title)


_INTERNAL: Final = Problem("internal-error", 500, "Something went wrong here")
_STORAGE: Final = Problem("storage-unavailable", 503, "What was kept can't be reached now")
_TOO_LARGE: Final = _refuse(recognition.ImageTooLarge, 413, "The image is too large")
_INVALID_BODY: Final = Problem("invalid-body", 400, "The request's body is damaged")
_INVALID_REQUEST: Final = Problem("invalid-request", 422, "A parameter is not valid")
NOT_FOUND: Final = Problem("not-found", 404, "There is nothing here")

_CHALLENGE: Final = {"WWW-Authenticate": 'ApiKey realm="Inkling"'}
"""What a 401 must have (RFC 9110, section 11.6.1). No browser asks a person for such a key."""

PROBLEMS: Final[dict[type[Exception], Problem]] = {
    recognition.UnsupportedImage: _refuse(
        recognition.UnsupportedImage, 415, "The image is not of a format that is read"
    ),
    recognition.ImageTooLarge: _TOO_LARGE,
    recognition.TooManyBytes: _TOO_LARGE,
    recognition.TooManyPixels: _refuse(
        recognition.TooManyPixels, 413, "The image has too many pixels"
    ),
    recognition.ImageTooComplex: _refuse(
        recognition.ImageTooComplex, 422, "The image takes too much to decode"
    ),
    recognition.TooManyScans: _refuse(recognition.TooManyScans, 422, "The JPEG has too many scans"),
    recognition.DecodingTooSlow: _refuse(
        recognition.DecodingTooSlow, 422, "The image takes too long to decode"
    ),
    recognition.CorruptImage: _refuse(recognition.CorruptImage, 422, "The image is damaged"),
    recognition.ImageError: _refuse(recognition.ImageError, 422, "The image can't be read"),
    recognition.ModelError: _INTERNAL,
    recognition.RecognitionError: _INTERNAL,
    api.MissingImage: Problem("missing-image", 422, "The request has no image"),
    api.InvalidBase64: Problem("invalid-base64", 400, "The image is not valid base64"),
    api.TooManyParts: Problem("too-many-parts", 413, "The form has too many parts"),
    api.TooManyImages: Problem("too-many-images", 413, "The batch has too many images"),
    api.BodyTooLarge: _TOO_LARGE,
    api.LabelTooLarge: Problem("label-too-large", 413, "The label is too large"),
    api.BodyTooSlow: Problem("request-timeout", 408, "The request's body does not come"),
    api.UnsupportedEncoding: Problem("unsupported-encoding", 415, "The body is compressed"),
    api.InvalidBody: _INVALID_BODY,
    api.InputError: _INVALID_BODY,
    api.BatchOutOfTime: Problem("batch-out-of-time", 413, "The batch takes too long"),
    api.UnknownParameter: _INVALID_REQUEST,
    api.InvalidLabel: Problem("invalid-label", 422, "The label is not a digit"),
    api.InvalidId: Problem("invalid-id", 422, "The id is none of this time"),
    api.ApiKeyRequired: Problem("api-key-required", 401, "An API key is needed"),
    api.RateLimited: Problem("rate-limited", 429, "Too many requests"),
    api.UnknownRecord: NOT_FOUND,
    api.NoUploads: NOT_FOUND,
    api.InvalidEvent: Problem("invalid-event", 400, "The request did not arrive as HTTP"),
    api.SettingsError: _INTERNAL,
    api.ApiError: _INTERNAL,
    storage.StorageUnavailable: _STORAGE,
    storage.StoreTooNew: _STORAGE,
    storage.InvalidKey: _INTERNAL,
    storage.InvalidCursor: Problem("invalid-cursor", 422, "There is no page at this cursor"),
    storage.IdTaken: Problem("id-taken", 409, "The id is another image's"),
    # A form answers as S3 does: with its statuses, and its words.
    storage.FormForbidden: Problem("access-denied", 403, "The form lets no image in"),
    storage.UploadTooLarge: Problem("entity-too-large", 400, "The upload is too large"),
    storage.UploadEmpty: Problem("entity-too-small", 400, "The upload is empty"),
    storage.UploadRefused: Problem("access-denied", 403, "The form lets no image in"),
    storage.StorageError: _STORAGE,
    ClientDisconnect: Problem("request-aborted", 400, "The request broke off"),
}


def problem_of(error: Exception) -> Problem:
    """The problem of an exception's class, or of the nearest above it."""
    for ancestor in type(error).__mro__:
        if ancestor in PROBLEMS:
            return PROBLEMS[ancestor]
    return _INTERNAL


def problem_of_status(status: HTTPStatus) -> Problem:
    """The problem of what no exception of ours is for, in the words that HTTP itself has."""
    return Problem(status.phrase.lower().replace(" ", "-"), status, status.phrase)


def describe_problem(problem: Problem, detail: str) -> dict[str, Any]:
    """A problem's JSON. Its `instance` is the request's id, by which the log has it too."""
    return {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": detail,
        "instance": f"urn:uuid:{find_request_id() or UUID(int=0)}",
    }


class ProblemResponse(JSONResponse):
    """A problem, as an HTTP response."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, detail: str, **options: Any) -> None:
        super().__init__(describe_problem(problem, detail), problem.status, **options)


def answer_error(error: Exception) -> ProblemResponse:
    """The response to an exception; what is our own fault goes to the log, and only there."""
    problem, detail = explain_error(error)
    note(problem=problem.type)
    headers = {}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers = _CHALLENGE
    if isinstance(error, api.UnsupportedEncoding):
        headers = {"Accept-Encoding": "identity"}  # RFC 9110, section 15.5.16
    if isinstance(error, api.RateLimited):
        headers = {"Retry-After": str(error.seconds)}
    return ProblemResponse(problem, detail, headers=headers)


def explain_error(error: Exception) -> tuple[Problem, str]:
    """An exception's problem and its detail; what is our own fault goes to the log alone."""
    problem = problem_of(error)
    if problem.status >= 500:
        log.error(problem.title, exc_info=error)
        return problem, "The fault is not in the request. It has been logged."
    return problem, str(error) or f"{problem.title}."
