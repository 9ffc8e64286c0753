"""The contracts that existing clients speak, each kept to the letter. Nothing of theirs is stored:
they were never told that anything would be."""

from functools import partial
from typing import Final

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from api.base64_text import decode_data_url, is_data_url
from api.errors import InputError, MissingImage
from api.file_names import clean_file_name
from api.inputs import decode_part, extract_from_json, find_field, read_body
from api.logs import note
from api.problems import problem_of
from api.reading import read_image, run_reading
from api.request_bodies import FILE_FORM, JSON_FORM, PREDICT_FORM
from api.routes.compatible_responses import (
    CERTAIN_PREDICTION_RESPONSES,
    OCR_RESPONSES,
    PREDICTION_RESPONSES,
)
from api.schemas import CertainPrediction, OcrAnswer, Prediction
from recognition.classifier import DIGITS
from recognition.errors import ImageError
from recognition.header import Header, read_header
from recognition.recognizer import Recognizer
from recognition.result import Outcome, Recognition

GUESS: Final = 1 / DIGITS
"""The confidence of a digit that stands for none. An A looks more like a 4 than like any other
digit, and these clients can't be told that it is neither: only that the 4 is a mere guess."""
MIN_CERTAINTY: Final = 0.6
"""Below it, `/api/predict` refuses to answer."""


def add_compatible(app: FastAPI, recognizer: Recognizer) -> None:
    # Each at both addresses, because a redirect would lose the body in some clients, and the stage
    # in API Gateway's address.
    @app.post("/predict", include_in_schema=False)
    @app.post(
        "/predict/",
        tags=["compatible"],
        summary="Read the digit in a file, or in a data URL",
        description="A form's field `file` is answered with JSON. Its field `img`, or a data URL "
        "as the body itself, is answered with the bare digit.",
        response_model=Prediction,
        responses=PREDICTION_RESPONSES,
        openapi_extra={"requestBody": PREDICT_FORM},
    )
    async def predict(request: Request) -> Response:
        try:
            body = await read_body(request)
            image, is_file = await run_reading(partial(find_image, body, _content_type(request)))
            reading = await read_image(recognizer, lambda: image)
        except (InputError, ImageError) as error:
            status = 422 if isinstance(error, MissingImage) else 400
            return refuse("detail", error, status)
        digit, confidence = find_nearest_digit(reading.recognition)
        if not is_file:
            return PlainTextResponse(str(digit))
        prediction = Prediction(digit=digit, confidence=confidence, processing_time=reading.seconds)
        return JSONResponse(prediction.model_dump())

    @app.post("/api/predict/", include_in_schema=False)
    @app.post(
        "/api/predict",
        tags=["compatible"],
        summary="Read the digit in an image in JSON, or refuse",
        response_model=CertainPrediction,
        responses=CERTAIN_PREDICTION_RESPONSES,
        openapi_extra={"requestBody": JSON_FORM},
    )
    async def predict_certainly(request: Request) -> Response:
        try:
            body = await read_body(request)
            reading = await read_image(recognizer, lambda: extract_from_json(body))
        except (InputError, ImageError) as error:
            return refuse("error", error, 400)
        digit, confidence = find_nearest_digit(reading.recognition)
        if confidence < MIN_CERTAINTY:
            return JSONResponse({"error": explain_refusal(reading.recognition)}, 400)
        certainty = round(100 * confidence, 2)
        return JSONResponse(CertainPrediction(prediction=digit, certainty=certainty).model_dump())

    @app.post("/ocr/", include_in_schema=False)
    @app.post(
        "/ocr",
        tags=["compatible"],
        summary="See what a file is, and the digit in it",
        responses=OCR_RESPONSES,
        openapi_extra={"requestBody": FILE_FORM},
    )
    async def read_file(request: Request) -> OcrAnswer:
        body = await read_body(request)
        name, image = await run_reading(partial(find_file, body, _content_type(request)))
        reading = await read_image(recognizer, lambda: image)
        header = await run_reading(partial(read_header, image))
        return OcrAnswer(
            filename=clean_file_name(name),
            info=describe_image(header, reading.recognition),
        )


def find_image(body: bytes, content_type: str) -> tuple[bytes, bool]:
    """The image of a request to `/predict`, and whether it came as `file`. Raises InputError."""
    if is_data_url(body):
        return decode_data_url(body), False
    part = find_field(body, content_type, ("file", "img"))
    return decode_part(part), part.name == "file"


def find_file(body: bytes, content_type: str) -> tuple[str, bytes]:
    """The name of the file of a request to `/ocr`, and its image. Raises InputError."""
    part = find_field(body, content_type, ("file",))
    return part.file_name or "", decode_part(part)


def find_nearest_digit(recognition: Recognition) -> tuple[int, float]:
    """The digit for a client that can take nothing else, and its confidence, 0 to 1."""
    if recognition.digit is None:
        return recognition.nearest_digit, GUESS
    return recognition.digit, recognition.confidence


def explain_refusal(recognition: Recognition) -> str:
    """Why there is no prediction."""
    if recognition.outcome is Outcome.BLANK:
        return "The image is blank."
    if recognition.outcome is Outcome.NOT_A_DIGIT:
        return "The image holds no digit."
    return f"No digit is {MIN_CERTAINTY:.0%} certain."


def describe_image(header: Header, recognition: Recognition) -> str:
    """What an image is, and what was read from it, in a line: this contract has words for all."""
    read = {
        Outcome.DIGIT: f"digit {recognition.digit}",
        Outcome.UNCERTAIN: f"probably digit {recognition.digit}",
        Outcome.NOT_A_DIGIT: "no digit",
        Outcome.BLANK: "blank",
    }[recognition.outcome]
    size = f"{header.width}x{header.height}"
    return f"{header.format}, {size} pixels, mode {header.mode}: {read}"


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")


def refuse(name: str, error: Exception, status: int) -> JSONResponse:
    """An error as a client knows it: one text, under one name."""
    note(problem=problem_of(error).type)
    return JSONResponse({name: str(error)}, status)
