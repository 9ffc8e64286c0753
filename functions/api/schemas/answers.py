"""What an image turned out to hold, as pydantic models."""

from pydantic import BaseModel, ConfigDict, Field

from api.answer_examples import ANSWERS, BATCH
from api.schemas.quantities import Digit, Scores, Share
from api.schemas.service import ProblemDetails
from recognition.result import Outcome


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
    processing_time: float = Field(
        ge=0, description="Seconds from the image to the answer. In a batch, the whole batch's."
    )
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


class BatchAnswer(BaseModel):
    """What each image of a batch turned out to hold."""

    results: list[ExplainedAnswer | Answer | ProblemDetails] = Field(
        description="In the images' order: an answer, or what is wrong with that image."
    )

    model_config = ConfigDict(json_schema_extra={"example": BATCH})
