"""`GivenKey`: the API key that a request has, as FastAPI finds and documents it."""

from typing import Annotated, Final

from fastapi import Security
from fastapi.security import APIKeyHeader

from api.keys import HEADER

_HEADER: Final = APIKeyHeader(
    name=HEADER,
    scheme_name="apiKey",
    description="Of the people who run this installation.",
    auto_error=False,
)

GivenKey = Annotated[str | None, Security(_HEADER)]
"""None where it has none."""
