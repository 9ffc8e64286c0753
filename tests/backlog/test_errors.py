import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    TokenRetrievalError,
)

from backlog.errors import BacklogError, NoAccess, explain


def answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "its own words"}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (NoCredentialsError(), NoAccess, "aws configure"),
        (TokenRetrievalError(provider="sso", error_msg="x"), NoAccess, "expired"),
        (answer("ExpiredToken"), NoAccess, "expired"),
        (answer("InvalidClientTokenId"), NoAccess, "does not accept"),
        (answer("AccessDenied"), NoAccess, "its own words"),
        (answer("AccessDeniedException"), NoAccess, "its own words"),
        (answer("ThrottlingException"), BacklogError, "its own words"),
        (EndpointConnectionError(endpoint_url="https://x"), BacklogError, "https://x"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_error_of_aws_is_explained(
    error: BotoCoreError | ClientError, kind: type[BacklogError], words: str
) -> None:
    explained = explain(error)
    assert type(explained) is kind
    assert words in str(explained)
