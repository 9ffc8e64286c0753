"""What an operator is told, in a sentence that says what to do.

BacklogError
├── NoAccess        no credentials, or not the ones for this
├── UnknownStack    no such stack, or one without a backlog
├── NothingToRead   no image is there
└── NotResumable    a backlog that can't go on
"""

from typing import Final


class BacklogError(Exception):
    """A command that can't be carried out; the message says why, to who gave it."""


class NoAccess(BacklogError):
    """AWS does not know who asks, or does not let them."""


class UnknownStack(BacklogError):
    """There is no such stack here, or it has no backlog."""


class NothingToRead(BacklogError):
    """Nothing is in the bucket under the prefix, or no inventory is where it was said to be."""


class NotResumable(BacklogError):
    """There is no such backlog, or it is over."""


_DENIED: Final = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"}
_EXPIRED: Final = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_INVALID: Final = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "InvalidToken",
}


def explain(error: Exception) -> BacklogError:
    """What an error of boto3's means for who asked.

    Args:
        error: a BotoCoreError or a ClientError.
    """
    name = type(error).__name__
    code = read_code(error)
    if name in {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}:
        return NoAccess(
            "AWS knows no credentials of yours here: run aws configure, or set AWS_PROFILE."
        )
    if name in {"ProfileNotFound", "NoRegionError"}:
        what = str(error).rstrip(".")
        return NoAccess(f"{what}. Set AWS_PROFILE and AWS_REGION to those of the stack.")
    if code in _EXPIRED or "Token" in name or "SSO" in name:
        return NoAccess("Your AWS credentials have expired: get new ones, as with aws sso login.")
    if code in _INVALID:
        return NoAccess("AWS does not accept your credentials: see what AWS_PROFILE names.")
    if code in _DENIED:
        return NoAccess(f"AWS does not let you: {error}")
    return BacklogError(f"AWS could not be asked: {error}")


def read_code(error: Exception) -> str | None:
    """The code of an error that AWS answered with."""
    response: dict[str, dict[str, str]] = getattr(error, "response", None) or {}
    return response.get("Error", {}).get("Code")
