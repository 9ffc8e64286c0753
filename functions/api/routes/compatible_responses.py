"""OpenAPI's `responses` for the routes that existing clients know."""

from typing import Any, Final

from api.problem_examples import IMAGE_ERRORS, document_problems
from api.schemas import CertainPredictionError, PredictionError

Responses = dict[int | str, dict[str, Any]]

_OTHERS: Final = document_problems()
"""What no existing client knows: errors that are our own, and those of a server on the way."""


def _error(model: type, description: str, name: str, **examples: str) -> dict[str, Any]:
    values = {title.replace("_", " "): {"value": {name: text}} for title, text in examples.items()}
    return {
        "model": model,
        "description": description,
        "content": {"application/json": {"examples": values}},
    }


PREDICTION_RESPONSES: Final[Responses] = {
    200: {
        "description": "The digit. Where the image is blank or holds none, the nearest one, with "
        "the confidence of a guess: 0.1.",
        "content": {
            "text/plain": {
                "schema": {"type": "string", "pattern": "^[0-9]$"},
                "example": "7",
            }
        },
    },
    400: _error(
        PredictionError,
        "The file is not an image that can be read",
        "detail",
        damaged="The PNG image is damaged.",
        unsupported="The bytes are not a PNG, JPEG, WebP, GIF or BMP image.",
        too_large="The image has more than 4 MiB.",
        not_base64="The image is not valid base64.",
    ),
    422: _error(
        PredictionError,
        "There is no field `file` or `img`",
        "detail",
        missing="The request has no image in a form field 'file' or 'img'.",
    ),
    **_OTHERS,
}

CERTAIN_PREDICTION_RESPONSES: Final[Responses] = {
    200: {"description": "The digit, of which the model is at least 60 % certain."},
    400: _error(
        CertainPredictionError,
        "There is no image that can be read, or no digit that is certain enough",
        "error",
        missing="The JSON has no 'image'.",
        uncertain="No digit is 60% certain.",
        no_digit="The image holds no digit.",
        blank="The image is blank.",
        damaged="The PNG image is damaged.",
        not_base64="The image is not valid base64.",
    ),
    **_OTHERS,
}

OCR_RESPONSES: Final[Responses] = {
    200: {
        "description": "What the file is, and the digit that was read from it. Where there is "
        "none, `info` says so.",
    },
    **document_problems(*IMAGE_ERRORS),
}
