"""What can go wrong between an image's bytes and its `Recognition`.

    RecognitionError
    ├── ImageError             the caller's image can't be read
    │   ├── UnsupportedImage   not PNG, JPEG, WebP, GIF or BMP
    │   ├── CorruptImage       one of them, but damaged
    │   ├── ImageTooLarge      more than the caps allow
    │   │   ├── TooManyBytes
    │   │   └── TooManyPixels
    │   └── ImageTooComplex    decoding it would take too much time or memory
    │       ├── TooManyScans
    │       └── DecodingTooSlow
    └── ModelError             this installation's model is missing, altered or not a digit model

The messages are written for the person who sent the image: they hold no bytes of it and no path.
"""

from typing import Final


class RecognitionError(Exception):
    """Any failure of the recognition core."""


class ImageError(RecognitionError):
    """The image can't be read; another image may be."""


class UnsupportedImage(ImageError):
    """The bytes are none of the formats that are read."""


class CorruptImage(ImageError):
    """The bytes begin like a known format, and then break its rules."""


class ImageTooLarge(ImageError):
    """The image exceeds a cap on bytes or pixels. Raised before any pixel is decoded."""


class TooManyBytes(ImageTooLarge):
    """The file is over the cap on bytes."""


class TooManyPixels(ImageTooLarge):
    """The header declares more pixels than the cap, or a side longer than its own."""


class ImageTooComplex(ImageError):
    """Decoding was refused, or stopped, for the time or memory it would take."""


class TooManyScans(ImageTooComplex):
    """A JPEG passes over its pixels more often than the caps allow."""


class DecodingTooSlow(ImageTooComplex):
    """Decoding was stopped when its time was over."""


class ModelError(RecognitionError):
    """The model's files are missing, altered, or don't hold a digit classifier."""


REASONS: Final[dict[type[ImageError], str]] = {
    UnsupportedImage: "unsupported-image",
    CorruptImage: "corrupt-image",
    ImageTooLarge: "image-too-large",
    TooManyBytes: "image-too-large",
    TooManyPixels: "too-many-pixels",
    ImageTooComplex: "image-too-complex",
    TooManyScans: "too-many-scans",
    DecodingTooSlow: "decoding-too-slow",
    ImageError: "unreadable-image",
}
"""Each class to the word by which an answer, a record and a result name it. Clients rely on it.

A table and no attribute, which a class without its own would inherit unnoticed.
"""


def name_reason(error: ImageError) -> str:
    """Why an image can't be read: the slug of the error's class, or of the nearest above it."""
    return next(REASONS[ancestor] for ancestor in type(error).__mro__ if ancestor in REASONS)
