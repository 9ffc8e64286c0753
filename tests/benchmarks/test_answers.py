from typing import Any

import pytest

from tests.benchmarks.answers import WrongAnswer, check_response
from tests.benchmarks.pictures import DIGIT


def test_the_digit_that_was_drawn_is_right() -> None:
    check_response("some", {"statusCode": 200, "body": f'{{"digit": {DIGIT}}}'})


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 200, "body": f'{{"digit": {DIGIT + 1}}}'},
        {"statusCode": 200, "body": '{"digit": null}'},
        {"statusCode": 200, "body": "[]"},
        {"statusCode": 200, "body": "Internal Server Error"},
        {"statusCode": 500, "body": f'{{"digit": {DIGIT}}}'},
        {"errorMessage": "timeout"},
        None,
    ],
)
def test_anything_else_is_wrong_and_says_whose(answer: Any) -> None:
    with pytest.raises(WrongAnswer, match="some program"):
        check_response("some program", answer)
