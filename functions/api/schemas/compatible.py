"""What existing clients know, as pydantic models."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.quantities import Digit, Share


class Prediction(BaseModel):
    """The answer that existing clients of `/predict` know."""

    digit: Digit = Field(description="The nearest one, where the image holds none.")
    confidence: Share = Field(description="A guess's, 0.1, where the image holds no digit.")
    processing_time: float = Field(ge=0, description="Seconds.")

    model_config = ConfigDict(
        json_schema_extra={"example": {"digit": 7, "confidence": 0.982, "processing_time": 0.0011}}
    )


class PredictionError(BaseModel):
    """The error that existing clients of `/predict` know."""

    detail: str

    model_config = ConfigDict(
        json_schema_extra={"example": {"detail": "The request has no image."}}
    )


class CertainPrediction(BaseModel):
    """The answer that existing clients of `/api/predict` know."""

    prediction: Digit
    certainty: float = Field(ge=60, le=100, description="Percent, to two decimals.")

    model_config = ConfigDict(json_schema_extra={"example": {"prediction": 7, "certainty": 98.2}})


class CertainPredictionError(BaseModel):
    """The error that existing clients of `/api/predict` know."""

    error: str

    model_config = ConfigDict(json_schema_extra={"example": {"error": "The image is blank."}})


class OcrAnswer(BaseModel):
    """The answer that existing clients of `/ocr` know."""

    filename: str = Field(
        description="The file's own name, without folders. Characters that a name has no need of "
        "are underscores. Empty where none was sent."
    )
    info: str = Field(description="What the image is, and the digit that was read from it.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"filename": "7.png", "info": "PNG, 280x280 pixels, mode L: digit 7"}
        }
    )
