"""`only_parameters`: the parameters of an address, each once, and none of another name.

A word that is misspelt would else be as good as none: `?Store=false`, and the image is kept.
"""

from typing import Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from api.errors import UnknownParameter


def only_parameters(*names: str) -> Any:
    """What a route depends on that has these parameters.

    It raises UnknownParameter for any other, and RequestValidationError for one that is there
    twice: of two words that differ, neither is guessed at.
    """
    known = ", ".join(map(repr, names))

    async def check_parameters(request: Request) -> None:
        given = request.query_params
        if not given.keys() <= set(names):
            raise UnknownParameter(f"A parameter has none of the names {known}.")
        if repeated := [name for name in names if len(given.getlist(name)) > 1]:
            raise RequestValidationError([{"loc": ("query", name)} for name in repeated])

    return Depends(check_parameters)
