"""What can go wrong with an event, or with the way that the predictor was set up.

    PredictorError
    ├── UnknownEvent      nothing that this program can read came
    ├── OutOfTime         the images before this one took all of the invocation's time
    ├── BatchIncomplete   some images of a batch could not be read now
    └── SettingsError     a setting is missing or wrong; it names the variable

The messages hold no key and nothing else of an event: they go to the log, and to the dead letters.
"""

from typing import Final

from storage.errors import StorageError


class PredictorError(Exception):
    """Any failure of the predictor itself."""


class UnknownEvent(PredictorError):
    """An event, or a message in the queue, is none that tells of an uploaded image."""


class OutOfTime(PredictorError):
    """An image's turn did not come before the invocation's time was over."""


class BatchIncomplete(PredictorError):
    """Some images could not be read for now. The whole batch may be sent again: it does no harm."""


class SettingsError(PredictorError):
    """A setting can't be used."""


REASONS: Final[dict[type[Exception], str]] = {
    UnknownEvent: "unknown-event",
    OutOfTime: "out-of-time",
    StorageError: "storage-unavailable",
}
"""What a dead letter may have as its reason; for all else it's `INTERNAL`."""
INTERNAL: Final = "internal-error"


def name_reason(error: Exception) -> str:
    """Why something could not be done: the slug of the error's class, or of the nearest above."""
    return next((REASONS[kind] for kind in type(error).__mro__ if kind in REASONS), INTERNAL)
