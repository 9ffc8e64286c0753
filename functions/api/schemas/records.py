"""What the API answers of what was kept, as pydantic models."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from api.answer_examples import KEPT
from api.schemas.quantities import Digit, Scores, Share
from recognition.result import Outcome
from storage.records import RecognitionRecord


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
