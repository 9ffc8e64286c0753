"""The contracts that existing clients speak, each kept to the letter."""

from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from api.errors import InputError, MissingImage
from api.inputs import decode_part, find_field, read_body
from api.reading import read_image
from api.request_bodies import FILE_FORM
from api.schemas import Prediction, PredictionError
from recognition.classifier import DIGITS
from recognition.errors import ImageError
from recognition.recognizer import Recognizer
from recognition.result import Recognition

GUESS: Final = 1 / DIGITS
"""The confidence of a digit that stands for none. An A looks more like a 4 than like any other
digit, and these clients can't be told that it is neither: only that the 4 is a mere guess."""

_ERRORS: Final[dict[int | str, dict[str, object]]] = {
    400: {
        "model": PredictionError,
        "description": "The file is not an image that can be read",
        "content": {"application/json": {"example": {"detail": "The PNG image is damaged."}}},
    },
    422: {
        "model": PredictionError,
        "description": "There is no field `file`",
        "content": {
            "application/json": {
                "example": {"detail": "The request has no image in a form field 'file'."}
            }
        },
    },
}


def add_compatible(app: FastAPI, recognizer: Recognizer) -> None:
    # Both addresses, because a redirect would lose the body in some clients, and the stage in API
    # Gateway's address.
    @app.post("/predict", response_model=Prediction, include_in_schema=False)
    @app.post(
        "/predict/",
        tags=["compatible"],
        summary="Read the digit in an uploaded file",
        response_model=Prediction,
        response_description="The digit. Where the image is blank or holds none, the nearest one, "
        "with the confidence of a guess: 0.1.",
        responses=_ERRORS,
        openapi_extra={"requestBody": FILE_FORM},
    )
    async def predict(request: Request) -> Prediction | JSONResponse:
        try:
            body = await read_body(request)
            part = find_field(body, request.headers.get("content-type", ""), ("file",))
            image = decode_part(part)
            reading = await read_image(recognizer, image)
        except MissingImage as error:
            return JSONResponse({"detail": str(error)}, 422)
        except (InputError, ImageError) as error:
            return JSONResponse({"detail": str(error)}, 400)
        digit, confidence = find_nearest_digit(reading.recognition)
        return Prediction(digit=digit, confidence=confidence, processing_time=reading.seconds)


def find_nearest_digit(recognition: Recognition) -> tuple[int, float]:
    """The digit for a client that can take nothing else, and its confidence, 0 to 1."""
    if recognition.digit is None:
        return recognition.nearest_digit, GUESS
    return recognition.digit, recognition.confidence
