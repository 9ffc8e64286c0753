"""`add_problem_handlers`: what FastAPI and Starlette raise, answered as our own errors are."""

from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Match

from api import errors as api
from api.logs import note
from api.problems import (
    NOT_FOUND,
    PROBLEMS,
    ProblemResponse,
    answer_error,
    problem_of_status,
)
from recognition import errors as recognition
from storage import errors as storage


def add_problem_handlers(app: FastAPI) -> None:
    """Have every exception answered by the table."""
    for base in (recognition.RecognitionError, storage.StorageError, api.ApiError):
        app.add_exception_handler(base, _answer)
    app.add_exception_handler(ClientDisconnect, _answer)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)


async def _answer(request: Request, error: Exception) -> ProblemResponse:
    return answer_error(error)


async def _answer_validation(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    # Names of our own parameters, and no more: pydantic's messages hold what was sent.
    problem = PROBLEMS[api.UnknownParameter]  # one that is known, and not valid, is no other
    note(problem=problem.type)
    places = sorted({".".join(map(str, each["loc"][:2])) for each in error.errors()})
    return ProblemResponse(problem, f"Not valid: {', '.join(places)}.")


async def _answer_http(request: Request, error: Exception) -> ProblemResponse:
    """Starlette's own errors, of which 404 and 405 are the ones that happen."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status == HTTPStatus.NOT_FOUND:
        note(problem=NOT_FOUND.type)
        return ProblemResponse(NOT_FOUND, "There is nothing at this address.", headers=headers)
    problem = problem_of_status(status)
    note(problem=problem.type)
    detail = status.description or status.phrase
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette names the methods of the first route at an address; there may be more.
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
        detail = f"This address answers to {headers['Allow']}."
    return ProblemResponse(problem, detail, headers=headers)


def _methods_at(request: Request) -> set[str]:
    methods: set[str] = set()
    # A mount that was tried has made its own prefix the root.
    root = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    scope = {**request.scope, "root_path": root}
    for route in request.app.routes:
        if route.matches(scope)[0] is not Match.NONE:
            methods |= getattr(route, "methods", None) or {"GET"}  # a mount has files
    return methods | {"HEAD"} if "GET" in methods else methods
