"""What the API's documentation (OpenAPI) says of the API as a whole."""

from typing import Any, Final

DESCRIPTION: Final[dict[str, Any]] = {
    "title": "Inkling",
    "summary": "Reads handwritten digits.",
    "description": "Send an image of a digit, in whatever form is at hand: the answer is the "
    "digit, how sure it is, and whether there was a digit at all. A letter or a blank sheet is an "
    "answer, not an error. Errors are `application/problem+json` (RFC 9457), whose `type` is a "
    "slug that stays the same. Every response has an `X-Request-ID`.",
    "version": "0.1.0",
    "contact": {"name": "The people who run this installation"},
    "license_info": {"name": "MIT", "identifier": "MIT"},
    # Relative to this document: below a stage's prefix too.
    "servers": [{"url": "."}],
    "openapi_tags": [
        {"name": "recognitions", "description": "Read the digits in images."},
        {
            "name": "records",
            "description": "What was kept of them: see, label, list and remove it. Whoever has a "
            "record's id, which can't be guessed, may do so; the list needs an API key.",
        },
        {
            "name": "uploads",
            "description": "The way for images that are too large for a request: straight to where "
            "they are kept. They are read there.",
        },
        {"name": "model", "description": "The model that answers."},
        {"name": "examples", "description": "Digits to try without drawing one."},
        {"name": "service", "description": "How this server is."},
        {
            "name": "compatible",
            "description": "Contracts that existing clients speak, kept to the letter, with errors "
            "of their own. Nothing of theirs is stored. New clients do better with `recognitions`.",
        },
    ],
}
