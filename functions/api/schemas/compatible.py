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
