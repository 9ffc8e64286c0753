"""`play`: what a version has to do well before anyone is sent to it."""

from pathlib import Path
from typing import Any, Final

from rehearsal.errors import WrongAnswer
from rehearsal.version import Answer, Version

_RECOGNITIONS: Final = "/api/recognitions"
_KEPT_TRIES: Final = 3
"""A store may be slow for once, and the answer comes without it; three times is no chance."""


def play(version: Version, examples: Path) -> None:
    """Ask for health, have every example read, and have one kept, found and deleted.

    Args:
        version: to be tried.
        examples: a folder of JPEG files, each named for its digit.

    Raises:
        WrongAnswer, NoAnswer, OutOfTime: the version is not to be let on.
    """
    _expect(version.ask("GET", "/api/health"), 200, status="ok")
    images = {int(path.stem): path.read_bytes() for path in sorted(examples.glob("[0-9].jpg"))}
    if not images:
        raise WrongAnswer(f"There are no examples in {examples}.")
    for digit, image in images.items():
        _expect(_read(version, image, store="false"), 200, outcome="digit", digit=digit)
    _keep_one(version, *max(images.items()))


def _keep_one(version: Version, digit: int, image: bytes) -> None:
    for _ in range(_KEPT_TRIES):
        answer = _read(version, image)
        _expect(answer, 200, outcome="digit", digit=digit)
        if answer.body["stored"]:
            break
    else:
        raise WrongAnswer("The version keeps nothing: see its log for why.")
    place = f"{_RECOGNITIONS}/{answer.body['id']}"
    _expect(version.ask("GET", place), 200, digit=digit)
    _expect(version.ask("DELETE", place), 204)
    _expect(version.ask("GET", place), 404)


def _read(version: Version, image: bytes, **query: str) -> Answer:
    return version.ask("POST", _RECOGNITIONS, image, **query)


def _expect(answer: Answer, status: int, /, **fields: Any) -> None:
    found = answer.body if isinstance(answer.body, dict) else {}
    got = {name: found.get(name) for name in fields}
    if answer.status != status or got != fields:
        problem = found.get("type", "no problem")
        raise WrongAnswer(
            f"An answer is {answer.status} ({problem}) with {got}, and should be {status} with "
            f"{fields}."
        )
