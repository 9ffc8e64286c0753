"""What the API answers, as pydantic models: the only ones, and only at this edge."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.answer_examples import ANSWERS, KEPT
from recognition.result import Outcome, Recognition
from storage.records import RecognitionRecord

Share = Annotated[float, Field(ge=0, le=1)]
Digit = Annotated[int, Field(ge=0, le=9)]
Scores = Annotated[list[Share], Field(min_length=10, max_length=10)]


class Answer(BaseModel):
    """What an image turned out to hold."""

    id: str = Field(description="Can't be guessed, and sorts by time (a UUID of version 7).")
    outcome: Outcome = Field(
        description="`digit`: this digit. `uncertain`: probably this digit, but too unsure to rely "
        "on. `not_a_digit`: a letter, a scribble, several digits. `blank`: nothing at all."
    )
    digit: Digit | None = Field(description="Null for `not_a_digit` and `blank`.")
    confidence: Share = Field(description="The highest of the scores.")
    scores: Scores = Field(
        description="How probable each digit from 0 to 9 is, given that the image holds one: they "
        "sum to 1 for `not_a_digit` too, and are even for `blank`."
    )
    model: str = Field(description="The version of the model that answered.")
    processing_time: float = Field(ge=0, description="Seconds from the image to the answer.")
    stored: bool = Field(description="Whether image and answer were kept, under the id.")

    model_config = ConfigDict(json_schema_extra={"example": ANSWERS[Outcome.DIGIT]})


class InkBox(BaseModel):
    """Where the ink was: pixels of the upright image, `right` and `bottom` exclusive."""

    left: int
    top: int
    right: int
    bottom: int


class ExplainedAnswer(Answer):
    """An answer, what the model saw, and what the outcome was decided by."""

    pixels: list[list[Share]] | None = Field(
        description="28 rows of 28 numbers, 0 paper to 1 ink. Null for `blank`."
    )
    box: InkBox | None = Field(description="Null for `blank`.")
    strangeness: Share = Field(
        description="How unlike a digit, 0 to 1. Above the card's `not_a_digit_above` there is no "
        "digit. 1 for `blank`."
    )

    # Not the answer's own, which lacks these.
    model_config = ConfigDict(json_schema_extra=None)


class KeptRecognition(BaseModel):
    """A recognition that was kept."""

    id: str
    created_at: datetime
    outcome: Outcome
    digit: Digit | None
    confidence: Share
    scores: Scores
    model: str

    model_config = ConfigDict(json_schema_extra={"example": KEPT})


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


class Example(BaseModel):
    """An image of a digit to try."""

    name: str
    url: str
    digit: Digit


class Examples(BaseModel):
    examples: list[Example]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"examples": [{"name": "7", "url": "/static/test_digits/7.jpg", "digit": 7}]}
        }
    )


class ModelCard(BaseModel):
    """What is known of the model: the file's hash and size, its accuracy, how it was made."""

    version: str = Field(description="As the answers name it.")
    sha256: str
    thresholds: dict[str, float] = Field(
        description="`not_a_digit_above`: the strangeness from which there is no digit. "
        "`uncertain_below`: the confidence under which a digit is `uncertain`."
    )

    model_config = ConfigDict(extra="allow")


class Health(BaseModel):
    status: str = Field(examples=["ok"])
    model: str = Field(description="The sha256 of the model that answers.")


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="A slug that stays the same.")
    title: str
    status: int
    detail: str


def describe_recognition(
    recognition: Recognition, *, record_id: str, model: str, seconds: float, stored: bool
) -> dict[str, Any]:
    """The fields of an `Answer`."""
    return {
        "id": record_id,
        "outcome": recognition.outcome,
        "digit": recognition.digit,
        "confidence": recognition.confidence,
        "scores": list(recognition.scores),
        "model": model,
        "processing_time": seconds,
        "stored": stored,
    }


def explain_recognition(recognition: Recognition) -> dict[str, Any]:
    """The fields that an `ExplainedAnswer` has besides."""
    box = recognition.box
    return {
        # float32 has more digits than the eye has use for: four tell 10,000 shades apart.
        "pixels": None
        if recognition.pixels is None
        else [[round(value, 4) for value in row] for row in recognition.pixels.tolist()],
        "box": box and InkBox(left=box.left, top=box.top, right=box.right, bottom=box.bottom),
        "strangeness": recognition.strangeness,
    }


def describe_record(record: RecognitionRecord) -> KeptRecognition:
    return KeptRecognition(
        id=record.id,
        created_at=record.created_at,
        outcome=record.outcome,
        digit=record.digit,
        confidence=record.confidence,
        scores=list(record.scores),
        model=record.model,
    )
