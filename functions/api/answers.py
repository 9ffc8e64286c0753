"""`describe_recognition`: what an image turned out to hold, as the API's answers have it.

`api.schemas.Answer` and `ExplainedAnswer` are their forms.
"""

from dataclasses import asdict
from typing import Any

from recognition.result import Recognition


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
        "box": box and asdict(box),
        "strangeness": recognition.strangeness,
    }
