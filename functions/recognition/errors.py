"""What can go wrong between an image's bytes and its `Recognition`.

    RecognitionError
    ├── ImageError             the caller's image can't be read
    │   ├── UnsupportedImage   not PNG, JPEG, WebP, GIF or BMP
    │   ├── CorruptImage       one of them, but damaged
    │   ├── ImageTooLarge      more bytes or pixels than the caps allow
    │   └── ImageTooComplex    decoding it would take too long
    └── ModelError             this installation's model is missing, altered or not a digit model

The messages are written for the person who sent the image: they hold no bytes of it and no path.
"""


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


class ImageTooComplex(ImageError):
    """Decoding was refused, or stopped, for the time it would take."""


class ModelError(RecognitionError):
    """The model's files are missing, altered, or don't hold a digit classifier."""
