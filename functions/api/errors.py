"""What can be wrong with a request, or with the way that the API was set up.

    ApiError
    ├── InputError           the request's body can't be used
    │   ├── MissingImage     it holds no image
    │   ├── InvalidBody      it is not the JSON or the multipart form that it should be
    │   ├── InvalidBase64    its image is not base64
    │   ├── TooManyParts     its form has more parts than any image may need
    │   ├── TooManyImages    it has more of them than a batch may have
    │   ├── BodyTooLarge     it has more bytes than any image may need
    │   ├── LabelTooLarge    it has more bytes than any label may need
    │   ├── UnsupportedEncoding  it's compressed
    │   └── BodyTooSlow      it does not come to its end
    ├── RateLimited          this client has sent too many requests
    ├── BatchOutOfTime       the images before this one took all of the batch's time
    ├── UnknownParameter     its address has a parameter that there is not
    ├── InvalidLabel         what should be a label is no digit
    ├── InvalidId            an id is none that may have been made now
    ├── ApiKeyRequired       there is no API key, or it is not valid
    ├── UnknownRecord        there is no recognition with that id
    ├── NoUploads            this installation takes no uploads
    ├── InvalidEvent         what invoked the Lambda is not an HTTP request
    └── SettingsError        a setting is missing or wrong; it names the variable

The messages are written for the person who sent the request: they hold nothing of it.
"""


class ApiError(Exception):
    """Any failure of the API itself."""


class InputError(ApiError):
    """The request's body can't be used; another body may be."""


class MissingImage(InputError):
    """The request holds no image, or an empty one."""


class InvalidBody(InputError):
    """The request's body breaks the rules of the form that it has."""


class InvalidBase64(InputError):
    """The image in a data URL, or in JSON, is not base64."""


class TooManyParts(InputError):
    """The multipart form has more parts than a batch of images needs."""


class TooManyImages(InputError):
    """The batch has more images than one request may bring."""


class BodyTooLarge(InputError):
    """The request's body is larger than the largest image makes it in any form."""


class LabelTooLarge(InputError):
    """The request's body is far longer than a label is."""


class BodyTooSlow(InputError):
    """The request's body is announced, and does not come."""


class UnsupportedEncoding(InputError):
    """The request's body is compressed, or encoded otherwise, as a whole."""


class RateLimited(ApiError):
    """A client has sent more requests than it may."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
        """Until the next one is welcome."""


class BatchOutOfTime(ApiError):
    """An image's turn did not come before the batch's time was over; alone, it may be read."""


class UnknownParameter(ApiError):
    """The request's address has a parameter of a name that means nothing there."""


class InvalidLabel(ApiError):
    """A label is not a digit from 0 to 9."""


class InvalidId(ApiError):
    """An id that an image came with is not of the form, or not of this time."""


class ApiKeyRequired(ApiError):
    """The request has no API key where it needs one, or one that is not valid."""


class UnknownRecord(ApiError):
    """No recognition is kept under an id."""


class NoUploads(ApiError):
    """There is nowhere to upload an image to."""


class InvalidEvent(ApiError):
    """What the Lambda was invoked with is not an HTTP request."""


class SettingsError(ApiError):
    """A setting can't be used."""
