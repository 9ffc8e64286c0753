"""The API as tutorials have it: FastAPI, `def` routes, Pillow, and a network that is called.

Half of what Inkling's API does: no batches, records, labels, uploads or page; any image is taken.
"""

import asyncio
import base64
import io
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from fastapi import FastAPI, File, HTTPException, UploadFile
from mangum import Mangum
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel

Predict = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""float32 (1, 28, 28, 1), 0 paper to 1 ink, to float32 (10,), the digits' probabilities."""


class Drawing(BaseModel):
    image: str
    """A data URL."""


class Recognition(BaseModel):
    digit: int
    confidence: float
    scores: list[float]


def create_app(predict: Predict) -> FastAPI:
    app = FastAPI(title="Digits")

    @app.get("/api/health")
    def get_health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/api/recognitions")
    def recognize_file(file: Annotated[UploadFile, File()]) -> Recognition:
        return recognize(file.file.read())

    @app.post("/api/recognitions/json")
    def recognize_drawing(drawing: Drawing) -> Recognition:
        return recognize(base64.b64decode(drawing.image.partition(",")[2]))

    def recognize(data: bytes) -> Recognition:
        try:
            image = Image.open(io.BytesIO(data))
            pixels = preprocess(image)
        except OSError:
            raise HTTPException(400, "Not an image") from None
        scores = predict(pixels)
        digit = int(scores.argmax())
        return Recognition(digit=digit, confidence=float(scores[digit]), scores=scores.tolist())

    return app


def preprocess(image: Image.Image) -> NDArray[np.float32]:
    """The picture as it is, made small: float32 (1, 28, 28, 1), 0 paper to 1 ink."""
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    small = image.convert("L").resize((28, 28))
    grey: NDArray[np.float32] = np.array(small, dtype=np.float32) / np.float32(255)
    return (1 - grey).reshape(1, 28, 28, 1)


def make_handler(app: FastAPI) -> Any:
    """For Lambda. Mangum looks for an event loop, and Python 3.13 makes none by itself."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    return Mangum(app, lifespan="off")
