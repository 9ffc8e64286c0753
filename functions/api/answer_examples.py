"""An answer for each outcome, as the API's documentation shows them."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from pydantic import JsonValue

from recognition.result import Outcome

_ID: Final = "019c21ac-ec65-7b0b-9d1c-5a1e0f2c3b4d"
_MODEL: Final = "0123456789ab"


def _answer(
    outcome: Outcome, digit: int | None, scores: Sequence[float], seconds: float
) -> dict[str, JsonValue]:
    return {
        "id": _ID,
        "outcome": outcome.value,
        "digit": digit,
        "confidence": max(scores),
        "scores": list(scores),
        "model": _MODEL,
        "processing_time": seconds,
        "stored": True,
    }


ANSWERS: Final = {
    Outcome.DIGIT: _answer(
        Outcome.DIGIT,
        7,
        (0.001, 0.001, 0.004, 0.001, 0.001, 0.001, 0.001, 0.982, 0.002, 0.006),
        0.0011,
    ),
    Outcome.UNCERTAIN: _answer(
        Outcome.UNCERTAIN,
        1,
        (0.002, 0.513, 0.021, 0.002, 0.007, 0.001, 0.002, 0.446, 0.002, 0.004),
        0.0012,
    ),
    # The letter A.
    Outcome.NOT_A_DIGIT: _answer(
        Outcome.NOT_A_DIGIT,
        None,
        (0.023, 0.008, 0.041, 0.016, 0.694, 0.009, 0.087, 0.012, 0.062, 0.048),
        0.0012,
    ),
    Outcome.BLANK: _answer(Outcome.BLANK, None, (0.1,) * 10, 0.0006),
}

EXAMPLE_INSTANCE: Final = "urn:uuid:5f0f5a4e-8f0a-4b8e-9d9f-0d8c7c1c2b3a"

_REQUEST_ID: Final[dict[str, JsonValue]] = {
    "description": "Of this request, in the log too.",
    "schema": {"type": "string", "format": "uuid"},
}

_SERVER_TIMING: Final[dict[str, JsonValue]] = {
    "description": "Milliseconds: `total`, until the answer began, and of it the stages that the "
    "image came to, `decode`, `normalize`, `classify` and `store` (W3C Server Timing).",
    "schema": {"type": "string"},
    "example": "total;dur=2.64, decode;dur=0.71, normalize;dur=0.3, classify;dur=0.14",
}

BATCH: Final[dict[str, JsonValue]] = {
    "results": [
        ANSWERS[Outcome.DIGIT],
        {
            "type": "unsupported-image",
            "title": "The image is not of a format that is read",
            "status": 415,
            "detail": "The bytes are not a PNG, JPEG, WebP, GIF or BMP image.",
            "instance": EXAMPLE_INSTANCE,
        },
    ]
}

BATCH_OUT_OF_TIME: Final[dict[str, JsonValue]] = {
    "results": [
        ANSWERS[Outcome.DIGIT],
        {
            "type": "batch-out-of-time",
            "title": "The batch takes too long",
            "status": 413,
            "detail": "The batch's time was over before this image's turn came. Send it again in a "
            "smaller one.",
            "instance": EXAMPLE_INSTANCE,
        },
    ]
}

LABEL: Final[dict[str, JsonValue]] = {
    "digit": 7,
    "trusted": False,
    "labelled_at": "2026-02-03T04:06:07.890000Z",
}


KEPT: Final[dict[str, JsonValue]] = {
    "id": _ID,
    "created_at": "2026-02-03T04:05:06.789000Z",
    "expires_at": "2026-03-05T04:05:06Z",
    **{
        name: ANSWERS[Outcome.UNCERTAIN][name]
        for name in ("outcome", "digit", "confidence", "scores")
    },
    "strangeness": 0.021,
    "model": _MODEL,
    "image": f"/api/recognitions/{_ID}/image",
    "label": LABEL,
}


UNREADABLE: Final[dict[str, JsonValue]] = {
    **{name: KEPT[name] for name in ("id", "created_at", "expires_at")},
    "outcome": "unreadable",
    "reason": "corrupt-image",
}

PENDING: Final[dict[str, JsonValue]] = {
    "id": _ID,
    "outcome": "pending",
    "expires_at": KEPT["expires_at"],
}

UPLOAD: Final[dict[str, JsonValue]] = {
    "id": _ID,
    "url": "https://uploads.s3.eu-central-1.amazonaws.com/",
    "fields": {"key": f"uploads/{_ID}", "Content-Type": "image/jpeg", "policy": "eyJleHAi…"},
    "max_bytes": 20 * 1024**2,
    "expires_at": "2026-02-03T04:20:06Z",
}


def document_outcomes(app: FastAPI) -> None:
    """Add the examples to the API's own documentation, and the headers of its responses.

    FastAPI would take them with the route, but leaves out what is null: the `digit` that there
    isn't, which is what two of them are to show.
    """
    document_all = app.openapi

    @cache
    def document_with_outcomes() -> dict[str, Any]:
        document = document_all()
        answer = document["paths"]["/api/recognitions"]["post"]["responses"]["200"]
        answer["headers"] = {"Server-Timing": _SERVER_TIMING}
        answer["content"]["application/json"]["examples"] = {
            outcome.value: {"value": example} for outcome, example in ANSWERS.items()
        }
        batch = document["paths"]["/api/recognitions/batch"]["post"]["responses"]["200"]
        batch["headers"] = {"Server-Timing": _SERVER_TIMING}
        batch["content"]["application/json"]["examples"] = {
            "one is no image": {"value": BATCH},
            "out of time": {"value": BATCH_OUT_OF_TIME},
        }
        for methods in document["paths"].values():
            for operation in methods.values():
                for response in operation["responses"].values():
                    response.setdefault("headers", {})["X-Request-ID"] = _REQUEST_ID
        return document

    app.openapi = document_with_outcomes  # type: ignore[method-assign]
