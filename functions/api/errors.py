"""What can be wrong with a request, or with the way that the API was set up.

    ApiError
    ├── InputError           the request's body can't be used
    │   ├── MissingImage     it holds no image
    │   ├── InvalidBody      it is not the JSON or the multipart form that it should be
    │   ├── InvalidBase64    its image is not base64
    │   └── BodyTooLarge     it has more bytes than any image may need
    ├── UnknownRecord        there is no recognition with that id
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


class BodyTooLarge(InputError):
    """The request's body is larger than the largest image makes it in any form."""


class UnknownRecord(ApiError):
    """No recognition is kept under an id."""


class InvalidEvent(ApiError):
    """What the Lambda was invoked with is not an HTTP request."""


class SettingsError(ApiError):
    """A setting can't be used."""
