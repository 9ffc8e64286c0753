"""The page has words for every problem that a person at it can meet."""

import re
from typing import Final

import pytest

from api.problems import PROBLEMS
from tests.api.conftest import PAGE

NEVER: Final = {
    "too-many-images",  # it sends one
    "batch-out-of-time",
    "invalid-label",  # it labels nothing
    "label-too-large",
    "api-key-required",  # it asks for nothing that needs one
    "invalid-cursor",
    "invalid-request",  # its parameters are its own
    "invalid-id",  # it makes another
    "id-taken",
    "unsupported-encoding",  # it sends files as they are
    "invalid-event",  # what comes from a page is HTTP
    "access-denied",  # of an upload that is refused, the page says so itself
    "entity-too-large",
    "entity-too-small",
}
SAID_BY_THE_API: Final = {"internal-error", "storage-unavailable", "not-found"}
"""What no one at the page can mend: it shows the answer's own `detail`."""
MET: Final = {problem.type for problem in PROBLEMS.values()} - NEVER - SAID_BY_THE_API

LANGUAGES: Final = sorted(path.stem for path in (PAGE / "js/strings").glob("*.js"))

UNNAMED: Final = {"unexpected"}
"""What nobody foresaw: there are words for whatever has none of its own."""


def read_types(language: str) -> set[str]:
    """The types that have words in a language's table of them."""
    source = (PAGE / f"js/strings/{language}.js").read_text(encoding="utf-8")
    table = source.partition("\n  problems: {")[2].partition("\n  },")[0]
    return set(re.findall(r'^    "?([a-z0-9-]+)"?: (?:\{.*|[A-Z_]+,)$', table, re.MULTILINE))


def find_own_types() -> set[str]:
    """Those of errors that no API answered."""
    source = (PAGE / "js/client.js").read_text(encoding="utf-8")
    return set(re.findall(r'new Problem\(\s*"([a-z-]+)"', source)) - UNNAMED


def find_named() -> set[str]:
    """Whatever the page's scripts name; some of it are types."""
    sources = [path.read_text(encoding="utf-8") for path in (PAGE / "js").glob("*.js")]
    return set(re.findall(r'"([a-z-]+)"', "".join(sources)))


def test_there_are_four_languages() -> None:
    assert LANGUAGES == ["en", "fr", "ru", "zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_that_can_be_met_at_the_page_has_its_words(language: str) -> None:
    own = find_own_types()
    assert {"unreachable", "timeout"} <= own
    types = read_types(language)
    assert types >= MET | own
    assert types <= MET | find_named()


def test_the_page_takes_no_error_for_a_type_that_is_not_there() -> None:
    source = (PAGE / "js" / "client.js").read_text(encoding="utf-8")
    named = set(re.findall(r'status === .*return "([a-z-]+)"', source))
    assert named
    assert named <= MET | find_own_types()


def test_the_exceptions_are_in_the_table() -> None:
    assert {problem.type for problem in PROBLEMS.values()} >= NEVER | SAID_BY_THE_API
