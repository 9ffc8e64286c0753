"""What the API takes and answers of what was kept, as pydantic models."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.answer_examples import KEPT, LABEL, UNREADABLE
from api.schemas.quantities import Digit, Scores, Share
from api.schemas.uploads import UnreadableUpload, describe_refusal
from recognition.result import Outcome
from storage.records import FinishedRecord, Page, RecognitionRecord, RefusedUpload


def _drop_fraction(value: Any) -> Any:
    """7.0 to 7: JSON has one kind of number, and some clients write it with a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class LabelRequest(BaseModel):
    """The right digit. A text or a truth value is none, and there is nothing else to say."""

    digit: Annotated[Digit, Field(strict=True), BeforeValidator(_drop_fraction)]

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"digit": 7}})


class Label(BaseModel):
    """The right digit, from someone who knows it."""

    digit: Digit
    trusted: bool = Field(description="Whether it was given with an API key.")
    labelled_at: datetime = Field(description="When this digit was first given: in UTC.")

    model_config = ConfigDict(json_schema_extra={"example": LABEL})


class KeptRecognition(BaseModel):
    """A recognition that was kept."""

    id: str = Field(description="Whoever has it may see, label and remove the record.")
    created_at: datetime = Field(description="In UTC, as the id has it.")
    expires_at: datetime = Field(description="From then on it's gone, image and all: in UTC.")
    outcome: Outcome
    digit: Digit | None = Field(description="As it was read. Null for `not_a_digit` and `blank`.")
    confidence: Share = Field(description="The highest of the scores.")
    scores: Scores = Field(description="How probable each digit from 0 to 9 is.")
    strangeness: Share = Field(description="How unlike a digit. 1 for `blank`.")
    model: str = Field(description="The version of the model that answered.")
    image: str = Field(description="Where the image is, on this server.")
    label: Label | None = Field(description="Null until somebody gives one.")

    model_config = ConfigDict(json_schema_extra={"example": KEPT})


class KeptRecognitions(BaseModel):
    """A page of what was kept."""

    recognitions: list[KeptRecognition | UnreadableUpload] = Field(
        description="Newest first. There may be fewer than asked for, or none, and still a next "
        "page."
    )
    next: str | None = Field(description="What the next page comes `after`. Null at the end.")

    model_config = ConfigDict(
        json_schema_extra={"example": {"recognitions": [KEPT, UNREADABLE], "next": KEPT["id"]}}
    )


def describe_record(record: RecognitionRecord, *, url: str) -> KeptRecognition:
    """
    Args:
        url: of all recognitions, on this server.
    """
    label = record.label
    return KeptRecognition(
        id=record.id,
        created_at=record.created_at,
        expires_at=record.expires_at,
        outcome=record.outcome,
        digit=record.digit,
        confidence=record.confidence,
        scores=list(record.scores),
        strangeness=record.strangeness,
        model=record.model,
        image=f"{url}/{record.id}/image",
        label=None
        if label is None
        else Label(digit=label.digit, trusted=label.trusted, labelled_at=label.labelled_at),
    )


def describe_finished(record: FinishedRecord, *, url: str) -> KeptRecognition | UnreadableUpload:
    if isinstance(record, RefusedUpload):
        return describe_refusal(record)
    return describe_record(record, url=url)


def describe_page(page: Page, *, url: str) -> KeptRecognitions:
    return KeptRecognitions(
        recognitions=[describe_finished(record, url=url) for record in page.records],
        next=page.next,
    )
