"""The contracts that existing clients speak, each kept to the letter."""

from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from api.errors import InputError, MissingImage
from api.inputs import extract_field, read_body
from api.reading import read_image
from api.request_bodies import FILE_FORM
from api.schemas import Prediction, PredictionError
from recognition.errors import ImageError
from recognition.recognizer import Recognizer

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
        response_description="The digit; the nearest one, if the image is blank or none at all.",
        responses=_ERRORS,
        openapi_extra={"requestBody": FILE_FORM},
    )
    async def predict(request: Request) -> Prediction | JSONResponse:
        try:
            body = await read_body(request)
            image = extract_field(body, request.headers.get("content-type", ""), ("file",))
            reading = await read_image(recognizer, image)
        except MissingImage as error:
            return JSONResponse({"detail": str(error)}, 422)
        except (InputError, ImageError) as error:
            return JSONResponse({"detail": str(error)}, 400)
        return Prediction(
            digit=reading.recognition.nearest_digit,
            confidence=reading.recognition.confidence,
            processing_time=reading.seconds,
        )
